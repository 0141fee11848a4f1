/** A synthetic next release migrates the schema while instances of this release sell. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Instance } from '../../postgres/instance-process.ts';
import { run } from '../../postgres/server.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const BURST = 40;

/** What a release may do: its predecessor runs on the schema until it is replaced. */
const ADDS = (turn: number) => `
  ALTER TABLE license ADD COLUMN note_${turn} text;
  ALTER TABLE pen ADD COLUMN count_${turn} bigint NOT NULL DEFAULT 0;
  ALTER TABLE fact ADD COLUMN more_${turn} jsonb;
  CREATE TABLE later_${turn} (license bigint PRIMARY KEY, at bigint NOT NULL);
  UPDATE schema_version SET version = version + 1`;

/** What it may not do within one release. */
const RENAMES = () => `
  ALTER TABLE license RENAME COLUMN cause TO reason;
  UPDATE schema_version SET version = version + 1`;

export const postgresRolling: Proof = {
  title:
    'PostgreSQL: a later release adds columns and tables while two instances of this one sell, and each is then replaced in turn: every order is answered, by each with the same bytes',
  unit: 'updates',
  quick: 1,
  full: 20,
  run: (updates, tools) => roll(updates, tools, ADDS),
  controls: [{ title: 'a release that renames a column', run: (tools) => roll(1, tools, RENAMES) }],
};

async function roll(updates: number, tools: Tools, migrationOf: (turn: number) => string): Promise<Outcome> {
  await privateCluster(tools);
  const shop = await Shop.open(tools);
  const instances: Instance[] = [await shop.start(), await shop.start()];
  const everyone = async (orders: readonly string[]) => {
    for (const instance of instances) {
      await shop.sellAll(orders, async (order) => {
        if (shop.violations.length === 0 && !(await shop.sell([instance], order)))
          shop.violations.push(`${order} was not answered`);
      });
    }
  };
  for (let turn = 0; turn < updates && shop.violations.length === 0; turn++) {
    await everyone(ordersOf(`${turn}-before`, BURST / 4));
    const during = ordersOf(`${turn}-during`, BURST);
    const selling = everyone(during);
    await wait(30);
    await migrate(shop.url, migrationOf(turn));
    await selling;
    const [first] = instances;
    first?.process.kill('SIGTERM');
    instances.splice(0, 1);
    await everyone([...during, ...ordersOf(`${turn}-one`, BURST / 4)]);
    instances.push(await shop.start());
    await everyone(ordersOf(`${turn}-one`, BURST / 4));
  }
  if (shop.violations.length === 0) await shop.judge();
  return { done: updates, violations: shop.violations };
}

/** In one transaction; it waits for none of the sales for long. */
async function migrate(url: string, statements: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await run(`BEGIN; SET LOCAL lock_timeout = '500ms'; ${statements}; COMMIT`, url);
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await wait(50);
    }
  }
}
