/** Which acts share a group, without a database. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { GroupCommit } from '../../../src/storage/postgres/group-commit.ts';
import type { WriteLane } from '../../../src/storage/postgres/lane.ts';
import type { Act } from '../../../src/storage/postgres/run-group.ts';

/** A lane that tells how large its groups are. */
function laneOf() {
  const groups: number[] = [];
  const lane = {
    isOpen: true,
    run: async (group: readonly Act[]) => {
      groups.push(group.length);
      await wait(1);
      for (const { resolve } of group) resolve(undefined as never);
    },
    close: async () => {},
  };
  return { groups, commits: new GroupCommit([lane as unknown as WriteLane]) };
}

const nothing = () => undefined;

test('acts of one turn of the event loop are one group', async (t) => {
  const { groups, commits } = laneOf();
  await Promise.all([commits.run({}, nothing), commits.run({}, nothing)]);
  t.deepEqual(groups, [2]);
  await commits.close();
});

test('an act that nobody waits for is in the group of the next act', async (t) => {
  const { groups, commits } = laneOf();
  const later = commits.run({}, nothing, true);
  await wait(2);
  t.deepEqual(groups, [], 'it began no group');
  await commits.run({}, nothing);
  await later;
  t.deepEqual(groups, [2]);
  await commits.close();
});

test('it is committed by itself if no other comes, and when the ledger is closed', async (t) => {
  const { groups, commits } = laneOf();
  await commits.run({}, nothing, true);
  t.deepEqual(groups, [1]);
  const last = commits.run({}, nothing, true);
  await commits.close();
  await last;
  t.deepEqual(groups, [1, 1]);
});
