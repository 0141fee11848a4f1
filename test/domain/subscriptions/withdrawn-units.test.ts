/** Units that the seller revoked by hand, beside returns and fewer units. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { readWithdrawals } from '../../../src/domain/subscriptions/withdrawn-units.ts';
import { productOf } from '../../kit/product.ts';
import { sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const PRODUCTS = [productOf({ id: 'app' }), productOf({ id: 'pro', term: 'P1M', grace: 'P3D' })];

/** Three units, 10 euros each. */
function sale(product: string, more = {}): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', { kind: 'charged', total: 30, currency: 'EUR' }),
    told(BEGUN, 'order:A', sold(product, { quantity: 3, price: 30, ...more })),
  ]);
  return world;
}

function decide(world: World, day: string, unit: number, kind: 'withdrawn' | 'reinstated'): World {
  world.now = at(day);
  const license = world.records.find((one) => one.unit === unit);
  if (license === undefined) throw new TypeError('no license');
  world.decide(told(day, licenseSubject(license.id), { kind }));
  return world;
}

function say(world: World, day: string, subject: Parameters<typeof told>[1], body: FactBody): World {
  world.now = at(day, 13);
  world.tell([told(day, subject, body)]);
  return world;
}

/** The money of units went back. */
const unitsBack = (world: World, day: string, product: string, quantity = 1): World => {
  const amount = 10 * quantity;
  const lines = [{ line: product, amount, quantity, full: false }];
  return say(world, day, 'order-id:1', { kind: 'repaid', amount, currency: 'EUR', lines });
};

/** The units of the live licenses. */
const live = (world: World) =>
  world.licenses
    .filter((text) => text.includes(' active '))
    .map((text) => Number(text.split(' ')[0]?.split('/').at(-1)));

for (const [product, more] of [
  ['app', {}],
  ['pro', { subscription: 'S' }],
] as const) {
  test(`a returned unit of ${product} is the one that the seller revoked before, else the newest one`, (t) => {
    t.deepEqual(live(unitsBack(sale(product, more), '2027-01-06', product)), [0, 1], 'the control');
    const world = unitsBack(decide(sale(product, more), '2027-01-05', 0, 'withdrawn'), '2027-01-06', product);
    t.deepEqual(live(world), [1, 2]);
    t.deepEqual(live(unitsBack(world, '2027-01-07', product)), [1]);
  });
}

test('a unit that the seller revokes after a return brings no returned unit back', (t) => {
  const world = decide(unitsBack(sale('app'), '2027-01-05', 'app'), '2027-01-06', 0, 'withdrawn');
  t.deepEqual(live(world), [1]);
  t.deepEqual(live(unitsBack(world, '2027-01-07', 'app')), [1], 'the next return is of the revoked unit');
});

test('a unit that is reinstated after a return is no revoked one', (t) => {
  const world = unitsBack(decide(sale('app'), '2027-01-05', 0, 'withdrawn'), '2027-01-06', 'app');
  t.deepEqual(live(decide(world, '2027-01-07', 0, 'reinstated')), [0, 1]);
});

test('two units back at once take the revoked unit and the newest one', (t) => {
  const world = decide(sale('app'), '2027-01-05', 0, 'withdrawn');
  t.deepEqual(live(unitsBack(world, '2027-01-06', 'app', 2)), [1]);
});

const resized = (quantity: number): FactBody => ({ kind: 'resized', product: 'pro', quantity, line: 'pro' });

test('fewer units leave those that the seller had not revoked', (t) => {
  const fewer = (world: World) => say(world, '2027-01-06', 'subscription:S', resized(2));
  const begun = () => sale('pro', { subscription: 'S' });
  t.deepEqual(live(fewer(begun())), [0, 1], 'the control');
  const world = fewer(decide(begun(), '2027-01-05', 0, 'withdrawn'));
  t.deepEqual(live(world), [1, 2]);
  t.deepEqual(live(say(world, '2027-01-08', 'subscription:S', resized(1))), [1]);
  const later = decide(fewer(begun()), '2027-01-07', 0, 'withdrawn');
  t.deepEqual(live(later), [1], 'revoked afterwards, it brings no ended unit back');
});

test('a reinstated license is no withdrawn one', (t) => {
  const said = (day: string, kind: 'withdrawn' | 'reinstated', id = 'license:x') =>
    told(day, id as 'license:x', { kind });
  const both = [said(BEGUN, 'withdrawn'), said(BEGUN, 'withdrawn', 'license:y')];
  t.deepEqual([...readWithdrawals([...both, said('2027-01-02', 'reinstated')])], [['license:y', at(BEGUN)]]);
});
