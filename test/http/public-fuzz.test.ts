/** No input to the public addresses causes a server error, and a valid request still succeeds. */
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from '../kit/fast-check.ts';
import { portOf } from '../kit/raw.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

const BATCH = 20;
const RUNS = 100;
/** A fixed seed, so that the control sees each status; `npm run proof -- --only http-fuzz` uses other seeds. */
const SEED = 1;
/** Minimum count of each status, so that a small change of the generator does not lose a status. */
const LEAST_SEEN = 3;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const visible = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);

/** A header value; half of the values are meaningful. */
const header = (...known: string[]) => fc.oneof(fc.constantFrom(...known), visible);

function requests(code: string): fc.Arbitrary<Sent> {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constant(code),
    fc
      .tuple(fc.nat(160), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, more]) => code.slice(0, at) + more + code.slice(at)),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    text.map((value) => Buffer.from(value)),
    text.map((value) => gzipSync(value)),
    text.map((value) => Buffer.from(JSON.stringify({ code: value }))),
    fc.json({ maxDepth: 3 }).map((value) => Buffer.from(value)),
    fc.json({ maxDepth: 3 }).map((value) => Buffer.from(`{"code":${value}}`)),
    fc
      .constantFrom('{"__proto__":{}}', '{"code":"\\ud800"}', '[', '\ufeff{}')
      .map((value) => Buffer.from(value)),
    fc.constant(Buffer.alloc(20_000, 'A ')),
  );
  const headers = fc.record(
    {
      'Content-Type': header(
        'text/plain',
        'text/plain',
        'text/plain; charset=utf-8',
        'application/json',
        'application/json;charset="',
        'text/plain;charset=utf-7',
        ';',
        'multipart/form-data; boundary=x',
      ),
      'Content-Encoding': header('gzip', 'br', 'deflate', 'identity', ''),
      'If-None-Match': header('*', '"', 'W/"x"', ',,,'),
      Origin: header('https://program.example', 'null'),
      Accept: header('*/*', 'text/html;q=x'),
    },
    { requiredKeys: [] },
  );
  return fc.record({
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'),
    path: fc.oneof(
      { weight: 3, arbitrary: fc.constant('/v1/licenses/refresh') },
      fc.constantFrom(
        '/v1/keyring',
        '/v1/keyring.jwks',
        '/v1/revocations/app',
        '/docs',
        '/openapi.json',
        '/v1/',
      ),
      visible.map((query) => `/v1/keyring?${encodeURI(query)}`),
      visible.map((product) => `/v1/revocations/${encodeURI(product)}`),
    ),
    headers,
    body,
  });
}

test(`${BATCH * RUNS} random requests (seed ${SEED}) to the public addresses never get a status from 500 on`, async (t) => {
  const { home, url } = await start(t, { env: { TRUST_PROXY: 'on' } });
  const agent = new Agent({ keepAlive: true, maxSockets: BATCH });
  t.teardown(() => agent.destroy());
  const [code = ''] = codesIn((await post(url, signed({ p_order_id: 'fuzz' }))).text);
  let sent = 0;
  const send = ({ method, path, headers, body }: Sent) =>
    new Promise<number>((resolve, reject) => {
      sent += 1;
      // Each request has its own address, so that the rate limit does not hide the rest.
      const from = `192.0.${sent >> 8}.${sent & 255}`;
      const asked = request({
        host: '127.0.0.1',
        port: portOf(url),
        agent,
        method,
        path,
        headers: { ...headers, 'X-Forwarded-For': from, 'Content-Length': body.length },
      });
      asked.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(response.statusCode ?? 0));
      });
      // The service may close the connection after a response that it sent before the body arrived.
      asked.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(0) : reject(error),
      );
      asked.end(body);
    });
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(requests(code), { minLength: BATCH, maxLength: BATCH }), async (batch) => {
      for (const status of await Promise.all(batch.map(send))) {
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (status >= 500) throw new Error(`answered ${status}`);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
  t.deepEqual(
    home.requestLines().filter(({ status }) => Number(status) >= 500),
    [],
  );
  // Control: the requests reached every status, not only early refusals.
  for (const status of [200, 204, 400, 404, 405, 415, 422]) {
    const told = seen.get(status) ?? 0;
    t.true(told >= LEAST_SEEN, `${status}: ${told}`);
  }
  const again = await send({
    method: 'POST',
    path: '/v1/licenses/refresh',
    headers: { 'Content-Type': 'text/plain' },
    body: Buffer.from(code),
  });
  t.is(again, 200);
});
