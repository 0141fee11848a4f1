/** Orders whose event has the license code of another order: which of them are one sale, and which are not. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { dated, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const PRODUCTS = [
  productOf({ id: 'app', term: 'perpetual' }),
  productOf({ id: 'pro', term: 'P1M', grace: 'P3D' }),
];

/** Order A was asked for; the event of another order has its code. */
function asked(product = 'app', more: Parameters<World['ask']>[1] = {}): { world: World; code: string } {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product, line: product }, more);
  const [license] = world.records;
  return { world, code: license?.code ?? '' };
}

const sale = (order: string, product = 'app', more = {}): Fact =>
  told(BEGUN, `order:${order}`, sold(product, more));
const flags = ({ flags: all }: World) => all.filter((text) => text.startsWith('differs'));
const foreign = (order: string, other: string) =>
  `differs: The event of order ${order} has a license code of order ${other}, another sale: each has licenses of its own, so see which codes its customer got`;

test('an order keeps a license of its own where its event has the code of another sale, and is flagged', (t) => {
  const first = asked();
  first.world.tell([sale('A')]);
  first.world.tell([sale('B')], [first.code]);
  const last = asked();
  last.world.tell([sale('B')], [last.code]);
  t.deepEqual(last.world.licenses, ['A/app/app/0 active perpetual'], 'A may be the order by another word');
  last.world.tell([sale('A')]);
  for (const { world } of [first, last]) {
    t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'B/app/app/0 active perpetual']);
    t.deepEqual(flags(world), [foreign('B', 'A')]);
    world.tell([told('2027-01-02', 'order:B', { kind: 'refunded' })]);
    t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'B/app/app/0 revoked perpetual']);
    world.wait('2027-01-02');
    t.deepEqual(flags(world), [foreign('B', 'A')], 'it stays until a person settles it');
  }
});

test('of two orders whose events have the code of one request, the second has a license of its own', (t) => {
  const { world, code } = asked();
  world.tell([sale('B')], [code]);
  world.now += 1;
  world.tell([sale('C')], [code]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'C/app/app/0 active perpetual']);
  t.deepEqual(
    flags(world),
    [foreign('C', 'B')].map((text) => text.replace('order B', 'order A')),
  );
});

test('an order that was answered with codes of its own is not the order of a foreign code', (t) => {
  const { world, code } = asked();
  world.ask({ order: 'B', product: 'app', line: 'app' });
  world.tell([sale('B')], [code]);
  world.tell([told('2027-01-02', 'order:B', { kind: 'refunded' })]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'B/app/app/0 revoked perpetual']);
  t.deepEqual(flags(world), [foreign('B', 'A')]);
});

test('the code of another product than the order’s own is foreign', (t) => {
  const { world, code } = asked();
  world.tell([sale('B', 'pro')], [code]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'B/pro/pro/0 active 2027-02-04']);
  t.deepEqual(flags(world), [foreign('B', 'A')]);
  world.tell([told('2027-01-02', 'order:B', { kind: 'refunded' })]);
  t.regex(world.licenses[0] ?? '', /active/, 'the money of the order is not that of the other');
});

test('the code of an order of another subscription is foreign, and the code of the same subscription is not', (t) => {
  for (const [subscription, count] of [
    ['R', 2],
    ['S', 1],
  ] as const) {
    const linked = told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', product: 'pro', line: 'pro' });
    const { world, code } = asked('pro', { facts: [linked] });
    world.tell([sale('B', 'pro', { subscription })], [code]);
    t.is(world.licenses.length, count, subscription);
    t.is(flags(world).length, count - 1);
  }
});

test('the code of a subscription’s first order in the order of its charge is not foreign', (t) => {
  const { world, code } = asked('pro');
  world.tell([sale('A', 'pro', { subscription: 'S' }), told(BEGUN, S, dated('2027-02-01'))]);
  world.tell(
    [sale('B', 'pro', { subscription: 'S' }), told('2027-01-10', 'order:B', tie(S), 'tie B')],
    [code],
  );
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-04']);
  t.deepEqual(flags(world), []);
  const other = asked('pro');
  other.world.tell([told(BEGUN, 'order:A', tie(S), 'tie A')]);
  other.world.tell([sale('B', 'pro')], [other.code]);
  t.is(other.world.licenses.length, 2, 'control: an order that is a charge is not the sale');
});
