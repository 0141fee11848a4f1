import { createPublicKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import request from 'supertest';
import { readKeyring, writeKeyring } from '../../src/keyring/keyring.ts';
import { activate } from '../../src/keyring/rotation.ts';
import { addSigningKey } from '../../src/keyring/signing-key.ts';
import { readSimulatorKey } from '../../src/keyring/simulator-key.ts';
import { productFile } from '../kit/products.ts';
import { rows } from '../kit/rows.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { codesIn, FORM, pathOf, signed } from '../kit/sale.ts';
import { get, post } from '../kit/send-sale.ts';
import { makeHome, start, startHome } from '../kit/service.ts';

const YEAR = 365 * 86_400_000;

test('a signed order of the example product gets 200, the Markdown and three codes that its program accepts', async (t) => {
  const { home, url } = await start(t, {
    products: { example: readFileSync('data/products/example.md', 'utf8') },
  });
  const response = await post(url, signed({ p_quantity: '3' }), 'example');
  t.is(response.status, 200);
  t.is(response.headers['content-type'], 'text/plain; charset=utf-8');
  t.is(response.headers['cache-control'], 'no-store');
  t.regex(response.text, /^Hello Grace Hopper,\n\nthank you for buying Example App!/);
  const codes = codesIn(response.text);
  t.is(new Set(codes).size, 3);
  for (const code of codes) t.is(home.reader('example', { liveOnly: true }).read(code).verdict, 'valid');
  t.is(home.reader('another').read(codes[0]).verdict, 'wrong-product');
});

test('a repeat of an order gets the same bytes, by POST and by GET; another order gets another code', async (t) => {
  const { home, url } = await start(t);
  const first = await post(url, signed());
  t.is((await post(url, signed())).text, first.text);
  const byGet = await get(url, signed());
  t.is(byGet.status, 200);
  t.is(byGet.text, first.text);
  t.is(byGet.headers['content-type'], 'text/plain; charset=utf-8');
  t.is(byGet.headers['cache-control'], 'no-store');
  const other = await post(url, signed({ p_order_id: '573253' }));
  t.not(codesIn(other.text)[0], codesIn(first.text)[0]);
  t.is(rows(home).license, 2);
});

test('an order first sent by GET gets the same response by POST, with any query', async (t) => {
  const { url } = await start(t);
  const first = await get(url, signed());
  t.is(first.status, 200);
  t.is((await post(url, signed())).text, first.text);
  const withQuery = await request(url)
    .post(`${pathOf('app')}?p_quantity=7`)
    .type(FORM)
    .send(signed());
  t.is(withQuery.text, first.text);
});

test('a repeat with another buyer, price, time or field order gets the same response', async (t) => {
  const { url } = await start(t);
  const first = await post(url, signed());
  const again = await post(
    url,
    signed({ name: 'Another Name', email: 'x@example.com', event_time: '2026-11-19 00:00:00', p_price: '1' }),
  );
  t.is(again.status, 200);
  t.is(again.text, first.text);
  const turned = signed().split('&').reverse().join('&');
  t.is((await post(url, turned)).text, first.text);
});

test('fifty concurrent requests of one order get the same bytes and one license', async (t) => {
  const { home, url } = await start(t);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? post(url, signed()) : get(url, signed()))),
  );
  t.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  t.is(new Set(answers.map(({ text }) => text)).size, 1);
  t.deepEqual(rows(home), { license: 1, code: 0, fulfillment: 0, history: 0, customer: 1 });
});

test('fifty concurrent orders get fifty different codes', async (t) => {
  const { home, url } = await start(t);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => post(url, signed({ p_order_id: `order-${i}` }))),
  );
  t.is(new Set(answers.flatMap(({ text }) => codesIn(text))).size, 50);
  t.is(rows(home).license, 50);
});

test('a repeat gets the same bytes after a restart, a year, a new product text and a new key', async (t) => {
  const home = makeHome(t);
  const service = await startHome(t, home);
  const first = await post(service.url, signed());
  t.is(first.status, 200);
  await service.stop();

  home.clock.now += YEAR;
  const text = '\nNEW\n\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n';
  home.putProducts({
    app: productFile('name: App 2\nterm: P2Y\nseats: 9\nmarketplaces: { paddle-classic: {} }', text),
  });
  const { keysDir } = home.config;
  addSigningKey(keysDir, readKeyring(keysDir), {
    mode: 'live',
    next: true,
    today: '2027-11-20',
    randomBytes,
  });
  writeKeyring(keysDir, activate(readKeyring(keysDir), 3));
  const { url } = await startHome(t, home);
  t.is((await post(url, signed())).text, first.text);
  t.is((await get(url, signed())).text, first.text);
  // The control: the new text, term and key are in force.
  const other = await post(url, signed({ p_order_id: 'new' }));
  t.regex(other.text, /^NEW\n/);
  const read = home.reader('app').read(codesIn(other.text)[0]);
  t.like('license' in read && read.license, { keyId: 3, seats: 9 });
});

