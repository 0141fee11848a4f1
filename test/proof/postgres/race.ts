/** Several instances issue the same orders at once. */
import { instances, race } from '../../postgres/trials.ts';
import { delayWrites, dropUniqueness, unlockNames } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

const INSTANCES = 4;
const BATCH = 100;

export const postgresRace: Proof = {
  title:
    'PostgreSQL: 4 instances issue the same orders at once, half of them backwards: one is first for each, and each has one row',
  unit: 'orders',
  quick: 200,
  full: 5000,
  run: (orders, tools) => raced(orders, tools, async () => {}),
  controls: [
    {
      title: 'neither locks nor unique keys',
      run: (tools) =>
        raced(BATCH, tools, async (url) => {
          await unlockNames(url);
          await dropUniqueness(url);
          await delayWrites(url, 'license', 0.003);
        }),
    },
  ],
};

async function raced(orders: number, tools: Tools, weaken: (url: string) => Promise<void>): Promise<Outcome> {
  await privateCluster(tools);
  const { url, ledgers } = await instances(tools, INSTANCES);
  await weaken(url);
  const violations: string[] = [];
  for (let batch = 0; batch < orders / BATCH; batch++) {
    const { issued, repeated, rows } = await race(ledgers, url, BATCH, batch);
    if (rows !== BATCH) violations.push(`batch ${batch}: ${rows} rows of ${BATCH} orders`);
    if (issued !== BATCH) violations.push(`batch ${batch}: ${issued} of ${BATCH} orders were issued first`);
    if (issued + repeated !== INSTANCES * BATCH) violations.push(`batch ${batch}: an instance got no answer`);
  }
  return { done: orders, violations };
}
