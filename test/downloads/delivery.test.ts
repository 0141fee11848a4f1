/** A release is added, a customer follows the link: ranges, conditions, states, and files that changed. */
import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import { type DownloadShop, openDownloadShop, pathOf, sha256 } from '../kit/downloads.ts';
import { FileOwner } from '../kit/fastspring.ts';

const owner = new FileOwner();
let shop: DownloadShop;
let order: string;
let dmg: { readonly name: string; readonly bytes: Buffer };

test.before(async () => {
  shop = await openDownloadShop(owner);
  order = await shop.sell();
  const [first] = await shop.add(
    '4.2',
    ['Lumen-4.2.dmg', 'Lumen 4.2.exe'],
    '--date',
    '2026-10-28',
    '--notes',
    'Faster',
  );
  if (first === undefined) throw new Error('no file was added');
  dmg = first;
});
test.after.always(() => owner.end());

const linkTo = async (name: string) => {
  const { body } = await shop.links(order);
  const files = body.releases.flatMap((release: { files: { name: string; url: string }[] }) => release.files);
  return String(files.find((file: { name: string }) => file.name === name)?.url);
};

test.serial('a code gets links, and a link the whole file with a strong ETag', async (t) => {
  const { status, body } = await shop.links(order);
  t.is(status, 200);
  t.is(body.product, 'lumen');
  t.deepEqual(
    body.releases.map(({ version, day, notes }: Record<string, string>) => [version, day, notes]),
    [['4.2', '2026-10-28', 'Faster']],
  );
  const [file] = body.releases[0].files;
  t.is(file.sha256, sha256(dmg.bytes));
  t.is(file.size, dmg.bytes.length);
  t.is(file.platform, 'macos');

  const answer = await shop.get(file.url);
  t.is(answer.status, 200);
  t.deepEqual(answer.body, dmg.bytes);
  t.is(answer.headers['etag'], `"${sha256(dmg.bytes)}"`);
  t.is(answer.headers['accept-ranges'], 'bytes');
  t.is(answer.headers['content-disposition'], 'attachment; filename="Lumen-4.2.dmg"');
  t.is(answer.headers['content-type'], 'application/octet-stream');
  t.is(answer.headers['content-security-policy'], 'sandbox');
  t.is(answer.headers['x-content-type-options'], 'nosniff');
  t.is(answer.headers['cache-control'], 'private, no-transform');
  t.is(answer.headers['content-length'], String(dmg.bytes.length));
});

test.serial('one range, If-Range, 304, 416 and HEAD are answered as RFC 9110 says', async (t) => {
  const url = await linkTo('Lumen-4.2.dmg');
  const tag = `"${sha256(dmg.bytes)}"`;
  const part = await shop.get(url, { Range: 'bytes=1000-1999' });
  t.is(part.status, 206);
  t.is(part.headers['content-range'], `bytes 1000-1999/${dmg.bytes.length}`);
  t.deepEqual(part.body, dmg.bytes.subarray(1000, 2000));
  const rest = await shop.get(url, { Range: 'bytes=99000-', 'If-Range': tag });
  t.is(rest.status, 206);
  t.deepEqual(rest.body, dmg.bytes.subarray(99_000));
  for (const other of ['"another"', `W/${tag}`]) {
    const whole = await shop.get(url, { Range: 'bytes=99000-', 'If-Range': other });
    t.is(whole.status, 200, other);
    t.deepEqual(whole.body, dmg.bytes);
  }
  t.is((await shop.get(url, { 'If-None-Match': tag })).status, 304);
  const beyond = await shop.get(url, { Range: 'bytes=999999-' });
  t.is(beyond.status, 416);
  t.is(beyond.headers['content-range'], `bytes */${dmg.bytes.length}`);
  t.is(beyond.body.length, 0);
  const head = await request(shop.url).head(pathOf(url));
  t.is(head.status, 200);
  t.is(head.headers['content-length'], String(dmg.bytes.length));
  t.is(head.headers['etag'], tag);
  const put = await request(shop.url).put(pathOf(url));
  t.is(put.status, 405);
});

test.serial('the name in the address is for the disk alone: the token finds the file', async (t) => {
  const url = pathOf(await linkTo('Lumen-4.2.dmg'));
  const [, , token] = url.split('/');
  for (const name of ['anything.bin', '..%2F..%2Frelease.json', '%2e%2e']) {
    const answer = await shop.get(`/download/${token}/${name}`);
    t.is(answer.status, 200, name);
    t.deepEqual(answer.body, dmg.bytes, name);
  }
  const spaced = await shop.get(await linkTo('Lumen 4.2.exe'));
  t.is(spaced.headers['content-disposition'], 'attachment; filename="Lumen 4.2.exe"');
});