test('a repeat with another quantity gets 409, changes nothing, and is explained in the log', async (t) => {
  const { home, url } = await start(t);
  const first = await post(url, signed({ p_quantity: '2' }));
  const before = rows(home);
  for (const quantity of ['1', '3']) {
    const refused = await post(url, signed({ p_quantity: quantity }));
    t.is(refused.status, 409);
    t.is(refused.body.code, 'order_conflict');
    t.deepEqual(codesIn(refused.text), []);
  }
  t.deepEqual(rows(home), { ...before, history: 2 }, 'once that it was refused, on each license');
  t.is((await post(url, signed({ p_quantity: '2' }))).text, first.text);
  const line = home.requestLines().find(({ status }) => status === 409);
  t.is(line?.['order'], '573252');
  t.is(line?.['outcome'], 'order_conflict');
  t.is(line?.['why'], 'asked for 1, the ledger has 2');
});

test('a live order has mode live, a sandbox or simulator order mode test, and a released program accepts only live', async (t) => {
  const { home, url } = await start(t, { env: { SIMULATOR: 'on' } });
  const privateKey = readSimulatorKey(home.config.keysDir);
  for (const [order, key, test, verdict] of [
    ['1', rsaKey('live'), false, 'valid'],
    ['2', rsaKey('sandbox'), true, 'test-code'],
    ['3', { privateKey, publicKey: createPublicKey(privateKey) }, true, 'test-code'],
  ] as const) {
    const [code] = codesIn((await post(url, signed({ p_order_id: order }, key))).text);
    const read = home.reader('app').read(code);
    t.true('license' in read && read.verdict === 'valid' && read.license.test === test, order);
    t.is(home.reader('app', { liveOnly: true }).read(code).verdict, verdict);
  }
});

test('one order id in mode live and in mode test is two orders', async (t) => {
  const { home, url } = await start(t);
  t.is((await post(url, signed({ p_quantity: '1' }, rsaKey('live')))).status, 200);
  t.is((await post(url, signed({ p_quantity: '2' }, rsaKey('sandbox')))).status, 200);
  t.is(rows(home).license, 3);
});

for (const email of ['blackhole+5d3f0a1b2c3d4@paddle.com', '0123456789abcdef@blackhole.io']) {
  test(`a request of Paddle's test button (${email}) has mode test although signed with the live key`, async (t) => {
    const { home, url } = await start(t);
    const form = signed({ name: 'Test User', email, passthrough: 'Example passthrough' });
    const [code] = codesIn((await post(url, form)).text);
    t.is(home.reader('app', { liveOnly: true }).read(code).verdict, 'test-code');
    t.is(home.reader('app').read(code).verdict, 'valid');
  });
}

test('quantity: seats multiplies the seats of one code; quantity: codes gives one code per unit', async (t) => {
  const { home, url } = await start(t);
  const team = codesIn((await post(url, signed({ p_quantity: '3' }), 'team')).text);
  t.is(team.length, 1);
  const read = home.reader('team').read(team[0]);
  t.is('license' in read ? read.license.seats : undefined, 15);
  const codes = codesIn((await post(url, signed({ p_quantity: '3' }), 'app')).text);
  t.is(codes.length, 3);
  const unit = home.reader('app').read(codes[2]);
  t.is('license' in unit ? unit.license.seats : undefined, 1);
});

test('an order of a thousand units gets a thousand codes, and its repeat the same codes', async (t) => {
  const { url } = await start(t);
  const first = await post(url, signed({ p_quantity: '1000' }));
  t.is(new Set(codesIn(first.text)).size, 1000);
  t.is((await post(url, signed({ p_quantity: '1000' }))).text, first.text);
});

test('a buyer without a name or with Markdown in the name gets a license', async (t) => {
  const { home, url } = await start(t);
  const names = ['', '[free](http://x)', '<b>', '😀 Ünïcödé', '# ```', 'x'.repeat(5000), '\u202e', '\n\n'];
  for (const [i, name] of names.entries()) {
    const response = await post(url, signed({ p_order_id: `name-${i}`, name }));
    t.is(response.status, 200, JSON.stringify(name));
    t.is(home.reader('app').read(codesIn(response.text)[0]).verdict, 'valid');
    t.notRegex(response.text, /<b>|\]\(http/);
  }
});

test('the product file can rename the fields of e-mail and name', async (t) => {
  const { url } = await start(t, {
    products: {
      app: productFile(
        'name: App\nterm: P1Y\nfields: { name: kunde, email: mail }\nmarketplaces: { paddle-classic: {} }',
      ),
    },
  });
  const response = await post(url, signed({ kunde: 'Käthe', name: 'Not Me' }));
  t.regex(response.text, /^Hello Käthe,/);
});

test('p_product_id must equal the id in the product file, if the file has an id', async (t) => {
  const { home, url } = await start(t);
  t.is((await post(url, signed(), 'bound')).status, 200);
  const refused = await post(url, signed({ p_product_id: '47024', p_order_id: 'other' }), 'bound');
  t.is(refused.status, 400);
  t.is(refused.body.code, 'wrong_product');
  t.is(rows(home).license, 1);
  // Custom pay links send no p_product_id.
  for (const [place, id] of ['', undefined].entries()) {
    t.is((await post(url, signed({ p_product_id: id, p_order_id: `link-${place}` }), 'bound')).status, 200);
  }
});
