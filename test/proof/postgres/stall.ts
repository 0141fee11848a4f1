/** An instance stands still in the middle of an act. */
import { issueOf } from '../../kit/ledger-data.ts';
import { instances } from '../../postgres/trials.ts';
import { standStill } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

/** What the others wait at most, milliseconds: the limit of an idle transaction, and a second to notice. */
const PATIENCE = 3000;

export const postgresStall: Proof = {
  title:
    'PostgreSQL: an instance stands still in an act and holds an order: the others go on within 3 seconds',
  unit: 'stalls',
  quick: 2,
  full: 20,
  run: stall,
  controls: [{ title: 'no idle_in_transaction_session_timeout', run: (tools) => stall(1, tools, '0') }],
};

/** `limit`: in place of the lane's own. */
async function stall(stalls: number, tools: Tools, limit?: string): Promise<Outcome> {
  await privateCluster(tools);
  const { url, first } = await instances(tools, 1);
  const violations: string[] = [];
  for (let turn = 0; turn < stalls; turn++) {
    const client = await standStill(url, `H${turn}`, limit);
    const start = performance.now();
    const [held, other] = await Promise.allSettled(
      [`H${turn}`, `O${turn}`].map((order) => first.issueFirst(issueOf({ order }))),
    );
    const took = Math.round(performance.now() - start);
    if (held?.status !== 'fulfilled' || other?.status !== 'fulfilled')
      violations.push(`stall ${turn}: an order was not issued within ${took} ms`);
    else if (took > PATIENCE) violations.push(`stall ${turn}: the others waited for ${took} ms`);
    await client.end().catch(() => {});
  }
  return { done: stalls, violations };
}
