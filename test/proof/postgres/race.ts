/** Several instances issue the same orders at once. */
import { ID_SECRET, KEYRING } from '../../kit/minting.ts';
import { run } from '../../postgres/server.ts';
import { faultsOf } from '../../postgres/shop-ledgers.ts';
import { instances, race, tellApart } from '../../postgres/trials.ts';
import { delayWrites, dropUniqueness, lendPen, unlockNames, unsortNames } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

const INSTANCES = 4;
const BATCH = 100;

export const postgresRace: Proof = {
  title:
    'PostgreSQL: 4 instances issue the same orders at once, half of them backwards: one is first for each, each has one row, no two wait for each other, and `ledger check` finds nothing',
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
    {
      title: 'names are locked in the order of the acts',
      run: (tools) => raced(2 * BATCH, tools, unsortNames),
    },
    {
      title: 'all groups write with one pen, which none of them locks',
      run: (tools) =>
        raced(BATCH, tools, async (url) => {
          await lendPen(url);
          await delayWrites(url, 'fact', 0.003);
        }),
    },
  ],
};

async function raced(
  orders: number,
  tools: Tools,
  weaken: (url: string) => Promise<unknown>,
): Promise<Outcome> {
  await privateCluster(tools, { deadlock_timeout: '100ms' });
  const { url, ledgers } = await instances(tools, INSTANCES);
  await weaken(url);
  const violations: string[] = [];
  for (let batch = 0; batch < orders / BATCH; batch++) {
    const { issued, repeated, rows } = await race(ledgers, url, BATCH, batch);
    await tellApart(ledgers, BATCH, batch);
    if (rows !== BATCH) violations.push(`batch ${batch}: ${rows} rows of ${BATCH} orders`);
    if (issued !== BATCH) violations.push(`batch ${batch}: ${issued} of ${BATCH} orders were issued first`);
    if (issued + repeated !== INSTANCES * BATCH) violations.push(`batch ${batch}: an instance got no answer`);
  }
  violations.push(...(await faultsOf(tools, url, { idSecret: ID_SECRET, keyring: KEYRING })));
  // A connection reports what it met when it ends.
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  const [row] = await run(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    url,
  );
  if (row?.['deadlocks'] !== 0) violations.push(`${row?.['deadlocks']} deadlocks`);
  return { done: orders, violations };
}