test.serial('every bad token is answered by the same page, which says nothing', async (t) => {
  const url = pathOf(await linkTo('Lumen-4.2.dmg'));
  const [, , token = ''] = url.split('/');
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const padded = token.slice(0, -1) + ALPHABET[ALPHABET.indexOf(token.at(-1) ?? '') ^ 1];
  const bad = [
    token.slice(0, -1),
    `${token}A`,
    `${token.slice(0, 20)}${token[20] === 'x' ? 'y' : 'x'}${token.slice(21)}`,
    padded,
    'A'.repeat(59),
    'x',
  ];
  const pages = new Set<string>();
  for (const each of bad) {
    const answer = await request(shop.url).get(`/download/${each}/Lumen-4.2.dmg`);
    t.is(answer.status, 404, each);
    pages.add(answer.text);
  }
  t.is(pages.size, 1);
  const [page = ''] = pages;
  t.true(page.includes('Nothing here') || page.includes('<h1>'), page.slice(0, 400));
});

test.serial('a day after its last one a link is too old, and says only so', async (t) => {
  const url = await linkTo('Lumen-4.2.dmg');
  const { clock } = shop.home;
  const before = clock.now;
  clock.now += 2 * 86_400_000;
  t.is((await shop.get(url)).status, 200, 'its last day is the second after its own');
  clock.now += 86_400_000;
  t.is((await shop.get(url)).status, 410);
  clock.now = before;
});

test.serial(
  'a file that changed is not sent: other size, other content, gone; a touched one is',
  async (t) => {
    const url = await linkTo('Lumen 4.2.exe');
    const path = join(shop.home.config.dataDir, 'downloads', 'lumen', '4.2', 'Lumen 4.2.exe');
    const whole = await shop.get(url);
    t.is(whole.status, 200);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    t.is((await shop.get(url)).status, 200, 'the same content at another time');
    const other = Buffer.from(whole.body);
    other[5] = (other[5] ?? 0) ^ 1;
    writeFileSync(path, other);
    t.is((await shop.get(url)).status, 503);
    t.is((await shop.cli(['releases', 'check'])).status, 1);
    writeFileSync(path, whole.body);
    appendFileSync(path, 'more');
    t.is((await shop.get(url)).status, 503);
    t.true(shop.home.lines.some(({ msg }) => String(msg).includes('is not as it was added')));
    writeFileSync(path, whole.body);
    t.is((await shop.get(url)).status, 200);
    t.is((await shop.cli(['releases', 'check'])).status, 0);
  },
);

test.serial(
  'a release after the license’s updates is not offered, and its link is dead; a withdrawn one too',
  async (t) => {
    await shop.add('5.0', ['Lumen-5.0.dmg'], '--date', '2027-12-01');
    const { body } = await shop.links(order);
    t.deepEqual(body.withheld, [{ version: '5.0', day: '2027-12-01', reason: 'updates-ended' }]);
    t.deepEqual(
      body.releases.map(({ version }: { version: string }) => version),
      ['4.2'],
    );
    await shop.add('4.3', ['Lumen-4.3.dmg'], '--date', '2026-11-01');
    const url = await linkTo('Lumen-4.3.dmg');
    t.is((await shop.get(url)).status, 200);
    t.is((await shop.cli(['releases', 'withdraw', 'lumen', '4.3', '--reason', 'does not start'])).status, 0);
    shop.home.clock.now += 5_000;
    t.is((await shop.get(url)).status, 404);
  },
);

test.serial('a suspended license gets a word, a revoked one nothing at once', async (t) => {
  const sold = await shop.sell({ email: 'eve@example.com' });
  const [license] = await shop.find(sold);
  const { body } = await shop.links(sold);
  const url = body.releases[0].files[0].url;
  t.is((await shop.get(url)).status, 200);
  t.is((await shop.cli(['license', 'suspend', license?.id ?? '', '--reason', 'not paid'])).status, 0);
  t.is((await shop.get(url)).status, 403);
  t.is((await shop.links(sold)).status, 403);
  t.is((await shop.cli(['license', 'revoke', license?.id ?? '', '--reason', 'refunded'])).status, 0);
  t.is((await shop.get(url)).status, 404);
  t.is((await shop.links(sold)).status, 410);
});
