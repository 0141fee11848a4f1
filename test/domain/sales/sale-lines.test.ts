import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { readSaleLines } from '../../../src/domain/sales/sale-lines.ts';
import { ANSWER, recordOf, unitsOf } from '../../kit/records.ts';
import { covers, paid, sold, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const linesOf = (facts: readonly Fact[], licenses: readonly LedgerLicense[] = []) =>
  readSaleLines(facts, licenses, readNames(facts, new Set(licenses.map(({ order }) => order))));
/** order/line/product*units, and the line's subscription. */
const shown = (...args: Parameters<typeof linesOf>) =>
  linesOf(...args).map(
    ({ order, line, product, units, subscription }) =>
      `${order}/${line}/${product}*${units}${subscription === null ? '' : ` ${subscription}`}`,
  );
const day = '2027-01-01';
const saleOf = (body: FactBody, key: string = body.kind, order = 'A') =>
  told(day, `order:${order}`, body, key);

test('fault 15: each sold line is a line of its own', (t) => {
  const facts = [
    saleOf(sold('pro', { line: 'pro-month' }), 'one'),
    saleOf(sold('pro', { line: 'pro-year', quantity: 2 }), 'two'),
  ];
  t.deepEqual(shown(facts), ['A/pro-month/pro*1', 'A/pro-year/pro*2']);
});

test('a line has all data of its sale', (t) => {
  const body = sold('pro', {
    quantity: 3,
    price: 60,
    features: ['sync'],
    subscription: 'S',
    companion: true,
    trial: true,
  });
  const [line] = linesOf([told(day, 'order:A', body)]);
  t.deepEqual(line, {
    order: 'A',
    home: 'A',
    firstUnit: 0,
    line: 'pro',
    path: 'pro',
    product: 'pro',
    quantity: 3,
    units: 3,
    price: 60,
    features: ['sync'],
    subscription: 'S',
    companion: true,
    trial: true,
    isIssuedByEvent: true,
    failed: false,
    at: at(day),
    cause: `sold ${day}`,
  });
  const [plain] = linesOf([told(day, 'order:A', sold('pro'))]);
  t.like(plain, {
    companion: false,
    trial: false,
    price: undefined,
    features: undefined,
    subscription: null,
  });
});

test('a sale under an internal id belongs to that id’s order, and to none while no reference is known', (t) => {
  const sale = told(day, 'order-id:1', sold('pro'));
  t.deepEqual(shown([sale]), []);
  t.deepEqual(shown([sale, told(day, 'order-id:1', tie('order:A'))]), ['A/pro/pro*1']);
});

test('fault 28: a line without a product file is a line, and an operator names its product later', (t) => {
  const sale = saleOf({ ...sold(null), line: 'edu' });
  t.deepEqual(shown([sale]), ['A/edu/null*1']);
  const mapped: FactBody = { kind: 'mapped', line: 'edu', product: 'pro' };
  t.deepEqual(shown([sale, saleOf(mapped)]), ['A/edu/pro*1']);
  t.deepEqual(shown([sale, told(day, 'order-id:1', mapped), told(day, 'order-id:1', tie('order:A'))]), [
    'A/edu/pro*1',
  ]);
  t.deepEqual(shown([sale, saleOf(mapped, 'mapped', 'B')]), ['A/edu/null*1']);
  t.deepEqual(shown([sale, saleOf({ ...mapped, line: 'other' })]), ['A/edu/null*1']);
  const nameless: FactBody = { kind: 'sold', product: null, quantity: 1 };
  t.deepEqual(shown([saleOf(nameless), saleOf({ ...mapped, line: '' })]), ['A//pro*1']);
});

test('fault 28: a failed fulfillment is a sale without licenses until the sale itself is reported', (t) => {
  const failed = saleOf(sold('pro', { failed: true, subscription: 'S' }), 'failed');
  t.like(linesOf([failed])[0], { failed: true, isIssuedByEvent: false, quantity: 1 });
  const sale = saleOf(sold('pro', { quantity: 2 }), 'sold');
  for (const facts of [
    [failed, sale],
    [sale, failed],
  ]) {
    t.is(linesOf(facts).length, 1);
    t.like(linesOf(facts)[0], {
      failed: false,
      isIssuedByEvent: true,
      quantity: 2,
      units: 2,
      subscription: 'S',
    });
  }
  t.is(linesOf([failed, { ...failed, key: 'again' }])[0]?.quantity, 1);
});

test('two sales of one line add up and have no price', (t) => {
  const facts = [
    saleOf(sold('pro', { price: 20 }), 'a'),
    saleOf(sold('pro', { quantity: 2, price: 40 }), 'b'),
  ];
  t.deepEqual(shown(facts), ['A/pro/pro*3']);
  t.like(linesOf(facts)[0], { quantity: 3, units: 3, price: undefined });
});

test('licenses without lines match any line of their order and product', (t) => {
  const sale = saleOf(sold('pro', { line: 'pro-year' }));
  t.deepEqual(shown([sale], [recordOf({ line: '' })]), ['A//pro*1']);
  t.deepEqual(shown([sale], [recordOf({ line: '' }), recordOf({ line: 'pro-year' })]), [
    'A/pro-year/pro*1',
    'A//pro*1',
  ]);
  t.deepEqual(shown([sale], [recordOf({ line: '', product: 'app' })]), ['A/pro-year/pro*1', 'A//app*1']);
  t.deepEqual(shown([sale], [recordOf({ line: '', order: 'B' })]), ['A/pro-year/pro*1', 'B//pro*1']);
});

test('a Paddle payment states how many units need a license, and requests issue the licenses', (t) => {
  const confirmed: FactBody = { kind: 'confirmed', quantity: 3, line: '47', product: 'pro' };
  const [line] = linesOf([saleOf(confirmed)]);
  t.like(line, {
    order: 'A',
    line: '',
    product: 'pro',
    quantity: 3,
    units: 3,
    isIssuedByEvent: false,
    failed: false,
  });
  t.deepEqual(shown([saleOf({ ...confirmed, product: null })]), ['A/47/null*3']);
  t.deepEqual(shown([saleOf({ kind: 'confirmed', quantity: 3 })]), []);
  const mapped = [
    saleOf({ ...confirmed, product: null }),
    saleOf({ kind: 'mapped', line: '47', product: 'pro' }),
  ];
  t.deepEqual(shown(mapped), ['A//pro*3']);
  t.true(linesOf(mapped)[0]?.isIssuedByEvent, 'an operator says so');
  t.deepEqual(shown([told(day, 'order-id:1', confirmed)]), []);
});

test('only the first payment of a subscription states its order’s units', (t) => {
  const first = (more: object) =>
    told(
      day,
      'subscription:S',
      paid(null, { charge: 'order:A', covers: covers('pro', 2), part: 'first', ...more }),
    );
  t.deepEqual(shown([first({})]), ['A//pro*2']);
  t.deepEqual(shown([first({ part: 'rebill' })]), []);
  t.deepEqual(shown([first({ covers: [] })]), []);
  t.deepEqual(
    shown([told(day, 'subscription:S', paid(null, { covers: covers('pro', 2), part: 'first' }))]),
    [],
  );
  t.deepEqual(shown([told(day, 'subscription:S', paid(null, { charge: 'order:A', part: 'first' }))]), []);
});

test('a payment of an order with known lines adds no line', (t) => {
  const confirmed = saleOf({ kind: 'confirmed', quantity: 3, line: '47', product: 'app' });
  t.deepEqual(shown([saleOf(sold('pro')), confirmed]), ['A/pro/pro*1']);
  t.deepEqual(shown([confirmed], [recordOf({ line: '' })]), ['A//pro*3']);
  t.deepEqual(shown([confirmed], [recordOf({ line: 'pro' })]), ['A/pro/pro*3']);
  t.deepEqual(shown([confirmed, saleOf({ kind: 'linked', subscription: 'S' }, 'link')]), ['A//app*3 S']);
});

test('an order known only from requests has the requested or the existing units', (t) => {
  t.deepEqual(shown([], unitsOf(2)), ['A/pro/pro*2']);
  t.deepEqual(shown([], unitsOf(1, { answer: { ...ANSWER, quantity: 3 } })), ['A/pro/pro*3']);
  t.deepEqual(shown([], unitsOf(2, { answer: { ...ANSWER, quantity: 3, byUnit: true } })), ['A/pro/pro*2']);
  t.deepEqual(shown([], [recordOf(), recordOf({ reissue: 1 })]), ['A/pro/pro*1']);
  const [line] = linesOf([], [recordOf({ cause: 'fulfillment request', at: 7 })]);
  t.like(line, {
    quantity: undefined,
    at: 7,
    cause: 'fulfillment request',
    isIssuedByEvent: false,
    companion: false,
  });
});

test('a license issued by a subscription is no line of an order', (t) => {
  t.deepEqual(shown([], [recordOf({ order: 'subscription:S' })]), []);
});

const link = (more: object, order = 'A') =>
  saleOf({ kind: 'linked', subscription: 'S', ...more }, `link ${JSON.stringify(more)}`, order);

test('fault 11: a link that names a line links only that line', (t) => {
  const facts = [saleOf(sold('pro'), 'one'), saleOf(sold('app'), 'two'), link({ line: 'pro' })];
  t.deepEqual(shown(facts), ['A/pro/pro*1 S', 'A/app/app*1']);
});

test('fault 11: a sale with lines follows only the subscription that it names', (t) => {
  t.deepEqual(shown([saleOf(sold('app')), link({ product: 'app' })]), ['A/app/app*1']);
  t.deepEqual(shown([saleOf(sold('app')), link({})]), ['A/app/app*1']);
  t.deepEqual(shown([saleOf(sold('pro', { subscription: 'T' })), link({ line: 'pro' })]), ['A/pro/pro*1 T']);
});

test('an order without lines follows the link of its product, else the link of the order', (t) => {
  const sale = saleOf({ kind: 'sold', product: 'pro', quantity: 1 });
  t.deepEqual(shown([sale, link({})]), ['A//pro*1 S']);
  t.deepEqual(shown([sale, link({ subscription: 'T' }), link({ product: 'pro' })]), ['A//pro*1 S']);
  t.deepEqual(shown([sale, link({ product: 'app' })]), ['A//pro*1']);
  t.deepEqual(shown([sale, link({ line: 'x', product: 'pro' })]), ['A//pro*1 S']);
  t.deepEqual(shown([sale, link({}, 'B')]), ['A//pro*1']);
});

test('a requested license follows the link of its line, its product or its order', (t) => {
  t.deepEqual(shown([link({ line: 'pro' })], [recordOf()]), ['A/pro/pro*1 S']);
  t.deepEqual(shown([link({ product: 'pro' })], [recordOf()]), ['A/pro/pro*1 S']);
  t.deepEqual(shown([link({})], [recordOf()]), ['A/pro/pro*1 S']);
  t.deepEqual(shown([link({ line: 'app', product: 'pro' })], [recordOf()]), ['A/pro/pro*1']);
  t.deepEqual(shown([link({ product: 'app' })], [recordOf()]), ['A/pro/pro*1']);
  t.deepEqual(shown([link({ line: 'x', product: 'pro' })], [recordOf({ line: '' })]), ['A//pro*1 S']);
});

test('the first of several links counts', (t) => {
  t.deepEqual(shown([link({}), link({ subscription: 'T' })], [recordOf()]), ['A/pro/pro*1 S']);
  const twice = [link({ product: 'pro' }), link({ product: 'pro', subscription: 'T' })];
  t.deepEqual(shown(twice, [recordOf()]), ['A/pro/pro*1 S']);
});

test('orders are separate: each has its own payment, licenses and units', (t) => {
  const paidFor = (order: string, quantity: number) =>
    saleOf({ kind: 'confirmed', quantity, line: '47', product: 'app' }, `confirmed ${order}`, order);
  t.deepEqual(shown([paidFor('A', 1), paidFor('B', 2)]), ['A//app*1', 'B//app*2']);
  t.deepEqual(shown([paidFor('B', 2)], [recordOf()]), ['B//app*2', 'A/pro/pro*1']);
  const licenses = [
    ...unitsOf(2),
    ...unitsOf(3, { line: 'other' }),
    ...unitsOf(4, { product: 'app' }),
    ...unitsOf(5, { order: 'B' }),
  ];
  t.deepEqual(shown([], licenses), ['A/pro/pro*2', 'A/other/pro*3', 'A/pro/app*4', 'B/pro/pro*5']);
});

test('a line without a sale fact is no companion and no trial', (t) => {
  const none = { companion: false, trial: false, failed: false, isIssuedByEvent: false };
  t.like(linesOf([], [recordOf()])[0], none);
  t.like(linesOf([saleOf({ kind: 'confirmed', quantity: 1, line: '47', product: 'app' })])[0], none);
});
