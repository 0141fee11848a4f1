import { createHash } from 'node:crypto';
import test from 'ava';
import request from 'supertest';
import { signRequest } from '../../src/marketplaces/fastspring/simulator.ts';
import {
  askWith,
  day,
  FileOwner,
  type Market,
  only,
  openMarket,
  referenceOf,
  told,
} from '../kit/fastspring.ts';
import { LICENSE_KEYS } from '../kit/fastspring-secrets.ts';

/** Parameters for the product file with two paths. */
const PATH = { product: 'plan-monthly' };

const CODE = /^[0-9A-Z]{160}$/;

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

const sale = (reference: string, more: Readonly<Record<string, string>> = {}) => ({
  reference,
  quantity: '1',
  name: 'Grace Hopper',
  email: 'grace@example.com',
  ...more,
});

/** A form in any encoding, whose hash covers the text that the server should read. */
function formWith(form: string, values: string): string {
  const hash = createHash('md5')
    .update(values + LICENSE_KEYS[0])
    .digest('hex');
  return `${form}&security_request_hash=${hash}`;
}

test('a license request gets only the code, without a line end', async (t) => {
  const { status, text, headers } = await market.ask('app', sale(referenceOf(1)));
  t.is(status, 200);
  t.regex(text, CODE);
  t.is(headers['content-type'], 'text/plain; charset=utf-8');
  const license = await only(t, market, referenceOf(1));
  t.is(license.code, text);
  t.is(market.home.reader('app', { liveOnly: true }).read(text).verdict, 'valid');
});

test('a GET gets the same response as a POST', async (t) => {
  const form = signRequest(sale(referenceOf(2)), LICENSE_KEYS[0]);
  const got = await request(market.url).get(`/fulfillment/fastspring/app?${form}`);
  const posted = await askWith(market.url, 'app', form);
  t.is(got.status, 200);
  t.is(posted.text, got.text);
  t.is((await market.find(referenceOf(2))).length, 1);
});

test('a hash by either key is accepted, in upper or lower case', async (t) => {
  for (const key of LICENSE_KEYS) {
    const form = signRequest(sale(referenceOf(3)), key);
    t.is((await askWith(market.url, 'app', form)).status, 200);
    const upper = form.replace(/(security_request_hash=)(\w+)/, (_, name, hash) => name + hash.toUpperCase());
    t.not(upper, form);
    t.is((await askWith(market.url, 'app', upper)).status, 200);
  }
});

test('a wrong, truncated, empty or missing hash and a changed value get 401 and store nothing', async (t) => {
  const right = signRequest(sale(referenceOf(4)), LICENSE_KEYS[0]);
  const hash = right.slice(-32);
  const forms = [
    signRequest(sale(referenceOf(4)), 'a-key-of-another'),
    right.slice(0, -1),
    right.replace(hash, ''),
    right.replace(/&security_request_hash=.*/, ''),
    right.replace('quantity=1', 'quantity=2'),
    `${right}&more=1`,
  ];
  for (const form of forms) {
    const { status, headers, text } = await askWith(market.url, 'app', form);
    t.is(status, 401, form);
    t.regex(String(headers['content-type']), /problem\+json/);
    t.notRegex(text, CODE);
  }
  t.deepEqual(await market.find(referenceOf(4)), []);
  t.is((await askWith(market.url, 'app', right)).status, 200, 'the control');
});

test('a hash over the values without the key gets 401', async (t) => {
  const fields = sale(referenceOf(5));
  const values = Object.keys(fields)
    .sort()
    .map((name) => fields[name as keyof typeof fields])
    .join('');
  const hash = createHash('md5').update(values).digest('hex');
  const form = new URLSearchParams({ ...fields, security_request_hash: hash }).toString();
  t.is((await askWith(market.url, 'app', form)).status, 401);
});

test('the product file names the parameters', async (t) => {
  const fields = { Bestellung: referenceOf(6), Anzahl: '2', Mail: 'grace@example.com', Probe: 'yes' };
  const { status, text } = await market.ask('named', fields);
  t.is(status, 200);
  t.is(text.split('\n').length, 2);
  t.deepEqual(
    (await market.find('grace@example.com'))
      .filter(({ order }) => order === referenceOf(6))
      .map(({ mode }) => mode),
    ['test', 'test'],
  );
  const { status: refused, text: why } = await market.ask('named', sale(referenceOf(6, 'B')));
  t.is(refused, 400);
  t.regex(why, /Bestellung is missing: add it to the parameters in FastSpring/);
});

