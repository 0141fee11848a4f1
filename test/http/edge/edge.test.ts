import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { AppError } from '../../../src/errors.ts';
import { edge } from '../../../src/http/edge/edge.ts';
import type { Context, RequestState } from '../../../src/http/edge/request.ts';
import { Metrics } from '../../../src/metrics.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { signed } from '../../kit/sale.ts';
import { post } from '../../kit/send-sale.ts';
import { keptLog, start } from '../../kit/service.ts';

test('a problem, its X-Request-Id header and its log line carry the same request id, new for each request', async (t) => {
  const { home, url } = await start(t);
  const answers = [
    await post(url, signed({ p_quantity: '0' })),
    await post(url, signed({}, rsaKey('stranger'))),
    await post(url, signed(), 'none'),
    await request(url).get('/nowhere'),
    await request(url).put('/health/live'),
  ];
  t.deepEqual(
    answers.map(({ status }) => status),
    [400, 401, 404, 404, 405],
  );
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  t.is(new Set(ids).size, 5);
  for (const [place, { text, headers, status }] of answers.entries()) {
    const problem = JSON.parse(text);
    t.is(headers['content-type'], 'application/problem+json');
    t.is(headers['cache-control'], 'no-store');
    t.is(headers['x-content-type-options'], 'nosniff');
    t.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'code', 'request']);
    t.is(problem.request, ids[place]);
    t.is(problem.status, status);
    t.is(problem.type, `urn:mintmark:problem:${problem.code}`);
    const line = home.requestLines().filter(({ request }) => request === ids[place]);
    t.is(line.length, 1);
    t.like(line[0], { status, outcome: problem.code });
  }
});

test('a successful request has a request id and one log line: endpoint, status, outcome, time, order', async (t) => {
  const { home, url } = await start(t);
  const response = await post(url, signed());
  await post(url, signed());
  const [line, repeat, ...others] = home.requestLines();
  t.is(others.length, 0);
  t.like(line, {
    request: response.headers['x-request-id'],
    method: 'POST',
    endpoint: '/fulfillment/paddle-classic/:product',
    status: 200,
    outcome: 'issued',
    product: 'app',
    order: '573252',
    mode: 'live',
    quantity: 1,
  });
  t.is(typeof line?.['milliseconds'], 'number');
  t.is(repeat?.['outcome'], 'repeated');
});

test('the caller cannot choose the request id', async (t) => {
  const { url } = await start(t);
  const response = await request(url).get('/health/live').set('X-Request-Id', 'CANARY');
  t.not(response.headers['x-request-id'], 'CANARY');
});

test('an internal error gets 500, reveals nothing to the caller, and is logged completely', async (t) => {
  const { url, lines } = listen(t, () => {
    throw new Error('CANARY at /home/x.ts: SELECT 1');
  });
  const response = await request(url).get('/');
  t.is(response.status, 500);
  t.deepEqual(response.body, {
    type: 'urn:mintmark:problem:internal',
    title: 'A fault on our side. It is in our log.',
    status: 500,
    code: 'internal',
    request: 'r-1',
  });
  t.like(lines[0], { status: 500, outcome: 'internal', request: 'r-1', level: 50 });
  t.regex(JSON.stringify(lines[0]?.['err']), /CANARY.*edge\.test\.ts/);
});

test('the log-only fields of an AppError appear only in the log', async (t) => {
  const { url, lines } = listen(t, () => {
    throw new AppError('ledger_unavailable', 'Public.', {
      detail: 'DETAIL',
      cause: new Error('CAUSE'),
    });
  });
  const response = await request(url).get('/');
  t.is(response.status, 503);
  t.is(response.headers['retry-after'], '60');
  t.notRegex(response.text, /DETAIL|CAUSE/);
  t.regex(JSON.stringify(lines[0]), /DETAIL.*CAUSE/);
});

test('a failure after a response was prepared replaces its body and headers with the problem', async (t) => {
  const { url } = listen(t, (context) => {
    context.status = 200;
    context.body = 'HALF';
    context.type = 'text/plain';
    throw new AppError('order_conflict', 'Public.');
  });
  const response = await request(url).get('/');
  t.is(response.status, 409);
  t.is(response.headers['content-type'], 'application/problem+json');
  t.notRegex(response.text, /HALF/);
});

test('the connection is closed after an unread body and kept after a read body', async (t) => {
  const { url } = await start(t);
  const unread = await request(url).post('/nowhere').type('text/plain').send('x'.repeat(100_000));
  t.is(unread.status, 404);
  t.is(unread.headers['connection'], 'close');
  const read = await post(url, signed({ p_quantity: '0' })).set('Connection', 'keep-alive');
  t.is(read.headers['connection'], 'keep-alive');
});

/** The edge around a step that the test defines. */
function listen(t: ExecutionContext, step: (context: Context) => void) {
  const { log, lines } = keptLog();
  let count = 0;
  const newRequestId = () => {
    count += 1;
    return `r-${count}`;
  };
  const app = new Koa<RequestState>();
  app.use(edge({ log, metrics: new Metrics(), newRequestId })).use(step);
  const server = app.listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  return { url: server, lines };
}
