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

test('a bucket that refuses, has a fault or says nothing ends no page and no sale; a list that was read is good for ten minutes', async (t) => {
  t.timeout(120_000);
  const bucket = await openBucket(t);
  const shop = await openDownloadShop(t, { env: environment(bucket.url) });
  const order = await shop.sell();
  await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
  shop.home.clock.now += 60_000;
  const { body } = await shop.links(order);
  const url = body.releases[0].files[0].url;
  const latest = pathOf(body.latest);
  const page = await shop.pageOf(order);
  const [license] = await shop.find(order);
  for (const fault of [403, 404, 500, 'silence'] as const) {
    bucket.fault = undefined;
    shop.home.clock.now += 60_000;
    t.is((await shop.get(latest)).status, 303, 'control: the bucket answers');
    bucket.fault = fault;
    shop.home.clock.now += 300_000;
    t.true((await shop.page(page)).text.includes('/download/'), `${fault}: what was read before`);
    const handed = await shop.get(url);
    t.true(
      handed.status === 503 || handed.status === 302,
      `${fault}: its file was looked at within a minute`,
    );
    shop.home.clock.now += 600_000;
    const start = Date.now();
    const { status, text } = await shop.page(page);
    t.is(status, 200, String(fault));
    t.true(text.includes('The downloads cannot be shown now'), String(fault));
    t.true(text.includes(license?.code ?? '-'), 'the code is there');
    t.true(Date.now() - start < 9_000, 'no customer waits for the bucket');
    const refused = await shop.get(latest);
    t.is(refused.status, 503);
    t.true(String(refused.body).includes('help@lumen.example'));
    const program = await shop.links(order);
    t.is(program.status, 503);
    t.like(program.body, { code: 'downloads_unavailable' });
    t.is(program.headers['retry-after'], '60');
    await shop.sell({ email: `${fault}@example.com` });
  }
  const said = JSON.stringify(shop.home.lines);
  t.true(said.includes('AccessDenied') && said.includes('does not answer'), 'the log has why');
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
  for (const start of [1, 50_000, 99_999])
    t.is((await shop.get(first.url, { Range: `bytes=${start}-` })).status, 302, 'resumed by the link');
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