test('several units get one code per line, or one code with all seats', async (t) => {
  const { text } = await market.ask('app', sale(referenceOf(7), { quantity: '5' }));
  const codes = text.split('\n');
  t.is(new Set(codes).size, 5);
  for (const code of codes) t.regex(code, CODE);
  const seats = await market.ask('team', sale(referenceOf(8), { quantity: '3' }));
  t.regex(seats.text, CODE);
  t.deepEqual(told(await market.find(referenceOf(8))), ['team 0: active to 2026-12-20, 15']);
});

test('with reply: markdown the whole text is the license', async (t) => {
  const { text } = await market.ask('text', sale(referenceOf(9)));
  t.regex(text, /^Hello Grace Hopper, this is order ACM261120-1111-00009 of 1\./m);
  t.regex(text, /^[0-9A-Z]{160}$/m);
});

test('a repeat gets the same bytes, also with other additional parameters', async (t) => {
  const first = await market.ask('app', sale(referenceOf(10), { quantity: '2' }));
  const again = await market.ask(
    'app',
    sale(referenceOf(10), { quantity: '2', referrer: 'x', name: 'Someone' }),
  );
  t.is(again.text, first.text);
  const many = await Promise.all(
    Array.from({ length: 16 }, () => market.ask('app', sale(referenceOf(11), { quantity: '2' }))),
  );
  t.is(new Set(many.map(({ text }) => text)).size, 1);
  t.is((await market.find(referenceOf(11))).length, 2);
});

test('with Separate Multibuy in Paddle, FastSpring still sends one request, and a repeat gets the same bytes', async (t) => {
  const first = await market.ask('single', sale(referenceOf(23), { quantity: '2' }));
  t.is(first.text.split('\n').length, 2);
  t.is((await market.ask('single', sale(referenceOf(23), { quantity: '2' }))).text, first.text);
  t.is((await market.find(referenceOf(23))).length, 2);
});

test('a repeat gets the same bytes even after an event with more units', async (t) => {
  const reference = referenceOf(25);
  const first = await market.ask('app', sale(reference));
  const items = [{ product: 'app', quantity: 2, subtotal: 20 }];
  await market.tell(market.event('order.completed', { id: `${reference}-id`, reference, items }));
  t.is((await market.find(reference)).length, 2);
  t.is((await market.ask('app', sale(reference))).text, first.text);
  t.regex(
    (await market.cli(['flags', 'list'])).out,
    new RegExp(`${reference}, app: 1 unit was answered but 2 were sold`),
  );
});

test('a repeat with another quantity is refused, because FastSpring would show its response as the license', async (t) => {
  await market.ask('app', sale(referenceOf(12), { quantity: '2' }));
  const { status, headers } = await market.ask('app', sale(referenceOf(12), { quantity: '3' }));
  t.is(status, 409);
  t.regex(String(headers['content-type']), /problem\+json/);
  t.is((await market.find(referenceOf(12))).length, 2);
});

test('the parameter test makes a test license, with any value except no', async (t) => {
  for (const [place, value] of ['true', '1', 'Y', 'test'].entries()) {
    const { text } = await market.ask('app', sale(referenceOf(1300 + place), { test: value }));
    t.is((await only(t, market, referenceOf(1300 + place))).mode, 'test');
    t.not(market.home.reader('app', { liveOnly: true }).read(text).verdict, 'valid');
  }
  for (const [place, value] of ['false', '0', 'FALSE'].entries()) {
    await market.ask('app', sale(referenceOf(1400 + place), { test: value }));
    t.is((await only(t, market, referenceOf(1400 + place))).mode, 'live');
  }
});

