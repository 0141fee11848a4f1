/** Flags about partial refunds. */
import test from 'ava';
import type { Fact, Subject } from '../../../src/domain/facts/fact.ts';
import type { RepaidLine } from '../../../src/domain/facts/repaid-line.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, subscribed } from '../../kit/watched.ts';
import { at, World } from '../../kit/world.ts';

const S = 'subscription:S';

test('fault 1, 31: a partial refund is flagged with amount and order, until the refund is full', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const reason = 'partial-refund: 5.00 EUR of 39.00 of order A was returned: nothing was revoked';
  t.deepEqual(
    after(
      world,
      '2027-01-01',
      told(BEGUN, 'order:A', sold('app')),
      told(BEGUN, 'order:A', charged(39)),
      told(BEGUN, 'order:A', repaid(5, { lines: [] })),
    ),
    [reason],
  );
  t.deepEqual(
    after(world, '2027-01-02', told('2027-01-02', 'order:A', repaid(null))).at(-1),
    'partial-refund: An unstated amount of 39.00 of order A was returned: nothing was revoked',
  );
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(34))), []);
  t.is(world.found.flags[0]?.settledBy, 'by itself: its cause is gone');
});

test('a partial refund without currency or total is flagged too; a return of tax is not', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', repaid(5, { currency: null }))), [
    'partial-refund: 5.00 of order A was returned: nothing was revoked',
  ]);
  const tax = begin();
  tax.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(tax, BEGUN, told(BEGUN, 'order:A', repaid(5, { tax: true }))), []);
});

test('a flag of an amount in another currency than the charge names both', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const facts = [charged(20), repaid(22, { currency: 'USD' })].map((body) => told(BEGUN, 'order:A', body));
  t.deepEqual(after(world, BEGUN, ...facts), [
    'partial-refund: 22.00 USD of 20.00 EUR (another currency: they cannot be compared) of order A was returned: nothing was revoked',
  ]);
});

test('a return of a line or a unit is not flagged; a return by amount is', (t) => {
  const flags = (amount: number, quantity: number, line = 'app') => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
    const lines = [{ line, amount, quantity, full: false }];
    return after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', charged(60)),
      told(BEGUN, 'order:A', sold('app', { quantity: 2, price: 40 })),
      told('2027-01-02', 'order:A', repaid(amount, { lines })),
    ).length;
  };
  t.is(flags(20, 1), 0);
  t.is(flags(40, 0), 0);
  t.is(flags(20, 0), 1);
  t.is(flags(5, 1), 1);
  t.is(flags(20, 1, 'other'), 1);
});

test('a partial refund of a subscription’s charge is flagged; of an unknown order it is not', (t) => {
  const world = subscribed();
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  const part = (subject: Fact['subject']) => told('2027-02-02', subject, repaid(5), `part ${subject}`);
  t.deepEqual(after(world, '2027-02-02', part('order-id:2'), part('order-id:9')), [
    'partial-refund: 5.00 EUR of 10.00 of order 2 was returned: nothing was revoked',
  ]);
  t.is(world.found.flags[0]?.product, 'pro');
});

const backOf = (line: string, amount: number, more: Partial<RepaidLine> = {}): RepaidLine => ({
  line,
  amount,
  quantity: 0,
  full: false,
  ...more,
});
/** The flags about returns of an order or a charge. */
const parts = (world: World, subject: Subject, amount: number, ...lines: readonly RepaidLine[]) =>
  after(world, '2027-02-10', told('2027-02-10', subject, repaid(amount, { lines }))).filter((flag) =>
    flag.startsWith('partial-refund'),
  );

test('the flag of a partial refund names the order’s reference, the product and the event', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')), told(BEGUN, 'order-id:1', tie('order:A')));
  const part = { ...told('2027-01-02', 'order-id:1', repaid(5), 'r1'), cause: 'return.created e3' };
  after(world, '2027-01-02', part);
  t.deepEqual(openFlags(world), ['part:r1 A app e3']);
});

test('a partial refund of a charge without licenses yet names the sold product', (t) => {
  const failed = (product: string | null) => {
    const world = begin();
    const sale = sold(product, { failed: true, subscription: 'S' });
    after(world, BEGUN, told(BEGUN, 'order:A', sale), ...rebill('2027-02-01', '2027-03-01', '2'));
    return world;
  };
  const world = failed('pro');
  t.is(parts(world, 'order-id:2', 5).length, 1);
  t.true(openFlags(world).some((flag) => / 2 pro /.test(flag)));
  t.is(parts(failed(null), 'order-id:2', 5).length, 0, 'of nothing that is ours');
  t.is(parts(failed(null), 'order:A', 5).length, 0);
});

test('a partial refund of a charge names the product of the subscription’s license', (t) => {
  const world = subscribed();
  world.ask({ order: 'Z', product: 'app', line: 'app' });
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  parts(world, 'order-id:2', 5);
  t.true(openFlags(world).some((flag) => / 2 pro /.test(flag)));
});

test('the full return of a line of a later charge takes its period; a partial return, or another line, takes nothing', (t) => {
  const flagged = (...lines: readonly RepaidLine[]) => {
    const world = subscribed();
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
    return parts(world, 'order-id:2', 4, ...lines).length;
  };
  t.is(flagged(backOf('pro', 4, { full: true })), 0);
  t.is(flagged(backOf('pro', 4)), 1);
  t.is(flagged(backOf('else', 4, { full: true })), 1);
  t.is(flagged(backOf('pro', 4, { full: true }), backOf('else', 1)), 1, 'each line has to be accounted for');
});

