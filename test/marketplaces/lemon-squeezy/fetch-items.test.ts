/** Fetching the items of an order from Lemon Squeezy's API, here a local server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { fetchItems } from '../../../src/marketplaces/lemon-squeezy/fetch-items.ts';
import { orderItem } from '../../../src/marketplaces/lemon-squeezy/shapes.ts';
import { app, tool } from '../../kit/lemon-squeezy.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function fetched(t: ExecutionContext, answer: Answer, order = '1') {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fetchItems(order, { key: 'key of a test', url }, new AbortController().signal);
}

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => {
  return (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/vnd.api+json', ...headers });
    response.end(JSON.stringify(body));
  };
};

const itemsIn = (text: string) => JSON.parse(text).data.map(({ id }: { id: string }) => id);

test('the items of the order are asked for with the key, and only what is read is kept', async (t) => {
  const seen: unknown[] = [];
  const result = await fetched(t, (request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://x');
    seen.push(pathname, Object.fromEntries(searchParams));
    seen.push(request.headers.authorization, request.headers.accept);
    json(200, { data: [orderItem(app(2), 1)] })(request, response);
  });
  t.deepEqual(seen, [
    '/order-items',
    { 'filter[order_id]': '1', 'page[size]': '100', 'page[number]': '1' },
    'Bearer key of a test',
    'application/vnd.api+json',
  ]);
  const attributes = { order_id: 1, product_id: 10, variant_id: 101, quantity: 2 };
  t.deepEqual(result, { outcome: 'fetched', text: JSON.stringify({ data: [{ id: '1', attributes }] }) });
});

test('all pages are read, and no more', async (t) => {
  const pages = [[orderItem(app(), 1)], [orderItem(tool(), 1)]];
  let asked = 0;
  const result = await fetched(t, (request, response) => {
    asked += 1;
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page[number]'));
    json(200, { data: pages[page - 1], meta: { page: { currentPage: page, lastPage: 2 } } })(
      request,
      response,
    );
  });
  t.is(asked, 2);
  t.deepEqual(result.outcome === 'fetched' && itemsIn(result.text), ['1', '3']);
});

test('a page that fails leaves nothing half read', async (t) => {
  const result = await fetched(t, (request, response) => {
    const isFirst = new URL(request.url ?? '', 'http://x').searchParams.get('page[number]') === '1';
    const page = { data: [orderItem(app(), 1)], meta: { page: { lastPage: 2 } } };
    json(isFirst ? 200 : 500, page)(request, response);
  });
  t.is(result.outcome, 'failed');
});

test('items of another order are nobody’s: the filter was left out', async (t) => {
  const all = { data: [orderItem(app(), 1), orderItem(tool(), 2)] };
  const result = await fetched(t, json(200, all));
  t.deepEqual(result.outcome === 'fetched' && itemsIn(result.text), ['1']);
  t.is((await fetched(t, json(200, all), '3')).outcome, 'failed');
});

test('too many requests: as late as it says, else after a minute', async (t) => {
  t.like(await fetched(t, json(429, {}, { 'Retry-After': '17' })), { outcome: 'failed', pause: 17_000 });
  t.like(await fetched(t, json(429, {})), { outcome: 'failed', pause: 60_000 });
});

test('a key that is refused is a fault of the target; an API that fails is asked again', async (t) => {
  for (const status of [401, 403]) t.is((await fetched(t, json(status, {}))).outcome, 'target failed');
  t.is((await fetched(t, json(404, {}))).outcome, 'refused');
  for (const answer of [
    json(500, { error: 'of ada@example.com' }),
    json(200, { data: [] }),
    ((_, response) => response.end('<html>')) satisfies Answer,
    ((_, response) => response.destroy()) satisfies Answer,
  ]) {
    const result = await fetched(t, answer);
    t.is(result.outcome, 'failed');
    t.false(JSON.stringify(result).includes('ada@'));
  }
});
