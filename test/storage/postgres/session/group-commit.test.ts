/** Which acts share a group, without a database. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { GroupCommit } from '../../../../src/storage/postgres/session/group-commit.ts';
import type { WriteLane } from '../../../../src/storage/postgres/session/lane.ts';
import { LostConnection, ledgerError } from '../../../../src/storage/postgres/session/ledger-error.ts';
import type { Act } from '../../../../src/storage/postgres/session/run-group.ts';

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

for (const [what, fault, refused] of [
  ['answered nothing', new LostConnection('silent'), [true, true, false]],
  ['refused one of them', Object.assign(new Error('held'), { code: '55P03' }), [true, false, false]],
] as const) {
  test(`behind a group whose server ${what}, whoever waited past its deadline is ${refused[1] ? 'refused, too' : 'done'}`, async (t) => {
    const PATIENCE = 40;
    const groups: number[] = [];
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const lane = {
      isOpen: true,
      run: async (group: readonly Act[]) => {
        groups.push(group.length);
        await ended;
        for (const { resolve, reject } of group)
          if (groups.length > 1) resolve(undefined as never);
          else reject(ledgerError(fault));
      },
      close: async () => {},
    };
    const commits = new GroupCommit([lane as unknown as WriteLane], PATIENCE);
    const asked = [commits.run({}, nothing)];
    await wait(1);
    asked.push(commits.run({}, nothing));
    // The clock alone brings the second act past its deadline.
    await wait(PATIENCE + 5);
    asked.push(commits.run({}, nothing));
    end();
    const settled = await Promise.allSettled(asked);
    t.deepEqual(
      settled.map(({ status }) => status === 'rejected'),
      [...refused],
    );
    await commits.close();
  });
}
