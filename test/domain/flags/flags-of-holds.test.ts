/** A license that the seller suspended or revoked, and the plan that took its place. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { covers, sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, S, subscribed } from '../../kit/watched.ts';
import type { World } from '../../kit/world.ts';

const decided = (
  world: World,
  product: string,
  kind: 'stopped' | 'withdrawn' | 'reinstated',
  day: string,
) => {
  const license = world.records.find((one) => one.product === product);
  after(world, day, told(day, licenseSubject(license!.id), { kind }, `${kind} ${product}`));
};
const changed = (world: World, product: string, day: string) => {
  const body: FactBody = { kind: 'resized', product, quantity: 1, line: product };
  after(world, day, told(day, S, body, `to ${product}`));
};
const flagsOf = (world: World) => world.flags.filter((flag) => flag.includes('whose license you'));
const FLAG =
  'unclear: Subscription S changed from pro, whose license you suspended, to basic, whose license is active: decide about that one too';

test('a suspension does not follow to the plan that takes the place of the license: it is flagged until that one is decided', (t) => {
  const world = subscribed();
  decided(world, 'pro', 'stopped', '2027-01-05');
  t.deepEqual(flagsOf(world), [], 'nothing took its place');
  changed(world, 'basic', '2027-01-10');
  t.deepEqual(world.licenses, ['A/pro/pro/0 ended 2027-02-04', 'subscription:S//basic/0 active 2027-02-04']);
  t.deepEqual(flagsOf(world), [FLAG]);
  decided(world, 'basic', 'stopped', '2027-01-11');
  t.deepEqual(flagsOf(world), [], 'suspended too');
  decided(world, 'basic', 'reinstated', '2027-01-12');
  t.deepEqual(flagsOf(world), [FLAG]);
  changed(world, 'pro', '2027-01-13');
  t.deepEqual(flagsOf(world), [], 'changed back, to the license that is suspended');

  const revoked = subscribed();
  decided(revoked, 'pro', 'withdrawn', '2027-01-05');
  changed(revoked, 'basic', '2027-01-10');
  t.deepEqual(flagsOf(revoked), [FLAG.replace('suspended', 'revoked')]);
  const lifted = subscribed();
  decided(lifted, 'pro', 'stopped', '2027-01-05');
  decided(lifted, 'pro', 'reinstated', '2027-01-06');
  changed(lifted, 'basic', '2027-01-10');
  t.deepEqual(flagsOf(lifted), [], 'control: reinstated before');
});

test('an add-on beside a suspended license is no plan that took its place, and a reissued license is none that you revoked', (t) => {
  const world = subscribed();
  after(world, '2027-01-02', told(BEGUN, 'order:X', sold('basic', { subscription: 'S' }), 'sold X'));
  decided(world, 'pro', 'stopped', '2027-01-05');
  changed(world, 'team', '2027-01-10');
  t.deepEqual(
    flagsOf(world).map((flag) => /to (\w+),/.exec(flag)?.[1]),
    ['team'],
  );
  const both = subscribed();
  decided(both, 'pro', 'stopped', '2027-01-05');
  const lines = [...covers('pro', 1), ...covers('basic', 1)];
  after(both, '2027-01-10', told('2027-01-10', S, { kind: 'covered', lines }));
  t.is(both.records.length, 2);
  t.deepEqual(flagsOf(both), [], 'it is still what the subscription is for');
  const reissued = subscribed();
  const { id } = reissued.records[0]!;
  reissued.reissue(id, told('2027-01-05', licenseSubject(id), { kind: 'withdrawn' }));
  changed(reissued, 'basic', '2027-01-10');
  t.deepEqual(flagsOf(reissued), []);
});

test('where the seller suspended one of two units, and the number of units falls, an add-on took no place', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 });
  world.ask({ order: 'A', product: 'basic', line: 'basic' });
  const of = { subscription: 'S' };
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { ...of, quantity: 2 }), 'sold pro'),
    told(BEGUN, 'order:A', sold('basic', of), 'sold basic'),
  );
  const second = world.records.find(({ unit }) => unit === 1);
  after(world, '2027-01-05', told('2027-01-05', licenseSubject(second!.id), { kind: 'stopped' }));
  const to = (quantity: number): FactBody => ({
    kind: 'covered',
    lines: [...(quantity === 0 ? [] : covers('pro', quantity)), ...covers('basic')],
  });
  after(world, '2027-01-10', told('2027-01-10', S, to(1)));
  t.deepEqual(
    world.records.map(({ product, state }) => `${product} ${state}`),
    ['pro active', 'pro ended', 'basic active'],
  );
  t.deepEqual(flagsOf(world), []);
  after(world, '2027-01-12', told('2027-01-12', S, to(0)));
  t.deepEqual(flagsOf(world), [FLAG], 'control: no unit is left');
});
