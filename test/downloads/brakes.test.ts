/** Downloads are braked: four of a license at once, thirty whole ones in 30 days, 64 in all; a stalled one ends. */
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import test from 'ava';
import { MOST_AT_ONCE, MOST_OF_LICENSE, PARTS, Places } from '../../src/downloads/places.ts';
import { DOWNLOADED, openDownloadShop, pathOf } from '../kit/downloads.ts';

test('a place is taken and left once; a license has four, and all together 64', (t) => {
  const places = new Places();
  const taken = Array.from({ length: MOST_OF_LICENSE }, () => places.take('a'));
  t.is(places.take('a'), 'several');
  const [first] = taken;
  if (first === undefined || typeof first === 'string') return t.fail();
  first.leave();
  first.leave();
  t.is(places.taken, MOST_OF_LICENSE - 1);
  t.is(typeof places.take('a'), 'object');
  for (let license = 1; places.taken < MOST_AT_ONCE; license++) places.take(`b${license}`);
  t.is(places.take('c'), 'busy');
  t.is(places.take('a'), 'several', 'its own limit is told first');
  return t.is(places.taken, MOST_AT_ONCE);
});

/** Opens a download and reads nothing of it. */
function stall(url: string): Promise<{ request: ClientRequest; status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (answer: IncomingMessage) => {
      answer.pause();
      answer.on('error', () => {});
      resolve({ request, status: answer.statusCode });
    });
    request.on('error', reject);
  });
}

test('the fifth download of a license at once is put off, and goes when another one has ended', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t, { size: 12_000_000 });
  const order = await shop.sell();
  await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
  const { body } = await shop.links(order);
  const path = pathOf(body.releases[0].files[0].url);
  const open = await Promise.all(Array.from({ length: MOST_OF_LICENSE }, () => stall(shop.url + path)));
  t.deepEqual(
    open.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const fifth = await shop.get(path, { Range: 'bytes=0-9' });
  t.is(fifth.status, 429);
  t.is(fifth.headers['retry-after'], '60');
  const other = await shop.sell({ email: 'eve@example.com' });
  const its = (await shop.links(other)).body.releases[0].files[0].url;
  t.is((await shop.get(its, { Range: 'bytes=0-9' })).status, 206, 'another license has places of its own');
  for (const { request } of open) request.destroy();
  let status = 429;
  for (const end = Date.now() + 20_000; status === 429 && Date.now() < end; )
    status = (await shop.get(path, { Range: 'bytes=0-9' })).status;
  t.is(status, 206);
});

test('a license that was downloaded thirty times within a month is told whom to write to; a month later it goes on', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t, { size: 10 });
  const order = await shop.sell();
  await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
  const path = async () => pathOf((await shop.links(order)).body.releases[0].files[0].url);
  for (let count = 0; count < 30; count++) {
    t.is((await shop.get(await path())).status, 200);
    shop.home.clock.now += 300_000;
  }
  const refused = await shop.get(await path());
  t.is(refused.status, 429);
  t.true(String(refused.body).includes('help@lumen.example'));
  shop.home.clock.now += 31 * 86_400_000;
  t.is((await shop.get(await path())).status, 200);
});

test('a product file sets another limit, or none', async (t) => {
  t.timeout(120_000);
  const products = (limit: string) => ({
    lumen: (DOWNLOADED['lumen'] ?? '').replace(
      'updates: P1Y',
      `updates: P1Y\ndownloads: { limit: ${limit} }`,
    ),
  });
  for (const [limit, expected] of [
    ['2', [200, 200, 429]],
    ['unlimited', Array.from({ length: 31 }, () => 200)],
  ] as const) {
    const shop = await openDownloadShop(t, { size: 10, products: products(limit) });
    const order = await shop.sell();
    await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
    const path = pathOf((await shop.links(order)).body.releases[0].files[0].url);
    const answered: number[] = [];
    for (const _ of expected) {
      answered.push((await shop.get(path)).status);
      shop.home.clock.now += 300_000;
    }
    t.deepEqual(answered, [...expected]);
  }
});

const tagged = (tag = '') => ({ 'If-None-Match': tag });

test('a link that asks for thousands of parts is put off for a while, and other licenses are not', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t, { size: 10_000 });
  const [one, two] = [await shop.sell(), await shop.sell({ email: 'eve@example.com' })];
  await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
  const part = { Range: 'bytes=0-0' };
  const linkOf = async (order: string) => pathOf((await shop.links(order)).body.releases[0].files[0].url);
  const [path, others] = [await linkOf(one), await linkOf(two)];
  const { headers } = await shop.get(path, part);
  const ask = async (_: unknown) => (await shop.get(path, tagged(headers['etag']))).status;
  // What the customer has already is counted too.
  for (let count = 1; count < PARTS.points; ) {
    const some = Array.from({ length: Math.min(MOST_OF_LICENSE, PARTS.points - count) });
    t.deepEqual([...new Set(await Promise.all(some.map(ask)))], [304]);
    count += some.length;
  }
  t.is(await ask(undefined), 503);
  t.is((await shop.get(others, part)).status, 206);
});
