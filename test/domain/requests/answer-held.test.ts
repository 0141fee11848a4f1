/** Answers to requests whose order already has licenses, some or none of them answered. */
import test from 'ava';
import { HANDED_BEFORE, type LedgerLicense } from '../../../src/domain/changes.ts';
import { licenseIdText, licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Issue } from '../../../src/domain/ledger.ts';
import { answerIssue } from '../../../src/domain/requests/answer.ts';
import { productOf } from '../../kit/product.ts';
import { ANSWER, recordOf } from '../../kit/records.ts';
import { sold, told } from '../../kit/telling.ts';
import { at, MARKET, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const APP = productOf({ id: 'app', term: 'perpetual' });
const begin = () => new World([APP], at(BEGUN));

/** A request for line app of the order A: for all its units, or for one. */
const requestOf = (units: Issue['units'], quantity = 1, on = at(BEGUN)): Issue => ({
  order: {
    ...MARKET,
    order: 'A',
    product: 'app',
    line: 'app',
    quantity,
    soldAt: on,
    customer: { name: 'Ada', email: 'ada@example.com' },
  },
  product: APP,
  units,
  facts: [],
  at: on,
  cause: 'a test',
});
const sale = (quantity: number) => told(BEGUN, 'order:A', sold('app', { quantity }));

test('a repeat does not answer further sold units', (t) => {
  const world = begin();
  world.issue(requestOf('all'));
  world.tell([sale(2)]);
  const { changes, result } = answerIssue(world.found, requestOf('all'), world.rules);
  t.is(result.outcome, 'repeated');
  t.deepEqual(changes.answers, []);
  t.is(answerIssue(world.found, requestOf('all', 2), world.rules).result.outcome, 'conflict');
  world.tell([{ ...sale(3), key: 'sold again' }]);
  t.is(
    answerIssue(world.found, requestOf('all', 2), world.rules).result.outcome,
    'conflict',
    'fewer than sold',
  );
});

test('units that no request asked for do not count among units answered one by one', (t) => {
  const world = begin();
  world.issue(requestOf(0));
  world.tell([sale(2)]);
  t.is(answerIssue(world.found, requestOf('all', 1), world.rules).result.outcome, 'repeated');
  t.is(answerIssue(world.found, requestOf('all', 2), world.rules).result.outcome, 'conflict');
});

test('a unit issued by an event and requested by itself is answered by itself, once', (t) => {
  const world = begin();
  world.tell([sale(2)]);
  world.issue(requestOf(1));
  t.deepEqual(
    world.records.map(({ answer }) => answer?.byUnit),
    [undefined, true],
  );
  const again = answerIssue(world.found, requestOf(1, 1, at('2027-01-05')), world.rules);
  t.deepEqual(again.changes.answers, []);
  const all = begin();
  all.tell([sale(2)]);
  all.issue(requestOf('all', 2));
  t.deepEqual(
    all.records.map(({ answer }) => answer?.byUnit),
    [false, false],
  );
});

test('a license keeps its customer when it is answered', (t) => {
  const world = begin();
  for (const [customer, touched] of [
    [5, []],
    [null, [{ name: 'Ada', email: 'ada@example.com' }]],
  ] as const) {
    const held = recordOf({ order: 'A', product: 'app', line: 'app', customer });
    const { changes } = answerIssue({ ...world.found, licenses: [held] }, requestOf('all'), world.rules);
    t.deepEqual(
      changes.touches.flatMap((touch) => touch.customer ?? []),
      [...touched],
    );
  }
});

test('a repeat changes nothing of licenses that were handed out as they are, or are revoked', (t) => {
  const held = (more: Partial<LedgerLicense>) =>
    recordOf({ order: 'A', product: 'app', line: 'app', customer: 1, answer: ANSWER, ...more });
  const touches = (...licenses: readonly LedgerLicense[]) =>
    answerIssue({ ...begin().found, licenses }, requestOf('all'), begin().rules).changes.touches;
  t.deepEqual(touches(held({ handed: 3 })), []);
  t.deepEqual(touches(held({ handed: HANDED_BEFORE, state: 'revoked' })), []);
  t.like(touches(held({ handed: HANDED_BEFORE })), [{ number: 1, handed: ANSWER.revision }]);
  const further = held({ number: 2, unit: 1, answer: null, handed: HANDED_BEFORE });
  t.deepEqual(touches(held({ handed: 3 }), further), [], 'no answer hands it out');
});

test('a request for all units is refused only if all of them are suspended', (t) => {
  const world = begin();
  world.tell([sale(2)]);
  const stop = (place: number) => {
    const { id } = world.records[place]!;
    world.decide(told(BEGUN, licenseSubject(id), { kind: 'stopped' }));
  };
  stop(0);
  const outcome = () => answerIssue(world.found, requestOf('all', 2), world.rules).result.outcome;
  t.is(outcome(), 'repeated');
  stop(1);
  t.is(outcome(), 'suspended');
});

test('a unit that is requested by itself while its order is suspended is kept, and so is what was answered', (t) => {
  const world = begin();
  world.issue(requestOf(0));
  world.tell([told('2027-01-02', 'order:A', { kind: 'disputed' })]);
  const states = () => world.records.map(({ unit, state, answer }) => [unit, state, answer !== null]);
  for (const time of ['first', 'second']) {
    t.is(world.issue(requestOf(1, 1, at('2027-01-03'))).outcome, 'suspended', time);
    t.deepEqual(
      states(),
      [
        [0, 'suspended', true],
        [1, 'suspended', false],
      ],
      time,
    );
  }
  t.is(world.issue(requestOf(0, 1, at('2027-01-03'))).outcome, 'repeated', 'a repeat gets the same answer');
  world.decide(told('2027-01-03', licenseSubject(world.records[0]!.id), { kind: 'reinstated' }));
  t.is(world.records[0]?.state, 'active');
  t.is(world.issue(requestOf(1, 1, at('2027-01-04'))).outcome, 'suspended', 'of itself');
});

test('a request for a further unit of an order whose bought units are all stored is a retry', (t) => {
  const many = productOf({ id: 'app', term: 'perpetual', multibuy: 'separate' });
  const ask = (world: World, unit: number) => world.issue({ ...requestOf(unit), product: many });
  const bought = (quantity: number) => {
    const world = new World([many], at(BEGUN));
    ask(world, 0);
    const stored = world.records.map(({ id }) => licenseIdText(id));
    world.tell([
      told(BEGUN, 'order:A', { kind: 'confirmed', quantity, line: '47', product: 'app' }),
      told(BEGUN, 'order:A', { kind: 'stored', licenses: stored }),
    ]);
    return world;
  };
  const world = bought(1);
  const before = JSON.stringify(world.found);
  t.is(ask(world, 1).outcome, 'repeated');
  t.is(JSON.stringify(world.found), before, 'nothing is issued');
  const two = bought(2);
  t.is(ask(two, 1).outcome, 'issued');
  t.is(two.records.length, 2);
  const none = new World([many], at(BEGUN));
  none.tell([told(BEGUN, 'order:A', { kind: 'refunded' })]);
  t.is(ask(none, 0).outcome, 'issued', 'a sale that was returned before its request');
});
