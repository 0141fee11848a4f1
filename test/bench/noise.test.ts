import { availableParallelism } from 'node:os';
import test from 'ava';
import { shareOfOthers } from '../../bench/noise.ts';

test('the share of others is all usage of the machine less our own, over all processors', (t) => {
  const machine = availableParallelism() * 1e6;
  t.is(shareOfOthers(machine * 0.75, machine * 0.5, 1), 0.25);
  t.is(shareOfOthers(machine * 0.75, machine * 0.5, 2), 0.125);
});

test('a share is never negative, though the clock of the machine is coarser than ours', (t) => {
  t.is(shareOfOthers(990_000, 1_000_000, 1), 0);
});
