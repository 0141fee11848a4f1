/** The Downloads screen: counts, a try without a license, and files that are not as they were added. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import { examineDownloads } from '../../src/doctor/downloads.ts';
import { enter } from '../kit/console.ts';
import { DOWNLOADED, openDownloadShop, pathOf } from '../kit/downloads.ts';

test('the screen has releases with counts, a try that is not counted, and first what is wrong with a file', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t, { env: { PUBLIC_URL: 'http://localhost:8787' } });
  const cookie = await enter(shop);
  const see = (path: string) =>
    request(shop.url).get(`/console/live${path}`).set('Cookie', cookie).redirects(0);
  t.regex((await see('/downloads')).text, /No release was added yet/);
  t.is((await examineDownloads(shop.home.config))[0]?.level, 'note');
  const [dmg] = await shop.add(
    '4.2',
    ['Lumen-4.2.dmg', 'Lumen <4>.exe'.replace(/[<>]/g, '')],
    '--date',
    '2026-10-28',
  );
  const order = await shop.sell();
  const { body } = await shop.links(order);
  await shop.get(body.releases[0].files[0].url);
  const page = await see('/downloads');
  t.is(page.status, 200);
  const story = (await see(`/orders/fastspring/${order}`)).text;
  t.regex(story, /Lumen-4\.2\.dmg was downloaded[\s\S]*version 4\.2/);
  t.regex(page.text, /aria-current="page"[^>]*>[\s\S]{0,200}Downloads/);
  t.regex(
    page.text,
    /4\.2[\s\S]*28 October 2026[\s\S]*Lumen-4\.2\.dmg[\s\S]*100 kB[\s\S]*<td class="end">1<\/td><td class="end">1<\/td>/,
  );
  t.is((await examineDownloads(shop.home.config))[0]?.level, 'ok');

  const tried = await see('/downloads/lumen/4.2/Lumen-4.2.dmg');
  t.is(tried.status, 303);
  const whole = await shop.get(pathOf(tried.headers['location'] ?? ''));
  t.true(dmg?.bytes.equals(whole.body));
  t.is((await see('/downloads/lumen/4.2/other.dmg')).status, 404);
  t.regex(
    (await see('/downloads')).text,
    /<td class="end">1<\/td><td class="end">1<\/td>/,
    'a try is not counted',
  );
  t.is(
    (await request(shop.url).get('/console/live/downloads/lumen/4.2/Lumen-4.2.dmg').redirects(0)).headers[
      'location'
    ]?.startsWith('/console/in'),
    true,
  );

  const folder = join(shop.home.config.dataDir, 'downloads', 'lumen', '4.2');
  writeFileSync(join(folder, 'Lumen-4.2.dmg'), 'another');
  t.regex(
    (await see('/downloads')).text,
    /Lumen-4\.2\.dmg of lumen 4\.2 has changed: customers do not get it/,
  );
  rmSync(join(folder, 'Lumen-4.2.dmg'));
  t.regex((await see('/downloads')).text, /is gone: customers do not get it/);
  const findings = await examineDownloads(shop.home.config);
  t.deepEqual(
    findings.map(({ level }) => level),
    ['fault'],
  );
  writeFileSync(join(folder, 'release.json'), '{');
  t.regex((await see('/downloads')).text, /cannot be read, so there is no such release/);
});

test('a license that reached the limit of its product is what needs somebody, and one below it is not', async (t) => {
  t.timeout(120_000);
  const lumen = (DOWNLOADED['lumen'] ?? '').replace('updates: P1Y', 'updates: P1Y\ndownloads: { limit: 2 }');
  const shop = await openDownloadShop(t, {
    products: { lumen },
    env: { PUBLIC_URL: 'http://localhost:8787' },
  });
  const cookie = await enter(shop);
  const overview = () => request(shop.url).get('/console/live/').set('Cookie', cookie);
  const [often, seldom] = [await shop.sell(), await shop.sell({ email: 'eve@example.com' })];
  const [dmg, exe] = await shop.add('4.2', ['Lumen-4.2.dmg', 'Lumen-4.2.exe'], '--date', '2026-10-28');
  t.truthy(dmg && exe);
  for (const [order, count] of [
    [often, 2],
    [seldom, 1],
  ] as const) {
    const { body } = await shop.links(order);
    for (const { url } of body.releases[0].files.slice(0, count)) await shop.get(url);
  }
  const said = 'A license was downloaded 2 times in 30 days.';
  const shows = async () => {
    for (const end = Date.now() + 5_000; Date.now() < end; ) {
      const { text } = await overview();
      if (text.includes(said)) return text;
    }
    return '';
  };
  const text = await shows();
  const [, line = ''] = text.split(said);
  t.true(line.slice(0, 300).includes(often));
  t.false(text.split(said).length > 2 || line.slice(0, 300).includes(seldom));
});