test('the price of the own order’s line decides what a partial refund takes, not the price in another order', (t) => {
  const world = begin();
  for (const [day, order, price] of [
    ['2026-12-31', 'B', 10],
    [BEGUN, 'A', 40],
  ] as const) {
    world.ask({ order, product: 'app', line: 'app' });
    after(world, BEGUN, told(day, `order:${order}`, sold('app', { price })));
  }
  t.is(parts(world, 'order:A', 10, backOf('app', 10)).length, 1);
});

test('returned units are not flagged, unless the terms keep the license', (t) => {
  const flagged = (refund: 'keep' | 'revoke', failed: boolean) => {
    const world = new World([productOf({ id: 'app', term: 'perpetual', refund })], at(BEGUN));
    if (!failed) world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
    const sale = sold('app', { quantity: 2, price: 40, ...(failed && { failed }) });
    after(world, BEGUN, told(BEGUN, 'order:A', sale));
    return parts(world, 'order:A', 20, backOf('app', 20, { quantity: 1 })).length;
  };
  t.is(flagged('revoke', false), 0);
  t.is(flagged('keep', false), 1);
  t.is(flagged('revoke', true), 0, 'there is no license that it could take');
});

test('of two partial refunds of a line only the refund that took no unit is flagged', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2, price: 40 })));
  const part = (key: string, amount: number, quantity: number) =>
    told('2027-01-02', 'order:A', repaid(amount, { lines: [backOf('app', amount, { quantity })] }), key);
  after(world, '2027-01-02', part('unit', 20, 1), part('goodwill', 3, 0));
  t.deepEqual(openFlags(world), ['part:goodwill A app 2027-01-02']);
});

test('a partial refund of an imported subscription’s charge names the product of its license', (t) => {
  const world = begin();
  world.ask({ order: 'Z', product: 'app', line: 'app' });
  after(world, BEGUN, ...rebill(BEGUN, '2027-02-01', '1', { covers: covers('pro') }));
  t.is(parts(world, 'order-id:1', 5).length, 1);
  t.true(openFlags(world).some((flag) => / 1 pro /.test(flag)));
});

test('a line fully returned before it was licensed is not flagged', (t) => {
  const flagged = (line: string) => {
    const world = begin();
    after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { failed: true, price: 40 })));
    return parts(world, 'order:A', 5, backOf(line, 5, { full: true })).length;
  };
  t.is(flagged('app'), 0);
  t.is(flagged('else'), 1, 'the control');
});

test('the return of a line without a product file is flagged where other lines of the order have no price, and may be parts of it', (t) => {
  const flags = (price: number) => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    const lines = [{ line: 'suite', amount: 60, quantity: 1, full: true }];
    return after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', charged(90)),
      told(BEGUN, 'order:A', sold('app', { price }), 'sold:1:1'),
      told(BEGUN, 'order:A', { ...sold(null, { price: 60 }), line: 'suite' }, 'sold:1:2'),
      told(BEGUN, 'order:A', repaid(60, { lines })),
    ).filter((flag) => flag.startsWith('partial-refund'));
  };
  t.deepEqual(flags(0), ['partial-refund: 60.00 EUR of 90.00 of order A was returned: nothing was revoked']);
  t.deepEqual(flags(30), []);
});

test('a unit that was returned in its own period is not flagged once the next period is paid, or fewer units are stated', (t) => {
  const back = told(
    '2027-01-10',
    'order:A',
    repaid(20, { lines: [{ line: 'app', amount: 20, quantity: 1, full: false }] }),
  );
  const late = { ...back, at: at('2027-02-05') };
  const sizeOf = (quantity: number) =>
    told('2027-01-11', S, { kind: 'resized', line: 'app', product: 'app', quantity });
  const rebillOf = (quantity: number) => [
    told('2027-02-01', 'order:R', tie(S)),
    told('2027-02-01', S, paid('2027-03-01', { charge: 'order:R', covers: covers('app', quantity) })),
  ];
  const flags = (quantity: 'codes' | 'seats', ...facts: readonly Fact[]) => {
    const product = productOf({ id: 'app', term: 'P1M', quantity, seats: quantity === 'seats' ? 5 : 1 });
    const world = new World([product], at('2027-01-01'));
    world.ask({ order: 'A', product: 'app', line: 'app', quantity: 3 });
    world.now = at('2027-02-06');
    for (const fact of facts) world.tell([fact]);
    const first = [sold('app', { quantity: 3, price: 60, subscription: 'S' }), charged(60)] as const;
    world.tell(first.map((body) => told('2027-01-01', 'order:A', body)));
    world.tell([told('2027-01-01', S, dated('2027-02-01'))]);
    return world.flagKinds.filter((kind) => kind === 'partial-refund').length;
  };
  for (const kind of ['codes', 'seats'] as const) {
    for (const paidFor of [2, 3]) {
      t.is(flags(kind, back, ...rebillOf(paidFor)), 0, `${kind}, ${paidFor} paid`);
      t.is(flags(kind, ...rebillOf(paidFor), back), 0, `${kind}, ${paidFor} paid, told before`);
    }
    t.is(flags(kind, back), 0);
    t.is(flags(kind, back, sizeOf(2)), 0);
    t.is(flags(kind, sizeOf(2), back), 0);
    t.is(flags(kind, back, sizeOf(3)), 1, 'the control: all units are stated after the return');
    t.is(flags(kind, ...rebillOf(3), late), 1, 'the control: the return came in the next period');
  }
});
