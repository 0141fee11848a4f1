/** Fetching the customer of a sale from Paddle's API, here a local server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { completedPayload } from '../../../src/marketplaces/completed-event.ts';
import { fetchCustomer } from '../../../src/marketplaces/paddle-billing/customer.ts';
import { readAgain } from '../../../src/marketplaces/paddle-billing/events.ts';
import { billed, completed, once, TOOL } from '../../kit/paddle-billing.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function apiOf(t: ExecutionContext, answer: Answer): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => {
  return (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
};

async function fetched(t: ExecutionContext, answer: Answer, id = 'ctm_1') {
  const url = await apiOf(t, answer);
  return fetchCustomer(id, 'live', { key: 'key of a test', url }, new AbortController().signal);
}

test('the customer is asked for by id with the key, and only name, address and language are kept', async (t) => {
  const seen: unknown[] = [];
  const customer = {
    id: 'ctm_1',
    name: 'Ada',
    email: 'ada@example.com',
    locale: 'de',
    custom_data: { x: 1 },
  };
  const result = await fetched(t, (request, response) => {
    seen.push(request.method, request.url, request.headers.authorization);
    json(200, { data: customer })(request, response);
  });
  t.deepEqual(seen, ['GET', '/customers/ctm_1', 'Bearer key of a test']);
  const text = JSON.stringify({ data: { id: 'ctm_1', name: 'Ada', email: 'ada@example.com', locale: 'de' } });
  t.deepEqual(result, { outcome: 'fetched', text });
});

test('the language that the customer chose is stated for the order, where a product has a text in it', (t) => {
  const tool = billed('tool', ['pri_tool'], { translations: { de: TOOL.message, nb: TOOL.message } });
  const { payload } = completed('2026-01-10', [once()]);
  const sold = JSON.parse(payload);
  const languageIn = (customer: object, products = [tool]) => {
    const answer = JSON.stringify({ data: { id: 'ctm_1', email: 'ada@example.com', ...customer } });
    const bare = JSON.stringify({ ...sold, data: { ...sold.data, customer: undefined } });
    const { facts } = readAgain(completedPayload(bare, answer), 'live', products).read();
    t.true(facts.every(({ subject }) => subject === 'order:txn_1'));
    return facts.map(({ body }) => body.kind === 'noted' && body.language);
  };
  t.deepEqual(languageIn({ locale: 'de-AT' }), ['de']);
  t.deepEqual(languageIn({ locale: 'no' }), ['nb']);
  for (const locale of ['fr', 'en', '', null, 7, '__proto__']) t.deepEqual(languageIn({ locale }), []);
  t.deepEqual(languageIn({ locale: 'de' }, [TOOL]), [], 'no text in that language');
  // As the API gives a transaction.
  const whole = { ...sold, data: { ...sold.data, customer: { email: 'ada@example.com', locale: 'de' } } };
  const { facts } = readAgain(JSON.stringify(whole), 'live', [tool]).read();
  t.true(facts.some(({ body }) => body.kind === 'noted' && body.language === 'de'));
});

test('an id is no path', async (t) => {
  let url: string | undefined;
  await fetched(
    t,
    (request, response) => {
      url = request.url;
      json(404, {})(request, response);
    },
    '../events?x',
  );
  t.is(url, '/customers/..%2Fevents%3Fx');
});

test('too many requests: as late as Paddle says, else after a minute', async (t) => {
  const limited = { error: { code: 'too_many_requests' } };
  const told = await fetched(t, json(429, limited, { 'Retry-After': '17' }));
  t.deepEqual(told, { outcome: 'failed', answer: "Paddle's API answered 429", pause: 17_000 });
  const untold = await fetched(t, json(429, limited));
  t.like(untold, { outcome: 'failed', pause: 60_000 });
});

test('a key that is refused is a fault of the target, a customer that is unknown of this sale alone', async (t) => {
  for (const status of [401, 403]) t.is((await fetched(t, json(status, {}))).outcome, 'target failed');
  t.is((await fetched(t, json(404, {}))).outcome, 'refused');
});

test('an API that fails, answers without an address or not at all is asked again', async (t) => {
  for (const answer of [
    json(500, {}),
    json(200, { data: { id: 'ctm_1', email: ' ' } }),
    json(200, []),
    ((_, response) => response.end('<html>')) satisfies Answer,
    ((_, response) => response.destroy()) satisfies Answer,
    ((_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()) satisfies Answer,
  ]) {
    t.is((await fetched(t, answer)).outcome, 'failed');
  }
});

test('nothing that the other side answers is repeated', async (t) => {
  const result = await fetched(t, json(500, { error: 'of ada@example.com' }));
  t.false(JSON.stringify(result).includes('ada'));
});
