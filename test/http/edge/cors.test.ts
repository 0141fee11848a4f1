import test from 'ava';
import request from 'supertest';
import { FileOwner } from '../../kit/fastspring.ts';
import { start } from '../../kit/service.ts';

const owner = new FileOwner();
let url: string;
test.before(async () => {
  ({ url } = await start(owner));
});
test.after.always(() => owner.end());

const OPEN = [
  '/v1/keyring',
  '/v1/keyring.jwks',
  '/v1/licenses/refresh',
  '/v1/revocations/app',
  '/openapi.json',
];
const CLOSED = [
  '/fulfillment/paddle-classic/app',
  '/webhooks/paddle-classic',
  '/metrics',
  '/health/live',
  '/docs',
  '/',
];

const corsHeaders = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

test('a browser may call public endpoints from any origin, without credentials', async (t) => {
  for (const path of [...OPEN, '/V1/keyring', '/v1/nothing']) {
    const { headers } = await request(url).get(path).set('Origin', 'https://program.example');
    t.is(headers['access-control-allow-origin'], '*', path);
    t.is(headers['access-control-expose-headers'], 'ETag, Retry-After, X-Request-Id', path);
    t.is(headers['access-control-allow-credentials'], undefined, path);
  }
});

test('a preflight gets 204 with the allowed methods and headers', async (t) => {
  for (const path of OPEN) {
    const answer = await request(url)
      .options(path)
      .set('Origin', 'https://program.example')
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'content-type');
    t.is(answer.status, 204, path);
    t.is(answer.text, '');
    t.is(answer.headers['access-control-allow-methods'], 'GET, HEAD, POST');
    t.is(answer.headers['access-control-allow-headers'], 'Content-Type, If-None-Match');
    t.is(answer.headers['access-control-max-age'], '86400');
  }
});

test('a program in a browser can read errors: they have the CORS header too', async (t) => {
  const empty = await request(url).post('/v1/licenses/refresh').set('Content-Type', 'text/plain').send('x');
  const unknown = await request(url).get('/v1/nothing');
  const refused = await request(url).delete('/v1/keyring');
  t.deepEqual([empty.status, unknown.status, refused.status], [422, 404, 405]);
  for (const { headers } of [empty, unknown, refused]) t.is(headers['access-control-allow-origin'], '*');
});

test('no other endpoint allows CORS, and OPTIONS there gets 405 or 404', async (t) => {
  for (const path of CLOSED) {
    const got = await request(url).get(path).set('Origin', 'https://program.example');
    t.deepEqual(corsHeaders(got.headers), [], path);
    const asked = await request(url).options(path).set('Access-Control-Request-Method', 'POST');
    t.is(asked.status, path === '/' ? 404 : 405, path);
    t.deepEqual(corsHeaders(asked.headers), [], path);
  }
});
