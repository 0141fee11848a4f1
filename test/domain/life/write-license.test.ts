/** The written changes of a license: history rows with causes and times, and new codes. */
import test from 'ava';
import { decideEvent } from '../../../src/domain/decide.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { productOf } from '../../kit/product.ts';
import { dated, paid, sold, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const PRODUCTS = [
  productOf({ id: 'pro', term: 'P1M', grace: 'P3D' }),
  productOf({ id: 'app', term: 'perpetual' }),
];

function begin(quantity = 1): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity, subscription: 'S' }), 'pro'),
    told(BEGUN, 'order:A', sold('app'), 'app'),
    told(BEGUN, S, dated('2027-02-01')),
  ]);
  return world;
}
/** The rows that an act adds: license, state, cause. */
function rows(world: World, day: string, ...facts: readonly Fact[]): readonly string[] {
  const before = world.history.length;
  world.now = Math.max(world.now, at(day));
  world.tell(facts);
  return world.history.slice(before).map(({ number, state, cause }) => `${number} ${state}: ${cause}`);
}

test('a fact is in the history of each license that it concerns, and of no other', (t) => {
  const world = begin(2);
  t.deepEqual(rows(world, '2027-01-05', told('2027-01-05', S, { kind: 'noted', note: 'a reminder' })), [
    '1 active: noted 2027-01-05',
    '2 active: noted 2027-01-05',
  ]);
  t.deepEqual(rows(world, '2027-01-06', told('2027-01-06', 'order:A', { kind: 'noted', note: 'x' })), [
    '1 active: noted 2027-01-06',
    '2 active: noted 2027-01-06',
    '3 active: noted 2027-01-06',
  ]);
  t.deepEqual(rows(world, '2027-01-07', told('2027-01-07', 'order:B', { kind: 'noted', note: 'x' })), []);
  const own = told('2027-01-08', licenseSubject(world.records[1]!.id), { kind: 'stopped' });
  t.deepEqual(rows(world, '2027-01-08', own), ['2 suspended: stopped 2027-01-08']);
});

test('several facts of one act are one row, each cause once', (t) => {
  const world = begin();
  const causes = rows(
    world,
    '2027-01-05',
    { ...told('2027-01-05', S, { kind: 'overdue' }), cause: 'e1' },
    { ...told('2027-01-05', S, { kind: 'noted', note: 'x' }), cause: 'e1' },
    { ...told('2027-01-05', S, { kind: 'paused' }), cause: 'e2' },
  );
  t.deepEqual(causes, ['1 suspended: e1; e2']);
});

test('a license changed by another license’s fact has a general cause', (t) => {
  const world = begin();
  world.change(productOf({ id: 'pro', term: 'P1M', grace: 'P3D' }));
  const other = told('2027-01-05', 'order-id:7', { kind: 'dispute-lost' });
  t.deepEqual(rows(world, '2027-01-05', other), []);
  t.deepEqual(rows(world, '2027-01-06', told('2027-01-06', 'order-id:7', { kind: 'alias', of: 'order:A' })), [
    '1 revoked: alias 2027-01-06',
    '2 revoked: alias 2027-01-06',
  ]);
});

test('the first row of a license issued by an event states its cause', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  t.deepEqual(rows(world, BEGUN, told(BEGUN, 'order:A', sold('app'))), []);
  t.is(world.records[0]?.cause, 'sold 2027-01-01');
  const more = new World(PRODUCTS, at(BEGUN));
  t.deepEqual(
    rows(
      more,
      BEGUN,
      told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
      told(BEGUN, S, { kind: 'overdue' }),
    ),
    ['1 suspended: sold 2027-01-01; overdue 2027-01-01'],
  );
});

