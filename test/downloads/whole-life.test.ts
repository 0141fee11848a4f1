/** A download breaks off at 50 random bytes and is resumed: the same SHA-256, counted once. A refund, and the link is dead. */
import { randomInt } from 'node:crypto';
import test from 'ava';
import { fetchBrokenOff } from '../kit/broken-download.ts';
import { openDownloadShop, pathOf, sha256 } from '../kit/downloads.ts';

/** So much that a connection cannot take all of it before it breaks off. */
const SIZE = 12_000_000;

test('a download that breaks off at 50 random bytes and goes on is the file that was added, and is counted once', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t, { size: SIZE });
  const order = await shop.sell();
  const [license] = await shop.find(order);
  const [file] = await shop.add('4.2', [`Lumen-4.2.dmg`], '--date', '2026-10-28');
  const { body } = await shop.links(order);
  const url = shop.url + pathOf(body.releases[0].files[0].url);
  const breaks = Array.from({ length: 50 }, () => randomInt(1, SIZE)).sort((a, b) => a - b);
  const { bytes, tries, tags } = await fetchBrokenOff({ url, breaks });
  t.is(tries, 51);
  t.is(sha256(bytes), sha256(file?.bytes ?? Buffer.alloc(0)), `broken off at ${breaks.join()}`);
  t.deepEqual([...tags], [`"${sha256(bytes)}"`]);
  const about = { product: 'lumen', version: '4.2', file: 'Lumen-4.2.dmg' };
  t.deepEqual(await shop.counted(), [{ ...about, asked: 1, done: 1 }]);
  t.is((await shop.cli(['ledger', 'check'])).status, 0);

  t.is((await shop.cli(['license', 'revoke', license?.id ?? '', '--reason', 'refunded'])).status, 0);
  t.is((await shop.get(pathOf(body.releases[0].files[0].url))).status, 404, 'dead at once');
  const log = JSON.stringify(shop.home.lines);
  t.false(log.includes(pathOf(url).split('/')[2] ?? '-'), 'no token is in the log');
});
