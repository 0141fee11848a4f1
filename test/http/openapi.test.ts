/** The OpenAPI document matches the running service: each address, each status, each member of a response. */
import test, { type ExecutionContext } from 'ava';
import request, { type Response } from 'supertest';
import { z } from 'zod';
import { WEBHOOK_TOPICS, webhookBody } from '../../src/domain/values/announcement.ts';
import type { Endpoint } from '../../src/http/edge/endpoint.ts';
import { openApiDocument } from '../../src/http/openapi/document.ts';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';
import { PRODUCTS } from '../kit/products.ts';
import { FORM, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

type Json = Readonly<Record<string, unknown>>;

const owner = new FileOwner();
let market: Market;
let document: z.infer<typeof openApi>;
test.before(async () => {
  const { app: sold = '' } = PRODUCTS;
  market = await openMarket(owner, {
    products: {
      app: sold,
      both: sold.replace('{ paddle-classic: {} }', '{ paddle-classic: {}, fastspring: {} }'),
    },
  });
  document = openApi.parse((await request(market.url).get('/openapi.json')).body);
});
test.after.always(() => owner.end());

const reference = z.looseObject({ $ref: z.string().startsWith('#/components/schemas/') });
const content = z.record(z.string().includes('/'), z.strictObject({ schema: reference }));
const schema = z.looseObject({});
const header = z.strictObject({ description: z.string().min(1), required: z.literal(true), schema });
const parameter = z.strictObject({
  ...{
    name: z.string(),
    in: z.enum(['path', 'query', 'header']),
    required: z.boolean().default(false),
    schema,
  },
  ...{
    description: z.string().optional(),
    style: z.literal('form').optional(),
    explode: z.boolean().optional(),
  },
});
const operation = z.strictObject({
  tags: z.array(z.string()).length(1),
  ...{
    summary: z.string().min(1),
    description: z.string().optional(),
    parameters: z.array(parameter).default([]),
  },
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), header).optional(),
      content: content.optional(),
    }),
  ),
});

/** What a receiver gets, and may answer. */
const webhook = operation.extend({
  parameters: z.array(parameter.extend({ in: z.literal('header'), required: z.literal(true) })).length(3),
  requestBody: z.strictObject({
    required: z.literal(true),
    content: z.strictObject({ 'application/json': z.strictObject({ schema: reference }) }),
  }),
  responses: z.record(z.string(), z.strictObject({ description: z.string().min(1) })),
});

/** The parts of OpenAPI 3.1 that the document uses. Any other part is an error. */
const openApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: operation.optional(), post: operation.optional() }),
  ),
  webhooks: z.record(z.string(), z.strictObject({ post: webhook })),
  components: z.strictObject({ schemas: z.record(z.string(), schema) }),
});

test('with every marketplace configured, the document lists exactly these addresses', (t) => {
  t.deepEqual(Object.keys(document.paths).sort(), [
    '/docs',
    '/fulfillment/fastspring/{product}',
    '/fulfillment/paddle-classic/{product}',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/openapi.json',
    '/v1/downloads',
    '/v1/keyring',
    '/v1/keyring.jwks',
    '/v1/licenses/refresh',
    '/v1/releases/{product}',
    '/v1/revocations/{product}',
    '/webhooks/fastspring',
    '/webhooks/paddle-classic',
  ]);
});

test('each webhook is described by its topic, with the schema that its body matches', (t) => {
  t.deepEqual(Object.keys(document.webhooks).sort(), [...WEBHOOK_TOPICS].sort());
  const body = JSON.parse(
    new TextDecoder().decode(webhookBody('ping', 'test', { at: 0, data: { endpoint: 'crm' } }, 0)),
  );
  for (const [topic, { post: sent }] of Object.entries(document.webhooks)) {
    const { $ref } = sent.requestBody.content['application/json'].schema;
    const described = z.fromJSONSchema({ ...document.components.schemas[$ref.split('/').at(-1) ?? ''] });
    t.is(described.safeParse(body).success, topic === 'ping', topic);
    t.deepEqual(
      sent.parameters.map(({ name }) => name),
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    );
  }
});

test('an endpoint without a described method does not compile; a described endpoint is in the document', (t) => {
  const handle = () => {};
  // @ts-expect-error neither get nor post
  const undescribed: Endpoint = { path: '/nowhere', handle };
  t.deepEqual(openApiDocument([undescribed]).paths, { '/nowhere': {} });
  const get = {
    tag: 'for operators',
    summary: 'x',
    answers: { 200: { description: 'x' } },
    problems: [],
  } as const;
  // @ts-expect-error a code that no response has
  const unanswerable: Endpoint = { path: '/x', get: { ...get, problems: ['bad_usage'] }, handle };
  t.is(unanswerable.path, '/x');
  const described: Endpoint = { path: '/here/:product', get, handle };
  t.deepEqual(Object.keys(openApiDocument([described]).paths?.['/here/{product}'] ?? {}), ['get']);
});

