/** Node's own limits: connections and requests that never reach the app. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test from 'ava';
import { LIMITS } from '../../../src/http/edge/server.ts';
import { bodyOf, exchange, headerOf, portOf, statusesOf, statusOf } from '../../kit/raw.ts';
import { FORM, pathOf, signed } from '../../kit/sale.ts';
import { get, post } from '../../kit/send-sale.ts';
import { start } from '../../kit/service.ts';

const HEAD = 'GET /health/live HTTP/1.1\r\nHost: x\r\n';

test('a request head over 32 KiB gets 431 as a problem; the largest signed GET fits', async (t) => {
  const { url } = await start(t);
  const answer = await exchange(portOf(url), `${HEAD}X: ${'x'.repeat(LIMITS.maxHeaderSize)}\r\n\r\n`);
  t.is(statusOf(answer), 431);
  t.is(headerOf(answer, 'content-type'), 'application/problem+json');
  t.is(headerOf(answer, 'connection'), 'close');
  t.like(JSON.parse(bodyOf(answer)), {
    status: 431,
    code: 'head_too_large',
    request: headerOf(answer, 'x-request-id'),
  });
  t.is((await get(url, signed({ passthrough: 'ü'.repeat(1000) }))).status, 200);
});

test('an incomplete head gets 408 as a problem, and the connection is closed', async (t) => {
  const { url } = await start(t, {
    limits: { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 },
  });
  const answer = await exchange(portOf(url), HEAD);
  t.is(statusOf(answer), 408);
  t.is(headerOf(answer, 'content-type'), 'application/problem+json');
  t.like(JSON.parse(bodyOf(answer)), { status: 408, code: 'request_timeout' });
});

test('an incomplete body gets 408 or a closed connection, and mints nothing', async (t) => {
  const { home, url } = await start(t, {
    limits: { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 },
  });
  const form = signed();
  const head = `POST ${pathOf('app')} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\n`;
  const answer = await exchange(portOf(url), `${head}Content-Length: ${form.length + 1}\r\n\r\n${form}`);
  t.is(statusOf(answer), 408);
  t.false(home.requestLines().some(({ outcome }) => outcome === 'issued'));
  // Control: the same body, sent in time.
  t.is((await post(url, form)).status, 200);
});

test('an idle connection is closed after the keep-alive time', async (t) => {
  const { url } = await start(t, { limits: { keepAliveTimeout: 50, connectionsCheckingInterval: 50 } });
  const begun = performance.now();
  const answer = await exchange(portOf(url), `${HEAD}\r\n`);
  t.is(statusOf(answer), 200);
  t.true(performance.now() - begun < 5000);
});

test('a connection above the limit is closed, and a connection that ends frees its place', async (t) => {
  const { url } = await start(t, { limits: { maxConnections: 2 } });
  const held = await Promise.all([open(portOf(url)), open(portOf(url))]);
  t.is(await exchange(portOf(url), `${HEAD}Connection: close\r\n\r\n`), '');
  const [first] = held;
  first?.destroy();
  await settle();
  t.is(statusOf(await exchange(portOf(url), `${HEAD}Connection: close\r\n\r\n`)), 200);
  for (const socket of held) socket.destroy();
});

test('bytes that are not HTTP get 400 as a problem', async (t) => {
  const { url } = await start(t);
  for (const bytes of [
    'hello\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
  ]) {
    const answer = await exchange(portOf(url), bytes);
    t.is(statusOf(answer), 400, bytes);
  }
  const answer = await exchange(portOf(url), 'hello\r\n\r\n');
  t.is(headerOf(answer, 'content-type'), 'application/problem+json');
  t.like(JSON.parse(bodyOf(answer)), { status: 400, code: 'malformed_request' });
});

test('pipelined requests on one connection are answered in order', async (t) => {
  const { url } = await start(t);
  const form = signed();
  const order = `POST ${pathOf('app')} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
  const answer = await exchange(
    portOf(url),
    `${order}${HEAD}\r\n${order}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  t.deepEqual(statusesOf(answer), [200, 200, 200, 404]);
});

test('the limits hold by default: 10 s for a head, 20 s for a request, 4,096 connections', (t) => {
  t.deepEqual(LIMITS, {
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 32_768,
    maxConnections: 4_096,
  });
});

/** A connection without a request. */
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await settle();
  return socket;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
