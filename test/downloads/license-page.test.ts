/** The license page lists what the license may have; without pages a program gets problems instead of words. */
import test from 'ava';
import request from 'supertest';
import { cliOf } from '../kit/cli.ts';
import { DOWNLOADED, openDownloadShop, pathOf } from '../kit/downloads.ts';
import { openMarket, referenceOf } from '../kit/fastspring.ts';

test('the page has the newest release with links that work, earlier ones, checksums, and why a later one is not there', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t);
  const order = await shop.sell();
  await shop.add('4.1', ['Lumen-4.1.dmg'], '--date', '2026-05-02');
  const [dmg] = await shop.add(
    '4.2',
    ['Lumen-4.2.dmg', 'Lumen-4.2.exe'],
    '--date',
    '2026-10-28',
    '--notes',
    'Faster <b>',
  );
  await shop.add('5.0', ['Lumen-5.0.dmg'], '--date', '2027-12-01');
  const path = await shop.pageOf(order);
  const { text } = await shop.page(path);
  for (const said of [
    'Lumen 4.2, of 28 October 2026',
    'Lumen 4.2 for macOS',
    'Lumen 4.2 for Windows',
    '100 kB, Lumen-4.2.dmg',
    'Lumen 4.1, of 2 May 2026',
    'Faster &lt;b&gt;',
    '5.0 is of 1 December 2027: your updates ended on 20 November 2027.',
    'These links are good to 22 November 2026.',
  ])
    t.true(text.includes(said), said);
  t.false(text.includes('Lumen-5.0.dmg'));
  const links = [...text.matchAll(/href="([^"]*\/download\/[\w-]{59}\/[^"]+)"/g)].map(
    ([, link = '']) => link,
  );
  t.is(links.length, 3);
  t.true(dmg?.bytes.equals((await shop.get(pathOf(links[0] ?? ''))).body));
  const german = (await shop.page(path, { 'Accept-Language': 'de' })).text;
  for (const said of ['Lumen 4.2 für Windows', 'Herunterladen', 'Prüfsumme', 'Ihre Updates endeten am 20.'])
    t.true(german.includes(said), said);
  const [license] = await shop.find(order);
  await shop.cli(['license', 'suspend', license?.id ?? '', '--reason', 'open']);
  t.false((await shop.page(path)).text.includes('/download/'), 'suspended');
  await shop.cli(['license', 'new-links', license?.id ?? '', '--reason', 'shared']);
  await shop.cli(['license', 'reinstate', license?.id ?? '', '--reason', 'paid']);
  t.is((await shop.get(pathOf(links[0] ?? ''))).status, 410, 'new links end all older ones');
});

test('a gift’s receiver and a unit’s holder have downloads of their own; the links are of that license', async (t) => {
  t.timeout(120_000);
  const shop = await openDownloadShop(t);
  await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
  const order = await shop.sell({ quantity: 2 });
  const { text } = await shop.page(await shop.pageOf(order));
  const [, second = ''] = [...text.matchAll(/\/license\/[\w-]{59}(?=" rel="nofollow")/g)].map(
    ([link]) => link,
  );
  const holders = (await shop.page(second)).text;
  const [, link = ''] = /href="([^"]*\/download\/[\w-]{59}\/Lumen-4\.2\.dmg)"/.exec(holders) ?? [];
  t.is((await shop.get(link)).status, 200);
  const [, unit] = await shop.find(order);
  await shop.cli(['license', 'revoke', unit?.id ?? '', '--reason', 'leaked']);
  t.is((await shop.get(link)).status, 404);
});

test('without pages, mail and shop.yaml a program gets links by a code, and a problem where a link leads nowhere', async (t) => {
  t.timeout(120_000);
  const market = await openMarket(t, {
    products: DOWNLOADED,
    files: { 'dist/Lumen.dmg': 'bytes' },
    env: { PUBLIC_URL: 'https://licenses.lumen.example' },
  });
  const { config } = market.home;
  const said = await cliOf(market.home)([
    'releases',
    'add',
    'lumen',
    '4.2',
    `${config.dataDir}/dist/Lumen.dmg`,
  ]);
  t.is(said.status, 0, said.err);
  const order = referenceOf(1);
  await market.ask('lumen', {
    name: 'Ada',
    email: 'ada@example.com',
    reference: order,
    quantity: '1',
    test: 'false',
  });
  const [license] = await market.find(order);
  const { body } = await request(market.url).post('/v1/downloads').send({ code: license?.code });
  t.is((await request(market.url).get(pathOf(body.releases[0].files[0].url))).body.toString(), 'bytes');
  t.is((await request(market.url).get(pathOf(body.latest)).redirects(0)).status, 303);
  const nowhere = await request(market.url).get(`/download/${'A'.repeat(59)}/x`);
  t.is(nowhere.status, 404);
  t.is(nowhere.type, 'application/problem+json');
  const released = await request(market.url).get('/v1/releases/lumen');
  t.is(released.status, 200);
  t.deepEqual(released.body.releases[0].files[0].name, 'Lumen.dmg');
  t.false(JSON.stringify(released.body).includes('/download/'), 'without links');
  t.is(
    (
      await request(market.url)
        .get('/v1/releases/lumen')
        .set('If-None-Match', released.headers['etag'] ?? '')
    ).status,
    304,
  );
  t.is((await request(market.url).get('/v1/releases/other')).status, 404);
  t.is((await request(market.url).post('/v1/downloads').send({ code: 'x' })).status, 422);
});
