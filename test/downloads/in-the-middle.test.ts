/** What may happen while a file is fetched, and ranges that programs seldom ask for. */
import { truncateSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import { type DownloadShop, openDownloadShop, pathOf, sha256 } from '../kit/downloads.ts';

const DAY = ['--date', '2026-10-28'] as const;

async function sold(shop: DownloadShop, names: readonly string[]) {
  const order = await shop.sell();
  const files = await shop.add('4.2', names, ...DAY);
  const { body } = await shop.links(order);
  const links = body.releases[0].files.map(({ url }: { readonly url: string }) => pathOf(url));
  return { order, files, links: links as readonly string[] };
}

const open = (url: string) =>
  new Promise<IncomingMessage>((resolve, reject) => get(url, { agent: false }, resolve).on('error', reject));

test('suffixes, several ranges, other units, a date in If-Range: the bytes are right; HEAD has no range', async (t) => {
  const shop = await openDownloadShop(t);
  const { files, links } = await sold(shop, ['Lumen-4.2.dmg']);
  const [url = ''] = links;
  const bytes = files[0]?.bytes ?? Buffer.alloc(0);
  const { length } = bytes;
  for (const [range, start, end] of [
    ['bytes=-10', length - 10, length],
    [`bytes=5-${length + 5}`, 5, length],
    ['bytes=0-0', 0, 1],
  ] as const) {
    const part = await shop.get(url, { Range: range });
    t.is(part.status, 206, range);
    t.deepEqual(part.body, bytes.subarray(start, end), range);
    t.is(part.headers['content-range'], `bytes ${start}-${end - 1}/${length}`);
  }
  for (const range of [
    'bytes=0-1,5-6',
    'lines=0-5',
    'bytes',
    'bytes=9-5',
    `bytes=-${length + 5}`,
    `bytes=${'0-0,9-9,'.repeat(900)}5-6`,
  ]) {
    const whole = await shop.get(url, { Range: range });
    t.is(whole.status, 200, range.slice(0, 20));
    t.true(bytes.equals(whole.body), range.slice(0, 20));
  }
  for (const range of [`bytes=${length}-`, 'bytes=-0'])
    t.is((await shop.get(url, { Range: range })).status, 416, range);
  const { headers } = await shop.get(url, { Range: 'bytes=0-0' });
  const dated = await shop.get(url, { Range: 'bytes=5-9', 'If-Range': headers['last-modified'] ?? '' });
  t.deepEqual([dated.status, dated.body.length], [206, 5]);
  const older = 'Mon, 01 Jan 2001 00:00:00 GMT';
  t.is((await shop.get(url, { Range: 'bytes=5-9', 'If-Range': older })).status, 200);
  const head = await request(shop.url).head(url).set('Range', 'bytes=0-9');
  t.is(head.status, 200);
  t.is(head.headers['content-length'], String(length));
  t.is(head.headers['content-range'], undefined);
});

test('an empty file is whole at once, and no range of it can be had', async (t) => {
  const shop = await openDownloadShop(t, { size: -'Lumen-4.2.dmg'.length });
  const { links } = await sold(shop, ['Lumen-4.2.dmg']);
  const [url = ''] = links;
  t.is((await shop.get(url, { Range: 'bytes=0-' })).status, 416);
  const { status, body, headers } = await shop.get(url);
  t.deepEqual([status, body.length, headers['content-length']], [200, 0, '0']);
  t.is(headers['etag'], `"${sha256(Buffer.alloc(0))}"`);
  t.like(await shop.counted(), [{ asked: 1, done: 1 }]);
});

test('a file that is cut while it is sent breaks the connection, and does not count as sent', async (t) => {
  t.timeout(60_000);
  const shop = await openDownloadShop(t, { size: 30_000_000 });
  const { links } = await sold(shop, ['Lumen-4.2.dmg']);
  const answer = await open(shop.url + links[0]);
  const ended = new Promise<string>((resolve) => {
    answer.on('end', () => resolve(answer.complete ? 'whole' : 'broken'));
    answer.on('error', () => resolve('broken'));
  });
  truncateSync(join(shop.home.config.dataDir, 'downloads', 'lumen', '4.2', 'Lumen-4.2.dmg'), 1000);
  answer.resume();
  t.is(await ended, 'broken');
  t.is((await shop.get(links[0] ?? '')).status, 503);
  const { downloads } = JSON.parse((await shop.cli(['releases', 'list', '--json'])).out);
  t.like(downloads, [{ asked: 1, done: 0 }]);
  t.true(JSON.stringify(shop.home.lines).includes('not as it was added'));
});

test('a release that is withdrawn, or a license that is refunded, ends the download at the next part', async (t) => {
  const shop = await openDownloadShop(t);
  const one = await sold(shop, ['Lumen-4.2.dmg']);
  const [url = ''] = one.links;
  const part = () => shop.get(url, { Range: 'bytes=0-9' });
  t.is((await part()).status, 206);
  t.is((await shop.cli(['releases', 'withdraw', 'lumen', '4.2', '--reason', 'crashes'])).status, 0);
  shop.home.clock.now += 5_000;
  t.is((await part()).status, 404);
  await shop.add('4.3', ['Lumen-4.3.dmg'], ...DAY);
  const next = pathOf((await shop.links(one.order)).body.releases[0].files[0].url);
  t.is((await shop.get(next, { Range: 'bytes=0-9' })).status, 206, 'control');
  const returned = { order: { id: 'qWe-refund', reference: one.order }, id: 'r-1', reference: one.order };
  await shop.tell(shop.event('return.created', { ...returned, original: { id: '', reference: one.order } }));
  const [license] = await shop.find(one.order);
  if (license?.state !== 'revoked')
    await shop.cli(['license', 'revoke', license?.id ?? '', '--reason', 'refund']);
  t.is((await shop.get(next, { Range: 'bytes=10-' })).status, 404, 'dead at once');
});

test('a clock that is set back and forth changes no link that is good today, and the list is read again', async (t) => {
  const shop = await openDownloadShop(t);
  const { links, order } = await sold(shop, ['Lumen-4.2.dmg']);
  const [url = ''] = links;
  const { clock } = shop.home;
  const now = clock.now;
  clock.now = now + 400 * 86_400_000;
  t.is((await shop.get(url)).status, 410);
  clock.now = now - 86_400_000;
  t.is((await shop.get(url)).status, 200);
  clock.now = now;
  await shop.add('4.3', ['Lumen-4.3.dmg'], ...DAY);
  t.is((await shop.links(order)).body.releases.length, 2);
  t.is((await shop.get(url)).status, 200);
  t.is((await shop.cli(['ledger', 'check'])).status, 0);
});
