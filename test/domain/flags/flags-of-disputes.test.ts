/** A dispute that nobody decides is flagged in time. That of a part of a charge is in flags-of-money.test.ts. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, rebill, subscribed } from '../../kit/watched.ts';
import { at, type World } from '../../kit/world.ts';

const OPENED = '2027-01-10';
/** 120 days later. */
const LATE = '2027-05-10';
const OPEN =
  'unclear: Order A: the dispute of 2027-01-10 was not decided within 120 days, or was lost, which the marketplace may not report: see there, and revoke or reinstate its licenses';

const ofA = (day: string, body: FactBody) => told(day, 'order:A', body);

function disputed(kind: 'disputed' | 'charged-back' = 'disputed'): World {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  after(world, BEGUN, ofA(BEGUN, sold('app')));
  after(world, OPENED, ofA(OPENED, { kind }));
  return world;
}

test('a dispute that is still open after 120 days is flagged by time alone, until it is decided', (t) => {
  const world = disputed();
  t.deepEqual(world.flags, []);
  t.is(world.records[0]?.due, at(LATE));
  world.wait('2027-05-09');
  t.deepEqual(world.flags, [], 'not yet');
  world.wait(LATE);
  t.deepEqual(world.flags, [OPEN]);
  const won = ofA('2027-06-01', { kind: 'dispute-won' });
  t.deepEqual(after(world, '2027-06-01', won), []);
  t.deepEqual(
    world.found.flags.map(({ settledBy }) => settledBy),
    ['by itself: its cause is gone'],
  );
  for (const kind of ['dispute-won', 'dispute-lost', 'refunded'] as const) {
    const other = disputed();
    after(other, LATE, ofA('2027-02-01', { kind }));
    t.deepEqual(other.flags, [], kind);
  }
});

test('an open dispute that suspends nothing is not flagged', (t) => {
  const revoked = disputed('charged-back');
  revoked.wait(LATE);
  t.deepEqual(revoked.flags, [], 'a chargeback of a one-time sale revokes');
  const paid = subscribed();
  after(paid, OPENED, ofA(OPENED, { kind: 'charged-back' }));
  after(paid, LATE, ...rebill('2027-02-01', '2027-06-01', '2'));
  t.deepEqual(paid.flags, [], 'a later charge was paid');
  const unpaid = subscribed();
  after(unpaid, OPENED, ofA(OPENED, { kind: 'charged-back' }));
  unpaid.wait(LATE);
  t.deepEqual(unpaid.flags, [OPEN], 'the control');
});
