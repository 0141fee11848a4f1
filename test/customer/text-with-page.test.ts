/** `{{ license.page }}` in a product's text: the same bytes in each repeat, and nothing where pages are off. */
import test from 'ava';
import request from 'supertest';
import { findCodes } from '../../src/license-code/find-codes.ts';
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
{% if license.page %}Your page: {{ license.page }}{% endif %}
`;

const GIVEN: Given = {
  products: {
    lumen: productFile('name: Lumen\nterm: P1Y\nmarketplaces: { paddle-classic: {} }', BODY),
    plain: productFile('name: Plain\nterm: P1Y\nmarketplaces: { paddle-classic: {} }'),
  },
  files: SHOP_FILES,
  env: {
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'licenses@lumen.example',
    PUBLIC_URL: PUBLIC,
    OUTBOX: 'off',
  },
};

const ask = (url: string, order: string, product = 'lumen') =>
  request(url)
    .post(pathOf(product))
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(signed({ p_order_id: order }, rsaKey('live')));

test('a reply that names the page is the same byte for byte, days and links later, and the page opens', async (t) => {
  const home = makeHome(t, GIVEN);
  const service = await startHome(t, home);
  const first = await ask(service.url, '573252');
  t.is(first.status, 200);
  const [, path = ''] = new RegExp(`Your page: <${PUBLIC}(/license/[\\w-]{59})>`).exec(first.text) ?? [];
  t.is((await request(service.url).get(path)).status, 200);
  t.is(findCodes(first.text).length, 1);
  home.clock.now += 20 * 86_400_000;
  t.is((await ask(service.url, '573252')).text, first.text);
  await service.stop();

  // Another public address is another version of the text: what was answered stays.
  const moved = { ...home.config, publicUrl: 'https://elsewhere.example' };
  const again = await startHome(t, { ...home, config: moved });
  t.is((await ask(again.url, '573252')).text, first.text);
  t.true((await ask(again.url, '573253')).text.includes('https://elsewhere.example/license/'));
});

test('without PUBLIC_URL, mail, shop.yaml or the page itself, the text has no page and there is none', async (t) => {
  const { PUBLIC_URL: _, ...here } = GIVEN.env ?? {};
  for (const [why, given] of [
    ['PUBLIC_URL', { ...GIVEN, env: here }],
    ['mail', { ...GIVEN, env: { PUBLIC_URL: PUBLIC } }],
    ['shop.yaml', { ...GIVEN, files: {} }],
    [
      'the page',
      { ...GIVEN, files: { ...SHOP_FILES, 'shop.yaml': `${SHOP_FILES['shop.yaml']}license_page: off\n` } },
    ],
  ] as const) {
    const home = makeHome(t, given);
    const { url } = await startHome(t, home);
    const { text, status } = await ask(url, '573252');
    t.is(status, 200, why);
    t.false(text.includes('/license/'), why);
    t.is((await request(url).get(`/license/${'A'.repeat(59)}`)).status, 404, why);
  }
});

test('the check of products knows the page, and finds a sentence that is empty without it', async (t) => {
  const home = makeHome(t, GIVEN);
  const cli = cliOf(home);
  t.is((await cli(['products', 'check'])).status, 0);
  const preview = await cli(['preview', 'lumen', '--text']);
  t.regex(preview.out, /Your page: <https:\/\/licenses\.example\.com\/license\/[\w-]{59}>/);
  home.putProducts({
    lumen: productFile('name: Lumen\nterm: P1Y', '\n{{ codes | join }}\n\nYour page: {{ license.page }}.\n'),
  });
  const { status, err, out } = await cli(['products', 'check']);
  t.not(status, 0);
  t.true(`${err}${out}`.includes('{% if license.page %}'), `${err}${out}`);
});
