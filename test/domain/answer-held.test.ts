/** Answers to requests whose order already has licenses, some or none of them answered. */
import test from 'ava';
import { decideIssue } from '../../src/domain/answer.ts';
import type { Issue } from '../../src/domain/ledger.ts';
import { productOf } from '../kit/product.ts';
import { recordOf } from '../kit/records.ts';
import { sold, told } from '../kit/telling.ts';
import { at, MARKET, World } from '../kit/world.ts';

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
  const { changes, result } = decideIssue(world.found, requestOf('all'), world.rules);
  t.is(result.outcome, 'repeated');
  t.deepEqual(changes.answers, []);
  t.is(decideIssue(world.found, requestOf('all', 2), world.rules).result.outcome, 'conflict');
});

test('units that no request asked for do not count among units answered one by one', (t) => {
  const world = begin();
  world.issue(requestOf(0));
  world.tell([sale(2)]);
  t.is(decideIssue(world.found, requestOf('all', 1), world.rules).result.outcome, 'repeated');
  t.is(decideIssue(world.found, requestOf('all', 2), world.rules).result.outcome, 'conflict');
});

test('a unit issued by an event and requested by itself is answered by itself, once', (t) => {
  const world = begin();
  world.tell([sale(2)]);
  world.issue(requestOf(1));
  t.deepEqual(
    world.records.map(({ answer }) => answer?.byUnit),
    [undefined, true],
  );
  const again = decideIssue(world.found, requestOf(1, 1, at('2027-01-05')), world.rules);
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
    const { changes } = decideIssue({ ...world.found, licenses: [held] }, requestOf('all'), world.rules);
    t.deepEqual(
      changes.touches.flatMap((touch) => touch.customer ?? []),
      [...touched],
    );
  }
});
