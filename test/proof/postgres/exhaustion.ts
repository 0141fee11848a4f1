/** PostgreSQL runs out of something: connections, writes, disk. */
import type { Cluster } from '../../postgres/cluster.ts';
import { sellAt } from '../../postgres/instance-process.ts';
import { newSchema, run } from '../../postgres/server.ts';
import type { Weakness } from '../kit/weakening.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';
import { DISK_FULL, SELLER, SHORTAGES, type Shortage } from './shortages.ts';

/** Of the server, with those that are kept for its superuser. */
const CONNECTIONS = 24;

/** The file system of the tables, megabytes. */
const SPACE = 16;

/** Orders before a shortage, and in each batch during it. */
const ORDERS = 8;

/** Batches until the shortage must have been felt. */
const BATCHES = 20;

export const IGNORES_ERRORS: Weakness = {
  file: 'src/storage/postgres/session/lane.ts',
  changes: [
    [
      'throw isRepeatable(error) ? missedRows(error, changes) : error;',
      'if (isRepeatable(error)) throw missedRows(error, changes);',
    ],
  ],
};

export const postgresExhaustion: Proof = {
  title:
    'PostgreSQL has no connection left, its role may have none, it is read-only, its disk is full: sales get 503 meanwhile, then the service recovers by itself, and nothing answered is lost',
  unit: 'shortages',
  quick: SHORTAGES.length,
  full: 10 * SHORTAGES.length,
  run: (amount, tools) =>
    suffer(Array.from({ length: amount / SHORTAGES.length }, () => SHORTAGES).flat(), tools),
  controls: [
    {
      title: 'an error of a full disk is ignored',
      run: (tools) => suffer([DISK_FULL], tools, IGNORES_ERRORS),
    },
  ],
};

async function suffer(shortages: readonly Shortage[], tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const cluster = await privateCluster(tools, { max_connections: String(CONNECTIONS) }, SPACE);
  const shop = await Shop.open(tools, weakness, await sellersSchema(cluster));
  shop.direct = shop.url.replace(`user=${SELLER}`, 'user=postgres');
  const instance = await shop.start();
  for (const [turn, { title, begin }] of shortages.entries()) {
    const orders = [...ordersOf(`${turn}-before`, ORDERS)];
    await shop.sellAll(orders, (order) => shop.sellAtLast([instance], order));
    const end = await begin(cluster, shop.url);
    let refused = 0;
    for (let batch = 0; batch < BATCHES && refused === 0; batch++) {
      const during = ordersOf(`${turn}-during-${batch}`, ORDERS);
      orders.push(...during);
      await shop.sellAll(during, async (order) => {
        const { status, text } = await sellAt(instance.url, order);
        if (status === 200) shop.replies.set(order, text);
        else if (status === 503) refused += 1;
        else shop.violations.push(`${title}: ${order} was answered ${status}: ${text}`);
      });
    }
    await end();
    await shop.lookForLost();
    if (refused === 0) shop.violations.push(`${title} was not felt: nothing was proved`);
    for (const order of orders) await shop.sellAtLast([instance], order);
    tools.note(`${title}: ${refused} of ${orders.length - ORDERS} got 503`);
  }
  await shop.judge();
  return { done: shortages.length, violations: shop.violations };
}

/** A schema of a role that is no superuser, with its tables in the small file system. */
async function sellersSchema({ folder, url: server }: Cluster): Promise<string> {
  for (const text of [
    `CREATE ROLE ${SELLER} LOGIN`,
    `CREATE TABLESPACE small LOCATION '${folder}/space'`,
    `GRANT CREATE ON TABLESPACE small TO ${SELLER}`,
    `ALTER ROLE ${SELLER} SET default_tablespace = 'small'`,
  ])
    await run(text, server);
  const url = await newSchema();
  const schema = /search_path%3D(\w+)/.exec(url)?.[1];
  await run(`ALTER SCHEMA ${schema} OWNER TO ${SELLER}`, server);
  return url.replace('user=postgres', `user=${SELLER}`);
}
