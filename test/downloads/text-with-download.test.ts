/** `{{ download.latest }}` in a product's text: the same bytes in each repeat, resolved on the click, nothing where it is off. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import { cliOf } from '../kit/cli.ts';
import { PUBLIC, SHOP_FILES } from '../kit/customer.ts';
import { productFile } from '../kit/products.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { FORM, pathOf, signed } from '../kit/sale.ts';
import { type Given, makeHome, startHome } from '../kit/service.ts';

const BODY = `
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
{% if download.latest %}Get it: {{ download.latest }}{% endif %}
`;

const GIVEN: Given = {
  products: { lumen: productFile('name: Lumen\nterm: P1Y\nmarketplaces: { paddle-classic: {} }', BODY) },
  files: {
    ...SHOP_FILES,
    'build/Lumen-1.dmg': 'one',
    'build/Lumen-2.dmg': 'two',
    'build/Lumen-2.exe': 'exe',
  },
  env: {
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'licenses@lumen.example',
    PUBLIC_URL: PUBLIC,
    OUTBOX: 'off',
  },
};

const ask = (url: string, order: string) =>
  request(url)
    .post(pathOf('lumen'))
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(signed({ p_order_id: order }, rsaKey('live')));

const pathIn = (text: string) =>
  new RegExp(`Get it: <${PUBLIC}(/download/[\\w-]{59})>`).exec(text)?.[1] ?? '';

test('the address stays byte for byte, and leads to whatever is the newest release when it is opened', async (t) => {
  const home = makeHome(t, GIVEN);
  const cli = cliOf(home);
  const file = (name: string) => join(home.config.dataDir, 'build', name);
  const add = (version: string, ...names: readonly string[]) =>
    cli(['releases', 'add', 'lumen', version, ...names.map(file)]);
  t.is((await add('1', 'Lumen-1.dmg')).status, 0);
  const { url } = await startHome(t, home);
  const first = await ask(url, '573252');
  t.is(first.status, 200);
  const path = pathIn(first.text);
  const one = await request(url).get(path).redirects(0);
  t.is(one.status, 303);
  t.is((await request(url).get(one.headers['location'] ?? '')).body.toString(), 'one');

  home.clock.now += 20 * 86_400_000;
  t.is((await add('2', 'Lumen-2.dmg', 'Lumen-2.exe')).status, 0);
  t.is((await ask(url, '573252')).text, first.text, 'a repeat');
  const two = await request(url).get(path);
  t.is(two.status, 200);
  for (const said of ['Lumen 2 for macOS', 'Lumen 2 for Windows', 'Lumen-2.exe'])
    t.true(two.text.includes(said), said);
  const german = await request(url).get(path).set('Accept-Language', 'de');
  t.true(german.text.includes('Lumen 2 für Windows'));
  const [, exe = ''] = /href="[^"]*(\/download\/[\w-]{59}\/Lumen-2\.exe)"/.exec(two.text) ?? [];
  t.is((await request(url).get(exe)).body.toString(), 'exe');
  home.clock.now += 11 * 86_400_000;
  t.is((await request(url).get(path)).status, 410, 'thirty days after the sale');
});

test('without PUBLIC_URL, or without a release and DOWNLOADS, the text names no download', async (t) => {
  const { PUBLIC_URL: _, ...here } = GIVEN.env ?? {};
  for (const [why, env, isNamed] of [
    ['PUBLIC_URL', { ...here }, false],
    ['DOWNLOADS', { ...GIVEN.env }, false],
    ['control', { ...GIVEN.env }, true],
  ] as const) {
    const home = makeHome(t, { ...GIVEN, env });
    if (isNamed) mkdirSync(join(home.config.dataDir, 'downloads'));
    const { url } = await startHome(t, home);
    const { text, status } = await ask(url, '573252');
    t.is(status, 200, why);
    t.is(text.includes('/download/'), isNamed, why);
  }
});

test('the check of products finds a sentence that is empty without a download', async (t) => {
  const home = makeHome(t, GIVEN);
  const cli = cliOf(home);
  t.is((await cli(['products', 'check'])).status, 0);
  home.putProducts({
    lumen: productFile('name: Lumen\nterm: P1Y', '\n{{ codes | join }}\n\nGet it: {{ download.latest }}.\n'),
  });
  const { status, err } = await cli(['products', 'check']);
  t.not(status, 0);
  t.true(err.includes('{% if download.latest %}'), err);
});
