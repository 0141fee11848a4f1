/** The endpoints as an OpenAPI 3.1 document. */
import {
  createDocument,
  type oas32,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { ERRORS, type ProblemCode } from '../../errors.ts';
import { type DescribedWebhook, WEBHOOKS, webhookHeaders } from '../../outbox/webhook/schemas.ts';
import { ANSWER_HEADERS, type Answer, type Endpoint, type Operation } from '../edge/endpoint.ts';
import type { Statuses } from '../edge/problem.ts';
import { EVERYWHERE, problemSchema, WHEN } from './problems.ts';

/** The types of the library are those of OpenAPI 3.2, of which only what 3.1 has is used. */
export type Document = oas32.OpenAPIObject;

export function openApiDocument(endpoints: readonly Endpoint[]): Document {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Mintmark',
      version: '1',
      description:
        'Licenses for what is sold. Programs in a browser may use what is below /v1/ and this document from any origin, without credentials. ' +
        'Where GET is described and no marketplace calls, HEAD is answered too. Every error is application/problem+json.',
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      endpoints.map((endpoint) => [endpoint.path.replaceAll(/:(\w+)/g, '{$1}'), operationsOf(endpoint)]),
    ),
    webhooks: Object.fromEntries(
      Object.entries(WEBHOOKS).map(([topic, webhook]) => [topic, { post: webhookOf(topic, webhook) }]),
    ),
    components: { schemas: { Problem: problemSchema } },
  });
}

/** Described for whoever receives it: any 2xx is success. */
function webhookOf(topic: string, { summary, schema }: DescribedWebhook): ZodOpenApiOperationObject {
  const body = schema.meta({ id: `Webhook ${topic}`.replaceAll(/[ .]/g, '_') });
  return {
    tags: ['webhooks that are sent'],
    summary,
    requestParams: { header: webhookHeaders },
    requestBody: { required: true, content: { 'application/json': { schema: body } } },
    responses: {
      '2XX': { description: 'Taken: it is not sent again' },
      '410': { description: 'Nothing more is sent to this endpoint until the seller says so' },
      default: { description: 'Sent again, with growing gaps over three days' },
    },
  };
}

function operationsOf(endpoint: Endpoint) {
  const { get, post } = endpoint;
  return {
    ...(get && { get: operationOf(get, endpoint) }),
    ...(post && { post: operationOf(post, endpoint) }),
  };
}

function operationOf(
  { tag, summary, description, query, headers, body, answers, problems }: Operation,
  { parameters, statuses = {} }: Endpoint,
): ZodOpenApiOperationObject {
  return {
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    requestParams: {
      ...(parameters && { path: parameters }),
      ...(query && { query }),
      ...(headers && { header: headers }),
    },
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...problemsOf([...problems, ...EVERYWHERE], statuses),
    },
  };
}

function answerOf({ description, headers, content }: Answer) {
  return {
    description,
    ...(headers && { headers: headersOf(headers.map((name) => [name, ANSWER_HEADERS[name]])) }),
    ...(content && { content: contentOf(content) }),
  };
}

/** One answer for each status, with all codes that have it. */
function problemsOf(codes: readonly ProblemCode[], statuses: Statuses): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set(codes), (code) => statuses[code] ?? ERRORS[code].http);
  return Object.fromEntries(
    [...byStatus].map(([status, together]) => [
      String(status),
      {
        description: together.map((code) => `\`${code}\`: ${WHEN[code]}`).join('. '),
        ...(PROBLEM_HEADERS[status] && { headers: headersOf([PROBLEM_HEADERS[status]]) }),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: together } } },
          },
        },
      },
    ]),
  );
}

const RETRY_AFTER = ['Retry-After', 'Seconds after which another try is worth it'] as const;

const PROBLEM_HEADERS: Readonly<Record<number, readonly [string, string]>> = {
  405: ['Allow', 'The methods that are taken'],
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

function headersOf(headers: readonly (readonly [string, string])[]): oas32.HeadersObject {
  return Object.fromEntries(
    headers.map(([name, description]) => [name, { description, required: true, schema: { type: 'string' } }]),
  );
}

function contentOf(content: NonNullable<Answer['content']>) {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));
}
