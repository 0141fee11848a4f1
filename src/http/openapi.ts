/** The addresses that are there, as an OpenAPI 3.1 document. */
import { z } from 'zod';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import {
  type Answer,
  fulfillmentPath,
  HEADERS,
  type Operation,
  PATHS,
  type Path,
  webhookPath,
} from './openapi-paths.ts';
import { EVERYWHERE, type ProblemCode, WHEN } from './openapi-problems.ts';
import { SCHEMAS, type SchemaName } from './openapi-schemas.ts';
import { STATUS } from './problem.ts';

export interface Readers {
  readonly requests: readonly FulfillmentMarketplace[];
  readonly events: readonly EventMarketplace[];
}

export type Document = ReturnType<typeof openApiDocument>;

/** A TypeError for an address that is mounted and not described: the document would not tell of it. */
export function openApiDocument(
  paths: readonly string[],
  { requests, events }: Readers = { requests: [], events: [] },
) {
  const known: Readonly<Record<string, Path>> = {
    ...PATHS,
    ...Object.fromEntries(
      requests.map((reader) => [`/fulfillment/${reader.name}/:product`, fulfillmentPath(reader)]),
    ),
    ...Object.fromEntries(events.map((reader) => [`/webhooks/${reader.name}`, webhookPath(reader)])),
  };
  const described = paths.map((path) => {
    const found = known[path];
    if (found === undefined) throw new TypeError(`${path} is not described in openapi-paths.ts`);
    const { get, post } = found;
    const operations = {
      ...(get && { get: operationOf(get, path) }),
      ...(post && { post: operationOf(post, path) }),
    };
    return [path.replaceAll(/:(\w+)/g, '{$1}'), operations] as const;
  });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Mintmark',
      version: '1',
      description:
        'Licenses for what is sold. Programs in a browser may use what is below /v1/ and this document from any origin, without credentials. ' +
        'Where GET is described and no marketplace calls, HEAD is answered too. Every error is application/problem+json.',
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(described),
    components: {
      schemas: Object.fromEntries(
        Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(schema)]),
      ),
    },
  };
}

function operationOf(operation: Operation, path: string) {
  const { tag, summary, description, body, answers, problems, statuses = {} } = operation;
  return {
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: parametersOf(operation, path),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { ...answersOf(answers), ...problemsOf([...problems, ...EVERYWHERE], statuses) },
  };
}

function parametersOf({ query, headers = {} }: Operation, path: string) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    description: 'the id of the product',
  }));
  const inHead = Object.entries(headers).map(([name, description]) => ({
    ...{ name, in: 'header', required: true, schema: { type: 'string' } },
    description,
  }));
  return [...inPath, ...queryOf(query), ...inHead];
}

function queryOf(query: Operation['query']) {
  if (query === undefined) return [];
  if (query === 'Fields') {
    return [
      { name: 'fields', in: 'query', required: true, style: 'form', explode: true, schema: refTo(query) },
    ];
  }
  return Object.entries(query.shape).map(([name, schema]) => ({
    ...{ name, in: 'query', required: false, schema: jsonSchema(schema as z.ZodType) },
  }));
}

function answersOf(answers: Operation['answers']) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]: [string, Answer]) => [
      status,
      {
        description: answer.description,
        ...(answer.headers && { headers: headersOf(answer.headers.map((name) => [name, HEADERS[name]])) }),
        ...(answer.content && { content: contentOf(answer.content) }),
      },
    ]),
  );
}

/** The codes of one status stand together. */
function problemsOf(codes: readonly ProblemCode[], statuses: NonNullable<Operation['statuses']>) {
  const byStatus = Map.groupBy(new Set(codes), (code) => statuses[code] ?? STATUS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, together]) => [
      String(status),
      {
        description: together.map((code) => `\`${code}\`: ${WHEN[code]}`).join('. '),
        ...((status === 429 || status === 503) && {
          headers: headersOf([['Retry-After', 'Seconds after which another try is worth it']]),
        }),
        content: {
          'application/problem+json': {
            schema: { ...refTo('Problem'), properties: { code: { enum: together } } },
          },
        },
      },
    ]),
  );
}

function headersOf(headers: readonly (readonly [string, string])[]) {
  return Object.fromEntries(
    headers.map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function contentOf(content: Readonly<Record<string, SchemaName>>) {
  return Object.fromEntries(Object.entries(content).map(([type, name]) => [type, { schema: refTo(name) }]));
}

function refTo(name: SchemaName) {
  return { $ref: `#/components/schemas/${name}` };
}

function jsonSchema(schema: z.ZodType) {
  const { $schema, ...rest } = z.toJSONSchema(schema);
  return rest;
}
