/** Two events that only together mean something, told to two instances at once. */
import { instances, tellPairs } from '../../postgres/trials.ts';
import { delayWrites, unlockNames } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

export const postgresSkew: Proof = {
  title:
    'PostgreSQL: two events that only together revoke a license, told at once to two instances: it is revoked',
  unit: 'pairs',
  quick: 10,
  full: 200,
  run: (pairs, tools) => told(pairs, tools, 0.02),
  controls: [{ title: 'READ COMMITTED without locks', run: (tools) => told(10, tools, 0.1, unlockNames) }],
};

/** Facts are written late, so that the other instance has read what was before them. */
async function told(
  pairs: number,
  tools: Tools,
  late: number,
  weaken: (url: string) => Promise<unknown> = async () => {},
): Promise<Outcome> {
  await privateCluster(tools);
  const { url, ledgers } = await instances(tools, 2);
  await weaken(url);
  await delayWrites(url, 'fact', late);
  const states = await tellPairs(ledgers, pairs);
  const wrong = states.flatMap((state, place) =>
    state === 'revoked' ? [] : [`pair ${place} ended ${state}`],
  );
  if (states.length !== pairs) wrong.push(`${states.length} licenses of ${pairs} pairs`);
  return { done: pairs, violations: wrong };
}
