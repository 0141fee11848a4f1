import test from 'ava';
import { addedTo, REFUSED_WITHIN, type RefusedCalls } from '../../src/domain/refused-calls.ts';

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