test('each described operation exists, and each other method is refused', async (t) => {
  for (const [path, described] of Object.entries(document.paths)) {
    const url = path.replace('{product}', 'both');
    const { headers, status } = await request(market.url).put(url);
    t.is(status, 405, path);
    const taken = (headers['allow'] ?? '').split(', ').filter((method) => method !== 'HEAD');
    t.deepEqual(taken.map((method) => method.toLowerCase()).sort(), Object.keys(described).sort(), path);
  }
});

test('a service without FastSpring does not describe its addresses', async (t) => {
  const { url } = await start(t);
  const paths = Object.keys((await request(url).get('/openapi.json')).body.paths);
  t.true(paths.includes('/fulfillment/paddle-classic/{product}'));
  t.deepEqual(
    paths.filter((path) => path.includes('fastspring')),
    [],
  );
});

test('every reference has a schema, every schema is used, and every path parameter is declared', (t) => {
  const text = JSON.stringify(document);
  const names = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name),
  );
  t.deepEqual([...names].sort(), Object.keys(document.components.schemas).sort());
  for (const [path, operations] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of operationsOf(operations).values()) {
      t.deepEqual(
        parameters.filter((each) => each.in === 'path').map(({ name }) => name),
        inPath,
      );
    }
  }
});

test('responses of the running service match the document: status, type, members, code', async (t) => {
  const { url } = market;
  const sale = signed({ p_order_id: 'openapi' });
  const sold = await post(url, sale, 'app');
  const [code = ''] = sold.text.match(/[0-9A-Z]{160}/) ?? [];
  const refresh = (body: string, type = 'text/plain') =>
    request(url).post('/v1/licenses/refresh').set('Content-Type', type).send(body);
  const get = (path: string) => request(url).get(path);
  /** An order whose license an operator revoked. */
  const stopped = async (act: 'revoke' | 'suspend') => {
    const form = signed({ p_order_id: act });
    const [theirs = ''] = (await post(url, form, 'app')).text.match(/[0-9A-Z]{160}/) ?? [];
    t.is((await market.cli(['license', act, theirs, '--reason', 'a test'])).status, 0);
    return { form, code: theirs };
  };
  const [revoked, suspended] = [await stopped('revoke'), await stopped('suspend')];
  const etag = (await get('/v1/keyring')).headers['etag'] ?? '';
  const asked: readonly (readonly ['get' | 'post', string, PromiseLike<Response> | Response])[] = [
    ['get', '/v1/keyring', get('/v1/keyring')],
    ['get', '/v1/keyring', get('/v1/keyring?mode=live')],
    ['get', '/v1/keyring', get('/v1/keyring?mode=x')],
    ['get', '/v1/keyring', get('/v1/keyring').set('If-None-Match', etag)],
    ['get', '/v1/keyring.jwks', get('/v1/keyring.jwks')],
    ['get', '/v1/revocations/{product}', get('/v1/revocations/app')],
    ['get', '/v1/revocations/{product}', get('/v1/revocations/nothing')],
    ['post', '/v1/licenses/refresh', refresh(code)],
    ['post', '/v1/licenses/refresh', refresh(`{"code":"${code}"}`, 'application/json')],
    ['post', '/v1/licenses/refresh', refresh('hello')],
    ['post', '/v1/licenses/refresh', refresh('{', 'application/json')],
    ['post', '/v1/licenses/refresh', refresh('a', 'image/png')],
    ['post', '/v1/licenses/refresh', refresh('a'.repeat(9000))],
    ['post', '/fulfillment/paddle-classic/{product}', sold],
    ['get', '/fulfillment/paddle-classic/{product}', get(`/fulfillment/paddle-classic/app?${sale}`)],
    ['post', '/fulfillment/paddle-classic/{product}', post(url, 'p_order_id=1', 'app')],
    ['post', '/fulfillment/paddle-classic/{product}', post(url, sale, 'nothing')],
    [
      'post',
      '/fulfillment/paddle-classic/{product}',
      post(url, signed({ p_order_id: 'openapi', p_quantity: '2' }), 'app'),
    ],
    ['post', '/fulfillment/paddle-classic/{product}', post(url, revoked.form, 'app')],
    [
      'get',
      '/fulfillment/paddle-classic/{product}',
      get(`/fulfillment/paddle-classic/app?${suspended.form}`),
    ],
    ['post', '/v1/licenses/refresh', refresh(revoked.code)],
    ['post', '/v1/licenses/refresh', refresh(suspended.code)],
    [
      'post',
      '/fulfillment/fastspring/{product}',
      market.ask('both', { reference: 'O-1', quantity: '1', email: 'a@example.com' }),
    ],
    ['post', '/webhooks/fastspring', market.deliver([market.event('order.viewed', {})])],
    [
      'post',
      '/webhooks/fastspring',
      request(url).post('/webhooks/fastspring').set('Content-Type', 'application/json').send('{}'),
    ],
    [
      'post',
      '/webhooks/paddle-classic',
      request(url).post('/webhooks/paddle-classic').set('Content-Type', FORM).send('a=b'),
    ],
    ['get', '/health/live', get('/health/live')],
    ['get', '/health/ready', get('/health/ready')],
    ['get', '/metrics', get('/metrics')],
    ['get', '/openapi.json', get('/openapi.json')],
    ['get', '/docs', get('/docs')],
    ['get', '/docs', request(url).put('/docs')],
  ];
  const statuses = new Set<number>();
  for (const [method, path, answer] of asked)
    statuses.add(checkAnswer(t, `${method} ${path}`, method, path, await answer));
  t.deepEqual([...statuses].sort(), [200, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422]);
});

