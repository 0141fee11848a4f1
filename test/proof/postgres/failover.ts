/** The primary is lost, and its standby takes over: on another port, in the same list of hosts. */
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../kit/free-port.ts';
import { type Cluster, promote, startStandby } from '../../postgres/cluster.ts';
import { run } from '../../postgres/server.ts';
import { until } from '../kit/until.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const BURST = 60;

export const postgresFailover: Proof = {
  title:
    'PostgreSQL: the primary is lost under load and its synchronous standby is promoted: nothing answered is lost, and the service finds the new primary in its list of hosts',
  unit: 'failovers',
  quick: 1,
  full: 10,
  run: async (failovers, tools) => {
    const violations: string[] = [];
    for (let turn = 0; turn < failovers; turn++) violations.push(...(await failOver(tools, true)));
    return { done: failovers, violations };
  },
  controls: [
    {
      title: 'an asynchronous standby that stood still',
      run: async (tools): Promise<Outcome> => ({ done: 1, violations: await failOver(tools, false) }),
    },
  ],
};

async function failOver(tools: Tools, isSynchronous: boolean): Promise<readonly string[]> {
  const [one, two] = [String(await freePort()), String(await freePort())];
  const local = { listen_addresses: '127.0.0.1' };
  const names = isSynchronous ? { synchronous_standby_names: 'ANY 1 (*)' } : {};
  const primary = await privateCluster(tools, { ...local, port: one, ...names });
  const standby = await startStandby(primary, { ...local, port: two });
  tools.teardown(() => standby.stop());
  const url = `postgres://postgres@127.0.0.1:${one},127.0.0.1:${two}/postgres`;
  const shop = await Shop.open(tools, undefined, url);
  const instances = [await shop.start()];
  await shop.sellAll(ordersOf('before', BURST), (order) => shop.sell(instances, order));
  const behind = isSynchronous ? undefined : await stopFollowing(standby);
  const orders = ordersOf('during', BURST);
  const selling = shop.sellAll(orders, (order) => shop.sell(instances, order));
  await wait(400);
  await primary.crash();
  if (behind !== undefined) await end(behind);
  tools.note(`${shop.replies.size} orders were answered before it`);
  await untilAnswering(standby);
  promote(standby);
  shop.direct = standby.url;
  await shop.lookForLost();
  await selling;
  await shop.sellAtLast(instances, 'after');
  for (const order of orders) await shop.sellAtLast(instances, order);
  await shop.judge();
  return shop.violations;
}

/** Stops the process that receives the primary's log. */
async function stopFollowing(standby: Cluster): Promise<number> {
  const [row] = await run('SELECT pid FROM pg_stat_wal_receiver', standby.url);
  const pid = Number(row?.['pid']);
  if (!(pid > 0)) throw new Error('the standby does not follow');
  process.kill(pid, 'SIGSTOP');
  return pid;
}

/** When it is gone, the standby takes no connection until it has ended all and recovered. */
async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(`/proc/${pid}`), 'the process was not ended');
}

async function untilAnswering({ url }: Cluster): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await run('SELECT 1', url);
      return;
    } catch {
      await wait(100);
    }
  }
}
