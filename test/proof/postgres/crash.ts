/** PostgreSQL itself ends at once, and starts again. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Weakness } from '../kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const BURST = 80;

export const COMMITS_LATER: Weakness = {
  file: 'src/storage/postgres/session/session-settings.ts',
  changes: [["set_config('synchronous_commit', 'on'", "set_config('synchronous_commit', 'off'"]],
};

export const postgresCrash: Proof = {
  title:
    'PostgreSQL stops at once (immediate shutdown, `kill -9` of its postmaster) under load and starts again: nothing answered is lost, and the service recovers by itself',
  unit: 'crashes',
  quick: 2,
  full: 40,
  run: (crashes, tools) => crash(crashes, tools),
  controls: [
    // Its log is then written only every ten seconds.
    { title: 'synchronous_commit=off', run: (tools) => crash(1, tools, COMMITS_LATER) },
  ],
};

async function crash(crashes: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const late: Record<string, string> =
    weakness === undefined
      ? {}
      : { wal_writer_delay: '10s', wal_writer_flush_after: '0', bgwriter_delay: '10s' };
  const cluster = await privateCluster(tools, late);
  const shop = await Shop.open(tools, weakness);
  const instances = [await shop.start(), await shop.start()];
  for (let turn = 0; turn < crashes; turn++) {
    const orders = ordersOf(turn, BURST);
    const before = shop.replies.size;
    const selling = shop.sellAll(orders, (order) => shop.sell(instances, order));
    await until(() => shop.replies.size >= before + 16);
    const gone = wait(pick(100, tools)).then(() => cluster.crash(turn % 2 === 0 ? 'SIGQUIT' : 'SIGKILL'));
    await gone;
    const answered = shop.replies.size;
    await startAgain(cluster.start);
    await shop.lookForLost();
    await selling;
    tools.note(`crash ${turn}: ${answered} orders were answered before it`);
    await shop.sellAtLast(instances, `${turn}-after`);
    await shop.sellAll(orders, (order) => shop.sell(instances, order));
    for (const order of orders)
      if (!shop.replies.has(order)) shop.violations.push(`${order} was not answered after the restart`);
  }
  await shop.judge();
  return { done: crashes, violations: shop.violations };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3000 && !isSo(); tries++) await wait(5);
}

/** The processes of a killed postmaster end a moment later. */
async function startAgain(start: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 20) throw error;
      await wait(250);
    }
  }
}
