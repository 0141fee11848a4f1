/** What a charge was for, by line: what its returns are held against. */
import test from 'ava';
import type { Fact, Subject } from '../../../src/domain/facts/fact.ts';
import type { RepaidLine } from '../../../src/domain/facts/repaid-line.ts';
import { chargedLine } from '../../../src/domain/money/charged-lines.ts';
import { readView } from '../../../src/domain/view.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const NEXT = '2027-02-01';

/** Two subscriptions of pro that are charged together, for 2 and for 3 units. */
const group = (day: string): Fact[] =>
  ['S', 'T'].flatMap((id, place) => [
    told(day, 'order-id:2', tie(`subscription:${id}`), `tie:${id}`),
    told(
      day,
      `subscription:${id}`,
      paid('2027-03-01', {
        charge: 'order-id:2',
        total: 60,
        currency: 'EUR',
        covers: covers('pro', 2 + place),
      }),
    ),
  ]);

test('a line of an order has its units and its price, and one of a later charge its units', (t) => {
  const view = readView(
    [
      told(BEGUN, 'order:A', charged(60)),
      told(BEGUN, 'order:A', sold('pro', { quantity: 2, price: 40, subscription: 'S' })),
      told(NEXT, 'order-id:2', tie('subscription:S')),
      told(NEXT, 'subscription:S', paid('2027-03-01', { charge: 'order-id:2', covers: covers('pro', 3) })),
    ],
    [],
  );
  const line = { line: 'pro', subscription: 'S' };
  t.deepEqual(chargedLine('order:A', 'pro', 'S', view), { ...line, quantity: 2, price: 40 });
  t.deepEqual(chargedLine('order-id:2', 'pro', 'S', view), { ...line, quantity: 3, price: undefined });
  t.deepEqual(chargedLine('order-id:2', 'app', 'S', view), {
    line: 'app',
    subscription: 'S',
    quantity: undefined,
    price: undefined,
  });
});

test('a line of several subscriptions has what all of them were charged for beside its own', (t) => {
  const view = readView(group(NEXT), []);
  const of = (id: string | undefined) => chargedLine('order-id:2', 'pro', id, view);
  t.like(of('S'), { quantity: 2, shared: { quantity: 5, price: undefined } });
  t.like(of('T'), { quantity: 3, shared: { quantity: 5, price: undefined } });
  t.like(of(undefined), { shared: { quantity: 5, price: undefined } });
});

test('two lines of one path in an order add up to both prices', (t) => {
  const of = (id: string, price: number) =>
    told(BEGUN, 'order:A', sold('pro', { price, subscription: id }), `sold:1:${id}`);
  const view = readView([of('S', 40), of('T', 30)], []);
  t.like(chargedLine('order:A', 'pro', 'S', view), {
    quantity: 1,
    price: 40,
    shared: { quantity: 2, price: 70 },
  });
});

test('of lines of which one states no price, what they cost together is not known', (t) => {
  const of = (id: string, price?: number) =>
    told(BEGUN, 'order:A', sold('pro', { ...(price && { price }), subscription: id }), `sold:1:${id}`);
  for (const facts of [
    [of('S', 40), of('T')],
    [of('S'), of('T', 40)],
  ]) {
    const { shared } = chargedLine('order:A', 'pro', 'S', readView(facts, []));
    t.deepEqual(shared, { quantity: 2, price: undefined });
  }
});

test('a line has its own path and charge alone, and counts for a subscription or for none', (t) => {
  const view = readView(
    [
      told(BEGUN, 'order:A', sold('app', { price: 10 })),
      told(BEGUN, 'order:A', sold('pro', { quantity: 2, price: 40 }), 'pro'),
      told(BEGUN, 'order:B', sold('pro', { quantity: 7, price: 70 })),
      told(BEGUN, 'subscription:S', { kind: 'overdue' }),
      ...['2', '3'].flatMap((id, place) => [
        told(NEXT, `order-id:${id}`, tie('subscription:S'), `tie ${id}`),
        told(
          NEXT,
          'subscription:S',
          paid('2027-03-01', {
            charge: `order-id:${id}`,
            covers: [...covers('app', 9), ...covers('pro', 3 + place)],
          }),
          `paid ${id}`,
        ),
      ]),
      told(NEXT, 'subscription:S', paid('2027-03-01', { covers: covers('pro', 8) }), 'without a charge'),
      told(NEXT, 'order-id:4', tie('subscription:S'), 'of which nothing is told'),
    ],
    [],
  );
  const of = (charge: Subject, id?: string) => chargedLine(charge, 'pro', id, view);
  const sale = { line: 'pro', subscription: undefined, quantity: 2, price: 40 };
  t.deepEqual(of('order:A'), sale);
  t.deepEqual(of('order:A', 'S'), { ...sale, subscription: 'S' }, 'of none: it is meant');
  const charge = { line: 'pro', subscription: 'S', price: undefined };
  t.deepEqual(of('order-id:2', 'S'), { ...charge, quantity: 3 });
  t.deepEqual(of('order-id:3', 'S'), { ...charge, quantity: 4 });
  t.deepEqual(of('order-id:4', 'S'), { ...charge, quantity: undefined });
});

test('of subscriptions that are charged together, a return takes the period of the one that it names, and else of none', (t) => {
  const after = (back: Partial<RepaidLine>) => {
    const world = new World([productOf({ id: 'pro', term: 'P1M', grace: 'P0D' })], at(BEGUN));
    for (const [id, order, quantity] of [
      ['S', 'A', 2],
      ['T', 'B', 3],
    ] as const) {
      world.ask({ order, product: 'pro', line: 'pro', quantity });
      world.tell([
        told(BEGUN, `order:${order}`, sold('pro', { quantity, price: 10 * quantity, subscription: id })),
        told(BEGUN, `subscription:${id}`, dated(NEXT)),
      ]);
    }
    world.now = at(NEXT);
    world.tell(group(NEXT));
    world.now = at('2027-02-05');
    const line: RepaidLine = { line: 'pro', amount: 20, quantity: 2, full: true, ...back };
    world.tell([told('2027-02-05', 'order-id:2', repaid(24, { lines: [line] }))]);
    const isPaid = (id: string) =>
      world.records
        .filter(({ subscription }) => subscription === id)
        .every(({ code }) => PLAIN_MINTER.entitlementOf(code).lastValid === '2027-03-01');
    return [...['S', 'T'].map(isPaid), world.flagKinds.join()];
  };
  t.deepEqual(after({ subscription: 'S' }), [false, true, '']);
  t.deepEqual(after({}), [true, true, 'partial-refund']);
  t.deepEqual(after({ quantity: 5, amount: 50 }), [false, false, '']);
});
