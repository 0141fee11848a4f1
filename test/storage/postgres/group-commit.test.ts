/** Which acts share a group, without a database. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { untilQuiet } from '../../../src/storage/postgres/gather.ts';
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

test('acts of one turn of the event loop, and of the turns that follow without a pause, are one group', async (t) => {
  const { groups, commits } = laneOf();
  const acts = [commits.run({}, nothing), commits.run({}, nothing)];
  await new Promise<void>((resolve) =>
    setImmediate(() => {
      acts.push(commits.run({}, nothing));
      resolve();
    }),
  );
  await Promise.all(acts);
  t.deepEqual(groups, [3]);
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

test('who is alone waits for one turn; however many come, it ends after some milliseconds', async (t) => {
  let turns = 0;
  await untilQuiet(() => {
    turns += 1;
    return 1;
  }, 256);
  t.is(turns, 2);
  let many = 0;
  const start = performance.now();
  await untilQuiet(() => {
    many += 1;
    return many;
  }, Number.POSITIVE_INFINITY);
  t.true(performance.now() - start >= 4);
});
