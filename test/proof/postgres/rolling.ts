/** Releases that follow each other, each with a migration: the next one migrates by its start while the one before it sells. */
import type { Instance } from '../../postgres/instance-process.ts';
import { run } from '../../postgres/server.ts';
import type { Weakness } from '../kit/weakening.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const BURST = 20;

/** What a release may do: its predecessor runs on the schema until it is replaced. */
const ADDS = (place: number) => `
  ALTER TABLE license ADD COLUMN note_${place} text;
  ALTER TABLE pen ADD COLUMN count_${place} bigint NOT NULL DEFAULT 0;
  ALTER TABLE fact ADD COLUMN more_${place} jsonb;
  CREATE TABLE later_${place} (license bigint PRIMARY KEY, at bigint NOT NULL)`;

/** What it may not do within one release. */
const RENAMES = () => 'ALTER TABLE license RENAME COLUMN cause TO reason';

/** The release before this one: it does not know the last migration, and uses nothing of it. */
export const BEFORE: Weakness = {
  file: 'src/storage/postgres/session/done-acts.ts',
  changes: [['const runs = group.flatMap((act) => act.runs ?? []);', 'const runs: readonly Runs[] = [];']],
};

const migrationsAs = (list: string): Weakness => ({
  file: 'src/storage/postgres/schema/migrations.ts',
  changes: [
    ['export const MIGRATIONS: readonly Migration[] = [', 'const ALL: readonly Migration[] = ['],
    [
      '/** The schema that a release with these migrations writes. */',
      `export const MIGRATIONS: readonly Migration[] = ${list};`,
    ],
  ],
});

/** 0: the release before this one. 1: this one. Further ones are synthetic, with a migration more each. */
function changesOf(release: number, sqlOf: (place: number) => string): readonly Weakness[] {
  if (release === 0) return [BEFORE, migrationsAs('ALL.slice(0, -1)')];
  const later = Array.from({ length: release - 1 }, (_, place) => ({ name: 'later', sql: sqlOf(place) }));
  return later.length === 0 ? [] : [migrationsAs(`[...ALL, ...${JSON.stringify(later)}]`)];
}

export const postgresRolling: Proof = {
  title:
    'PostgreSQL: the next release adds columns and tables by its start while two instances of the one before it sell, and each is then replaced in turn: every order is answered, by each with the same bytes',
  unit: 'updates',
  quick: 2,
  full: 20,
  run: (updates, tools) => roll(updates, tools, ADDS),
  controls: [{ title: 'a release that renames a column', run: (tools) => roll(2, tools, RENAMES) }],
};

async function roll(updates: number, tools: Tools, sqlOf: (place: number) => string): Promise<Outcome> {
  await privateCluster(tools);
  const shop = await Shop.open(tools);
  const start = (release: number) => shop.start(changesOf(release, sqlOf));
  let instances: readonly Instance[] = [await start(0), await start(0)];
  const schema = await schemaOf(shop);
  const everyone = async (orders: readonly string[]) => {
    for (const instance of instances) {
      await shop.sellAll(orders, async (order) => {
        if (shop.violations.length === 0 && !(await shop.sell([instance], order)))
          shop.violations.push(`${order} was not answered`);
      });
    }
  };
  for (let turn = 0; turn < updates && shop.violations.length === 0; turn++) {
    await everyone(ordersOf(`${turn}-before`, BURST));
    let isStarting = true;
    const starting = start(turn + 1).finally(() => {
      isStarting = false;
    });
    const during: string[] = [];
    while (isStarting && shop.violations.length === 0) {
      const orders = ordersOf(`${turn}-during-${during.length}`, BURST);
      during.push(...orders);
      await everyone(orders);
    }
    const [first, second] = instances;
    const third = await starting;
    if (second === undefined) throw new TypeError('there is no second instance');
    instances = [second, third];
    first?.process.kill('SIGTERM');
    await everyone([...during, ...ordersOf(`${turn}-one`, BURST)]);
    instances = [third, await start(turn + 1)];
    second.process.kill('SIGTERM');
    await everyone(ordersOf(`${turn}-one`, BURST));
    const migrated = (await schemaOf(shop)) - schema;
    if (migrated !== turn + 1) shop.violations.push(`${migrated} migrations in place of ${turn + 1}`);
  }
  if (shop.violations.length === 0) await shop.judge();
  return { done: updates, violations: shop.violations };
}

async function schemaOf({ url }: Shop): Promise<number> {
  const [row] = await run('SELECT version FROM schema_version', url);
  return Number(row?.['version']);
}