test('a missing or invalid parameter gets 400 with its name; an unknown product gets 404', async (t) => {
  const { reference, ...withoutReference } = sale(referenceOf(15));
  const { quantity, ...withoutQuantity } = sale(referenceOf(15));
  t.is(reference + quantity, `${referenceOf(15)}1`);
  for (const [fields, named] of [
    [withoutReference, /reference is missing/],
    [withoutQuantity, /quantity is missing/],
    [sale(referenceOf(15), { quantity: '0' }), /quantity must be a whole number from 1 to 1000/],
    [sale(referenceOf(15), { quantity: '1001' }), /quantity must be/],
    [sale(referenceOf(15), { quantity: '2.5' }), /quantity must be/],
    [sale(referenceOf(15), { test: '' }), /test must be left out, or true or false/],
    [sale(referenceOf(15), { campaign: 'x' }), /campaign.* is not known: .*under parameters/],
    [sale('R 15'), /reference must be 1 to 100 printable ASCII/],
  ] as const) {
    const { status, text } = await market.ask('app', fields);
    t.is(status, 400, text);
    t.regex(text, named);
  }
  t.is((await market.ask('nothing', sale(referenceOf(15)))).status, 404);
  t.is((await market.ask('elsewhere', sale(referenceOf(15)))).status, 404, 'it is not sold at FastSpring');
  t.deepEqual(await market.find(referenceOf(15)), []);
});

test('values with +, %, & and umlauts are hashed after one decoding', async (t) => {
  const name = 'Jürgen Weiß + 100 % & Söhne 你好 %2B';
  const { status, text } = await market.ask('text', sale(referenceOf(16), { name }));
  t.is(status, 200);
  t.regex(text, /Jürgen Weiß/);
  t.regex(text, /你好/);
  const { out } = await market.cli(['customer', 'export', 'grace@example.com']);
  t.true(out.includes(JSON.stringify(name).slice(1, -1)));
});

test('a body in ISO-8859-1 gets 400 and the FastSpring setting to change', async (t) => {
  const reference = referenceOf(17);
  const form = formWith(
    `name=J%FCrgen&quantity=1&reference=${reference}`,
    `${Buffer.from('Jürgen')}1${reference}`,
  );
  const { status, text } = await askWith(market.url, 'app', form);
  t.is(status, 400);
  t.regex(text, /UTF-8/);
  t.regex(text, /FastSpring/);
  const utf8 = formWith(`name=J%C3%BCrgen&quantity=1&reference=${reference}`, `Jürgen1${reference}`);
  t.is((await askWith(market.url, 'app', utf8)).status, 200, 'the control');
});

for (const encoding of ['latin1', 'utf8'] as const) {
  test(`a body in ISO-8859-1 whose hash is over the text in ${encoding} is kept with a flag`, async (t) => {
    const reference = referenceOf(encoding === 'latin1' ? 170 : 171);
    const form = (key: string) => {
      const hash = createHash('md5').update(`Zoë1${reference}${key}`, encoding).digest('hex');
      return `name=Zo%EB&quantity=1&reference=${reference}&security_request_hash=${hash}`;
    };
    const flags = async () => (await market.cli(['flags', 'list'])).out;
    t.is((await askWith(market.url, 'app', form('a-key-of-another'))).status, 400);
    t.notRegex(await flags(), new RegExp(reference), 'the control: what nobody signed is not kept');
    for (let i = 0; i < 2; i++) t.is((await askWith(market.url, 'app', form(LICENSE_KEYS[0]))).status, 400);
    t.is((await flags()).split(`in order ${reference} was refused`).length, 2, 'one flag');
    t.is((await market.cli(['order', 'show', reference])).status, 0);
  });
}