test('a change by time alone is dated to its due day; a change by a fact is dated now', (t) => {
  const world = begin();
  rows(world, '2027-01-02', told('2027-01-02', S, { kind: 'canceled', last: '2027-01-20' }));
  world.now = at('2027-01-25');
  world.tell([told('2027-01-25', 'order:B', { kind: 'noted', note: 'x' })]);
  t.like(world.history.at(-1), { at: at('2027-01-21', 0), cause: 'the day has come', state: 'ended' });
  const late = begin();
  rows(late, '2027-01-02', told('2027-01-02', S, { kind: 'canceled', last: '2027-01-20' }));
  t.deepEqual(rows(late, '2027-01-25', told('2027-01-25', S, { kind: 'noted', note: 'x' })), [
    '1 ended: noted 2027-01-25',
  ]);
  t.is(late.history.at(-1)?.at, at('2027-01-25'));
  t.deepEqual(rows(late, '2027-01-26'), [], 'and nothing after it');
});

test('a code is signed for a new entitlement, and none for the same entitlement', (t) => {
  const world = begin();
  const revision = () => world.records[0]?.revision;
  const first = revision();
  rows(world, '2027-01-05', told('2027-01-05', S, { kind: 'overdue' }));
  t.is(revision(), first, 'a state is in no code');
  rows(world, '2027-02-01', told('2027-02-01', S, paid('2027-03-01')));
  t.is(revision(), (first ?? 0) + 1);
  t.is(world.records[0]?.reach, '2027-03-04');
  rows(world, '2027-02-02', told('2027-02-02', S, { kind: 'canceled', last: '2027-02-10' }));
  t.is(PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').lastValid, '2027-02-10');
  t.is(world.records[0]?.reach, '2027-03-04', 'the older code still reaches that far');
});

test('a change without a fact of the license names the order as its cause', (t) => {
  const world = begin(2);
  const causes = rows(world, '2027-01-05', told('2027-01-05', S, { kind: 'noted', note: 'x' }));
  t.is(causes.length, 2);
  const dispute = told('2027-01-06', 'order:A', { kind: 'disputed' });
  t.deepEqual(rows(world, '2027-01-06', dispute), [
    '1 suspended: disputed 2027-01-06',
    '2 suspended: disputed 2027-01-06',
    '3 suspended: disputed 2027-01-06',
  ]);
});

test('a change by time in an act about another license is dated to its own day', (t) => {
  const world = begin();
  rows(world, '2027-01-02', told('2027-01-02', S, { kind: 'canceled', last: '2027-01-20' }));
  const own = told('2027-01-25', licenseSubject(world.records[1]!.id), { kind: 'stopped' });
  t.deepEqual(rows(world, '2027-01-25', own), [
    '1 ended: the day has come',
    '2 suspended: stopped 2027-01-25',
  ]);
  t.deepEqual(
    world.history.slice(-2).map((row) => row.at),
    [at('2027-01-21', 0), at('2027-01-25')],
  );
});

test('the subscription of a license is stored, and stored again if it changes', (t) => {
  const world = begin();
  t.deepEqual(
    world.records.map(({ subscription }) => subscription),
    ['S', null],
  );
});

test('a license’s rows contain no facts about other licenses', (t) => {
  const world = begin();
  const own = told('2027-01-05', licenseSubject(world.records[1]!.id), { kind: 'stopped' });
  t.deepEqual(rows(world, '2027-01-05', told('2027-01-05', S, { kind: 'noted', note: 'x' }), own), [
    '1 active: noted 2027-01-05',
    '2 suspended: stopped 2027-01-05',
  ]);
});

test('a new license has a further row for facts of its event beside the sale', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  const note = told(BEGUN, 'order:A', { kind: 'noted', note: 'x' });
  t.deepEqual(rows(world, BEGUN, told(BEGUN, 'order:A', sold('app')), note), [
    '1 active: sold 2027-01-01; noted 2027-01-01',
  ]);
  const again = { ...told('2027-01-05', 'order:A', { kind: 'noted', note: 'y' }), cause: 'sold 2027-01-01' };
  t.deepEqual(rows(world, '2027-01-05', again), ['1 active: sold 2027-01-01'], 'a later fact has a row too');
});

