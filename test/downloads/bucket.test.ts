/** Releases in a bucket: uploaded and listed by signed requests, handed over by an address that is good for hours. */
import test from 'ava';
import request from 'supertest';
import { BUCKET_KEYS, openBucket } from '../kit/bucket.ts';
import { openDownloadShop, pathOf } from '../kit/downloads.ts';

const environment = (url: string) => ({
  DOWNLOADS: 's3://files/lumen-shop',
  S3_ENDPOINT: url,
  S3_REGION: 'eu-test-1',
  S3_ACCESS_KEY_ID: BUCKET_KEYS.id,
  S3_SECRET_ACCESS_KEY: BUCKET_KEYS.secret,
});

const fetched = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, init);
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
};

test('a release goes up to the bucket and comes down by a link, also from the middle; HEAD is answered here', async (t) => {
  const bucket = await openBucket(t);
  const shop = await openDownloadShop(t, { env: environment(bucket.url) });
  const order = await shop.sell();
  const [dmg, exe] = await shop.add('4.2', ['Lumen-4.2.dmg', 'Lumen (4.2) é.exe'], '--date', '2026-10-28');
  t.deepEqual([...bucket.objects.keys()].sort(), [
    'files/lumen-shop/lumen/4.2/Lumen (4.2) é.exe',
    'files/lumen-shop/lumen/4.2/Lumen-4.2.dmg',
    'files/lumen-shop/lumen/4.2/release.json',
  ]);
  t.true(bucket.asked.at(-1)?.what.endsWith('/release.json'), 'it is written last');
  shop.home.clock.now += 60_000;
  const { body } = await shop.links(order);
  const [first, second] = body.releases[0].files;
  for (const [file, bytes, name] of [
    [first, dmg?.bytes, 'Lumen-4.2.dmg'],
    [second, exe?.bytes, 'Lumen%20%284.2%29%20%C3%A9.exe'],
  ] as const) {
    const handed = await shop.get(file.url);
    t.is(handed.status, 302);
    const address = handed.headers['location'] ?? '';
    t.true(address.includes('X-Amz-Expires=21600'), address);
    const whole = await fetched(address);
    t.is(whole.status, 200);
    t.true(bytes?.equals(whole.bytes));
    t.true(whole.headers.get('content-disposition')?.endsWith(name));
    const rest = await fetched(address, { headers: { Range: 'bytes=50000-' } });
    t.true(bytes?.subarray(50_000).equals(rest.bytes));
    t.is((await fetched(address.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status, 403);
    t.is((await fetched(address, { method: 'PUT', body: 'x' })).status, 403, 'good for GET alone');
  }
  const head = await request(shop.url).head(pathOf(first.url));
  t.is(head.status, 200);
  t.is(head.headers['content-length'], String(dmg?.bytes.length));
  t.is(head.headers['etag'], `"${first.sha256}"`);
  const listed = await shop.cli(['releases', 'list', 'lumen']);
  t.regex(listed.out, /Lumen-4\.2\.dmg {2}macos {2}100 kB {2}asked for 1, sent whole 1/);
  t.true(bucket.asked.filter(({ status }) => status === 403).length === 4, 'only what was forged');
});

test('a file that changed or is gone in the bucket is not handed over; more releases than a page are all found', async (t) => {
  const bucket = await openBucket(t);
  const shop = await openDownloadShop(t, { env: environment(bucket.url) });
  const order = await shop.sell();
  for (const version of ['4.0', '4.1', '4.2'])
    await shop.add(version, [`Lumen-${version}.dmg`], '--date', '2026-10-28');
  shop.home.clock.now += 60_000;
  const { body } = await shop.links(order);
  t.is(body.releases.length, 3);
  t.is((await shop.cli(['releases', 'check'])).status, 0);
  const key = 'files/lumen-shop/lumen/4.1/Lumen-4.1.dmg';
  const bytes = bucket.objects.get(key) ?? Buffer.alloc(0);
  bucket.objects.set(key, Buffer.from(bytes).fill(0, 0, 9));
  const url = body.releases[1].files[0].url;
  t.is((await shop.get(url)).status, 503);
  const { status, out } = await shop.cli(['releases', 'check']);
  t.is(status, 1);
  t.true(out.includes('CHANGED  lumen 4.1  Lumen-4.1.dmg'), out);
  bucket.objects.delete(key);
  t.is((await shop.get(url)).status, 503);
  t.true((await shop.cli(['releases', 'check'])).out.includes('GONE     lumen 4.1'));
  bucket.objects.set(key, bytes);
  t.is((await shop.get(url)).status, 302, 'control');
});

test('a bucket that refuses the keys is told, and a release stays as it was', async (t) => {
  const bucket = await openBucket(t);
  const shop = await openDownloadShop(t, {
    env: { ...environment(bucket.url), S3_SECRET_ACCESS_KEY: 'another-secret-altogether' },
  });
  const error = await t.throwsAsync(shop.add('4.2', ['Lumen-4.2.dmg']));
  t.true(error?.message.includes('answered 403 SignatureDoesNotMatch'), error?.message);
  t.is(bucket.objects.size, 0);
});