test('control: the response check finds an undeclared status, type and member, and a wrong value', async (t) => {
  const { url } = market;
  const get = async (path: string) => {
    const { status, headers, text } = await request(url).get(path);
    return { status, headers, text };
  };
  const live = await get('/health/live');
  t.deepEqual(faultsOf('get', '/health/live', live), []);
  for (const wrong of [
    { ...live, status: 201 },
    { ...live, headers: { 'content-type': 'text/plain' } },
    { ...live, text: '{"status":"ok","more":1}' },
    { ...live, text: '{"status":"bad"}' },
    { ...live, text: '{}' },
  ]) {
    t.is(faultsOf('get', '/health/live', wrong).length, 1);
  }
  const problem = await get('/v1/keyring?mode=x');
  t.deepEqual(faultsOf('get', '/v1/keyring', problem), []);
  const other = { ...problem, text: problem.text.replaceAll('malformed_request', 'bad_signature') };
  t.is(faultsOf('get', '/v1/keyring', other).length, 1);
});

test('the page shows every operation, status and problem code, loads nothing and runs nothing', async (t) => {
  const { status, headers, text } = await request(market.url).get('/docs');
  t.is(status, 200);
  t.is(headers['content-type'], 'text/html; charset=utf-8');
  const policy = headers['content-security-policy'] ?? '';
  t.regex(
    policy,
    /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
  t.true(
    policy.includes(
      Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64'),
    ),
  );
  t.notRegex(text, /<script|<link|<img|<iframe|\son\w+=|javascript:|@import|url\(|\sstyle=/i);
  t.regex(text, /<html lang="en">/);
  t.regex(style, /color-scheme: light dark/);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of operationsOf(operations)) {
      t.true(text.includes(`<code>${method.toUpperCase()} ${path}</code></h3>`), path);
      for (const answered of Object.keys(responses))
        t.true(text.includes(`<th scope="row">${answered}</th>`));
    }
  }
  for (const topic of Object.keys(document.webhooks))
    t.true(text.includes(`<code>POST ${topic}</code></h3>`));
  const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  t.is(new Set(ids).size, ids.length, 'no id twice');
  for (const [, target = ''] of text.matchAll(/href="#([^"]+)"/g)) t.true(ids.includes(target), target);
});

function operationsOf({ get, post: sent }: (typeof document)['paths'][string]) {
  return new Map([...(get ? [['get', get] as const] : []), ...(sent ? [['post', sent] as const] : [])]);
}

function checkAnswer(
  t: ExecutionContext,
  what: string,
  method: 'get' | 'post',
  path: string,
  answer: Response,
): number {
  t.deepEqual(faultsOf(method, path, answer), [], `${what}: ${answer.status}`);
  return answer.status;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly body?: unknown;
}

/** The first difference between a response and its declaration. */
function faultsOf(
  method: 'get' | 'post',
  path: string,
  { status, headers, text, body }: Answered,
): readonly string[] {
  const declared = document.paths[path]?.[method]?.responses[status];
  if (declared === undefined) return [`${status} is not declared`];
  for (const name of Object.keys(declared.headers ?? {})) {
    if (headers[name.toLowerCase()] === undefined) return [`${name} is missing`];
  }
  if (declared.content === undefined) return [];
  const type = headers['content-type'] ?? '';
  const { schema } = declared.content[type] ?? {};
  if (schema === undefined) return [`${type} is not declared`];
  const named = document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] as Json;
  // A type that ends with json is JSON; every other type is text.
  const sent = text ?? (Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body));
  const value: unknown = type.includes('json') ? JSON.parse(sent) : sent;
  const parsed = z.fromJSONSchema({ ...named }).safeParse(value);
  if (!parsed.success) return [z.prettifyError(parsed.error)];
  const { properties = {} } = named as { properties?: Json };
  const unknown =
    isObject(value) && path !== '/openapi.json'
      ? Object.keys(value).filter((name) => !(name in properties))
      : [];
  if (unknown.length > 0) return [`${unknown} is not declared`];
  const { enum: codes } = (schema['properties'] as { code?: { enum: string[] } } | undefined)?.code ?? {};
  if (codes !== undefined && isObject(value) && !codes.includes(String(value['code'])))
    return [`${value['code']} is not declared`];
  return [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