test('a license changed by facts of another order has a general cause, dated now', (t) => {
  const sale = (day: string, order: string, product: string) =>
    told(day, `order:${order}`, sold(product, { subscription: 'S' }), `sold ${order}`);
  const world = new World([...PRODUCTS, productOf({ id: 'basic', term: 'P1M', grace: 'P3D' })], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.now = at('2027-01-06');
  const size = told('2027-01-05', S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' });
  const cancel = told('2027-01-06', S, { kind: 'canceled', last: '2027-02-20' });
  world.tell([sale('2027-01-03', 'A', 'pro'), told(BEGUN, S, dated('2027-02-01')), size, cancel]);
  t.is(world.records[0]?.state, 'ended', 'the subscription is for another product');
  t.deepEqual(rows(world, '2027-01-20', sale('2027-01-02', 'B', 'basic')).slice(0, 1), [
    '1 active: what is known of the order',
  ]);
  t.not(world.records[0]?.due, null, 'a day is still to come');
  t.deepEqual(rows(world, '2027-01-21', sale('2027-01-01', 'C', 'pro')).slice(0, 1), [
    '1 ended: what is known of the order',
  ]);
  t.is(world.history.findLast(({ number }) => number === 1)?.at, at('2027-01-21'));
});

test('a change is due from the first moment of its day', (t) => {
  const world = begin();
  rows(world, '2027-01-02', told('2027-01-02', S, { kind: 'canceled', last: '2027-01-20' }));
  world.now = at('2027-01-21', 0);
  world.tell([told('2027-01-20', 'order:B', { kind: 'noted', note: 'x' })]);
  t.like(world.history.at(-1), { at: at('2027-01-21', 0), cause: 'the day has come' });
});

test('a code mailed by hand counts as handed out, and an older revision does not lower it', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  ]);
  const handed = (day: string, revision: number) => {
    world.tell([told(day, licenseSubject(world.records[0]!.id), { kind: 'handed', revision })]);
    return world.records[0]?.handed;
  };
  t.is(world.records[0]?.handed, null);
  t.is(handed('2027-01-02', 0), 0);
  t.is(handed('2027-01-03', 2), 2);
  t.is(handed('2027-01-04', 1), 2);
});

test('a shorter code counts as handed out where the longer one was; otherwise it is still to be handed out', (t) => {
  for (const isHanded of [true, false]) {
    const world = begin();
    const until = (day: string) => world.tell([told(day, S, dated(day))]);
    const newest = () => world.records[0]!;
    world.now = at('2027-02-01');
    until('2027-06-01');
    const longer = newest().revision;
    if (isHanded)
      world.tell([told('2027-02-01', licenseSubject(newest().id), { kind: 'handed', revision: longer })]);
    world.tell([told('2027-06-02', S, dated('2027-05-01'))]);
    t.is(newest().revision, longer + 1);
    t.is(newest().handed, isHanded ? longer + 1 : 0);
    world.tell([told('2027-06-03', S, dated('2027-09-01'))]);
    t.deepEqual(
      [newest().revision, newest().handed],
      [longer + 2, isHanded ? longer + 1 : 0],
      'a longer one',
    );
  }
});

/** The changes of one event. */
function writtenBy(world: World, ...facts: readonly Fact[]) {
  return decideEvent(world.found, { facts, codes: [], people: [] }, world.rules, world.now).changes;
}

test('a fact that changes nothing does not touch the license', (t) => {
  const { changes, touches } = writtenBy(begin(), told(BEGUN, S, { kind: 'noted', note: 'x' }));
  t.is(changes.length, 1);
  t.deepEqual(touches, []);
});

test('a revoked license keeps the last valid day of its code, despite other facts', (t) => {
  const world = begin();
  const [change] = writtenBy(
    world,
    told(BEGUN, S, paid('2027-06-01')),
    told(BEGUN, 'order:A', { kind: 'voided' }),
  ).changes;
  t.like(change, { state: 'revoked', code: undefined, lastValid: '2027-02-04' });
});