test.serial(
  'a rebill gets the next code of the existing license, and its repeat the same bytes',
  async (t) => {
    const subscription = 'sub-R-18';
    const first = await market.ask(
      'plan',
      sale(referenceOf(18), { ...PATH, subscriptionReference: subscription, sequence: '1' }),
    );
    const before = await only(t, market, referenceOf(18));
    t.is(before.lastValid, '2027-01-03', 'a month and the grace');
    market.home.clock.now += 31 * 86_400_000;
    try {
      const rebill = sale(referenceOf(18, 'B'), {
        ...PATH,
        subscriptionReference: subscription,
        sequence: '2',
      });
      const renewed = await market.ask('plan', rebill);
      t.regex(renewed.text, CODE);
      t.not(renewed.text, first.text);
      const after = await only(t, market, referenceOf(18));
      t.is(after.id, before.id);
      t.is(after.revision, 1);
      t.is(after.code, renewed.text);
      t.true(after.lastValid! > before.lastValid!);
      t.is((await market.ask('plan', rebill)).text, renewed.text);
      const named = await market.find(referenceOf(18, 'B'));
      t.deepEqual(
        named.map(({ order }) => order),
        [referenceOf(18)],
        'no license of its own',
      );
      const original = sale(referenceOf(18), { ...PATH, subscriptionReference: subscription, sequence: '1' });
      t.is(
        (await market.ask('plan', original)).text,
        first.text,
        'the first request stays as it was answered',
      );
    } finally {
      market.home.clock.now -= 31 * 86_400_000;
    }
  },
);

test('a rebill without a sequence is recognized by its subscription', async (t) => {
  await market.ask('plan', sale(referenceOf(19), { ...PATH, subscriptionReference: 'sub-R-19' }));
  await market.ask('plan', sale(referenceOf(19, 'B'), { ...PATH, subscriptionReference: 'sub-R-19' }));
  t.is((await only(t, market, referenceOf(19))).subscription, 'sub-R-19');
  const named = await market.find(referenceOf(19, 'B'));
  t.deepEqual(
    named.map(({ order }) => order),
    [referenceOf(19)],
  );
});

test('a repeat of a rebill with another quantity is refused too', async (t) => {
  const subscribed = { ...PATH, subscriptionReference: 'sub-R-24' };
  await market.ask('plan', sale(referenceOf(24), { ...subscribed, quantity: '2' }));
  const rebill = sale(referenceOf(24, 'B'), { ...subscribed, quantity: '2' });
  const { status, text } = await market.ask('plan', rebill);
  t.is(status, 200);
  t.is((await market.ask('plan', { ...rebill, quantity: '1' })).status, 409);
  t.is((await market.ask('plan', rebill)).text, text, 'the control');
});

test('a rebill of an unknown subscription gets a license, because it was paid', async (t) => {
  const { text } = await market.ask(
    'plan',
    sale(referenceOf(20, 'B'), { ...PATH, subscriptionReference: 'sub-R-20', sequence: '7' }),
  );
  t.regex(text, CODE);
  t.is((await only(t, market, referenceOf(20, 'B'))).code, text);
});

for (const first of ['request', 'event'] as const) {
  test(`a request and order.completed with one reference share one license, the ${first} first`, async (t) => {
    const order = referenceOf(21, first === 'event' ? 'E' : 'R');
    const completed = market.event('order.completed', {
      id: `${order}-id`,
      order: `${order}-id`,
      reference: order,
      live: true,
      items: [{ product: 'app', quantity: 2, subscription: `sub-${order}` }],
    });
    const request = () => market.ask('app', sale(order, { quantity: '2' }));
    if (first === 'event') await market.tell(completed);
    const { text } = await request();
    if (first === 'request') await market.tell(completed);
    const licenses = await market.find(order);
    t.deepEqual(
      licenses.map(({ code }) => code),
      text.split('\n'),
    );
    t.deepEqual(
      licenses.map(({ subscription }) => subscription),
      [`sub-${order}`, `sub-${order}`],
    );
    t.is((await request()).text, text);
  });
}

test('the period end in a FastSpring event overrides the term that a rebill request assumes', async (t) => {
  const order = referenceOf(22);
  await market.ask('plan', sale(order, { ...PATH, subscriptionReference: 'sub-R-22', sequence: '1' }));
  await market.tell(
    market.event('subscription.charge.completed', {
      sequence: 2,
      order: 'R-22B-id',
      subscription: { id: 'sub-R-22', state: 'active', sequence: 2, nextChargeDate: day('2027-02-10') },
    }),
  );
  await market.ask(
    'plan',
    sale(referenceOf(22, 'B'), { ...PATH, subscriptionReference: 'sub-R-22', sequence: '2' }),
  );
  t.is((await only(t, market, order)).lastValid, '2027-02-24');
});
