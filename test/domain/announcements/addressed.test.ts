/** Who can be mailed: the customer of a sale may become known after its licenses. */
import test from 'ava';
import { isAddressed, newlyAddressed } from '../../../src/domain/announcements/addressed.ts';
import { decideEvent, decideIssue } from '../../../src/domain/decide.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, PRODUCTS } from '../../kit/watched.ts';
import { at, type World } from '../../kit/world.ts';

const ADA = { name: 'Ada', email: 'ada@example.com' };
const APP = PRODUCTS.find(({ id }) => id === 'app')!;

/** Two orders of which nobody knows the customer. */
function unnamed(): World {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')), told(BEGUN, 'order:B', sold('app'), 'sold B'));
  return world;
}
/** An event that names the customer of order A, and what else it says. */
function named(world: World, ...facts: readonly Fact[]) {
  const event = { facts, codes: [], people: [{ subject: 'order:A' as const, customer: ADA }] };
  return decideEvent(world.found, event, world.rules, world.now).changes;
}
const shown = (world: World, ...facts: readonly Fact[]) =>
  newlyAddressed(world.found, named(world, ...facts)).map(
    ({ license, topic, key }) => `${license.order} ${topic} ${key}`,
  );
test('the sale whose customer becomes known is mailed then, and no other sale', (t) => {
  t.deepEqual(shown(unnamed()), ['A sold addressed']);
  const world = unnamed();
  t.deepEqual(
    newlyAddressed(
      world.found,
      decideEvent(world.found, { facts: [], codes: [], people: [] }, world.rules, world.now).changes,
    ),
    [],
  );
});

test('a license that ended meanwhile, or whose customer was known, has no mail', (t) => {
  t.deepEqual(shown(unnamed(), told(BEGUN, 'order:A', { kind: 'refunded' })), []);
  const known = unnamed();
  known.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(shown(known), []);
});

test('a code that was handed out has no mail, unless the page after the checkout alone showed it', (t) => {
  const world = unnamed();
  const handed = (...bys: readonly ('page' | 'hand')[]) => {
    const { found } = world;
    const licenses = found.licenses.map((license) => ({ ...license, handed: 0 }));
    const facts = licenses.flatMap(({ id }) =>
      bys.map((by) =>
        told(BEGUN, licenseSubject(id), { kind: 'handed', revision: 0, ...(by === 'page' && { by }) }, by),
      ),
    );
    // What happened to other licenses does not count.
    const other = told(BEGUN, 'license:other', { kind: 'handed', revision: 0 });
    const stopped = licenses.map(({ id }) => told(BEGUN, licenseSubject(id), { kind: 'stopped' }));
    return newlyAddressed({ ...found, licenses, facts: [...facts, other, ...stopped] }, named(world)).length;
  };
  t.is(handed('page'), 1);
  t.is(handed('hand'), 0);
  t.is(handed('page', 'hand'), 0);
  t.is(handed(), 0, 'a request had it');
});

test('a license is addressed if its customer is known, before the changes or by them', (t) => {
  const world = unnamed();
  const [a, b] = ['A', 'B'].map((name) => world.records.find(({ order }) => order === name)?.number);
  const changes = named(world);
  const nothing = { ...changes, touches: [] };
  t.true(isAddressed(a!, world.found, changes));
  t.false(isAddressed(b!, world.found, changes));
  t.false(isAddressed(a!, world.found, nothing));
  t.false(isAddressed(99, world.found, changes), 'an unknown license');
  world.ask({ order: 'B', product: 'app', line: 'app' });
  t.true(isAddressed(b!, world.found, nothing));
  t.false(isAddressed(a!, world.found, { ...nothing, touches: [{ number: a!, due: 1 }] }), 'another change');
});

test('a license that is issued by the changes is addressed if they name its customer', (t) => {
  const issued = (customer: { name: string | undefined; email: string | undefined }, number: number) => {
    const world = begin();
    const order = {
      ...world.market,
      order: 'A',
      product: 'app',
      line: 'app',
      quantity: 1,
      soldAt: at(BEGUN),
      customer,
    };
    const issue = { order, product: APP, units: 'all' as const, facts: [], at: at(BEGUN), cause: 'a test' };
    return isAddressed(number, world.found, decideIssue(world.found, issue, world.rules).changes);
  };
  t.true(issued(ADA, -1));
  t.false(issued({ name: undefined, email: undefined }, -1));
  t.false(issued(ADA, -2), 'no such license');
  t.false(issued(ADA, 0));
});
