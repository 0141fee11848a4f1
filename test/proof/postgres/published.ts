/** A revocation list is published while an entry comes. */
import { instances, isLost } from '../../postgres/trials.ts';
import { delayWrites, unlockNames } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

export const postgresPublished: Proof = {
  title:
    'PostgreSQL: a revocation list is published while an entry comes: the list has it, or counts as changed',
  unit: 'lists',
  quick: 4,
  full: 60,
  run: (lists, tools) => published(lists, tools),
  controls: [{ title: 'without the lock of the list', run: (tools) => published(3, tools, unlockNames) }],
};

async function published(
  lists: number,
  tools: Tools,
  weaken: (url: string) => Promise<unknown> = async () => {},
): Promise<Outcome> {
  await privateCluster(tools);
  const { url, ledgers } = await instances(tools, 2);
  await weaken(url);
  await delayWrites(url, 'revocation_list', 0.5);
  const violations: string[] = [];
  for (let turn = 0; turn < lists; turn++)
    if (await isLost(ledgers, turn)) violations.push(`list ${turn} lacks an entry, and nothing says so`);
  return { done: lists, violations };
}
