import test from 'ava';
import {
  addedTo,
  REFUSED_WITHIN,
  type RefusedCalls,
  RefusedCallTally,
} from '../../../src/domain/ports/refused-calls.ts';

const AT = 1_000_000_000;
const callsOf = (calls: number, at: number): RefusedCalls => ({
  ...{ marketplace: 'fastspring', what: 'event', calls },
  ...{ firstAt: at, lastAt: at },
});

test('calls of a day add up; a day after the first the count begins anew', (t) => {
  const first = addedTo(undefined, callsOf(2, AT));
  t.deepEqual(first, callsOf(2, AT));
  const last = AT + REFUSED_WITHIN - 1;
  t.like(addedTo(first, callsOf(3, last)), { calls: 5, firstAt: AT, lastAt: last });
  t.deepEqual(addedTo(first, callsOf(3, last + 1)), callsOf(3, last + 1));
});

test('the first and the last call are by their times, in whatever order they are counted', (t) => {
  const later = addedTo(callsOf(1, AT + 5), callsOf(1, AT));
  t.like(later, { calls: 2, firstAt: AT, lastAt: AT + 5 });
});

test('calls are counted by source in memory, until they are moved into the ledger', async (t) => {
  const tally = new RefusedCallTally();
  const moved: (readonly RefusedCalls[])[] = [];
  const add = async (counts: readonly RefusedCalls[]) => void moved.push(counts);
  await tally.flush({ add });
  t.deepEqual(moved, [], 'nothing to move');
  const event = { marketplace: 'fastspring', what: 'event' } as const;
  tally.count(event, AT);
  tally.count(event, AT + 1);
  tally.count({ ...event, what: 'request' }, AT);
  tally.count({ ...event, marketplace: 'stripe' }, AT);
  await tally.flush({ add });
  t.deepEqual(moved, [
    [
      { ...callsOf(2, AT), lastAt: AT + 1 },
      { ...callsOf(1, AT), what: 'request' },
      { ...callsOf(1, AT), marketplace: 'stripe' },
    ],
  ]);
  await tally.flush({ add });
  t.is(moved.length, 1, 'each call is moved once');
});

test('what the ledger does not take is counted on', async (t) => {
  const tally = new RefusedCallTally();
  const source = { marketplace: 'fastspring', what: 'event' } as const;
  tally.count(source, AT);
  const full = new Error('the disk is full');
  const refuse = async () => {
    tally.count(source, AT + 2);
    throw full;
  };
  t.is(await t.throwsAsync(() => tally.flush({ add: refuse })), full);
  const moved: RefusedCalls[] = [];
  await tally.flush({ add: async (counts) => void moved.push(...counts) });
  t.deepEqual(moved, [{ ...callsOf(2, AT), lastAt: AT + 2 }]);
});
