/** kill -9 of an instance among three, behind a small balancer. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Instance } from '../../postgres/instance-process.ts';
import type { Weakness } from '../kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const INSTANCES = 3;

/** Orders of a turn; the kill comes among them. */
const BURST = 60;

export const REPLIES_BEFORE_SAVING: Weakness = {
  file: 'src/storage/postgres/session/lane.ts',
  changes: [
    [
      'await this.#save(session, group, changes, pen);',
      `for (const [place, { resolve }] of group.entries()) resolve(results[place] as never);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await this.#save(session, group, changes, pen);`,
    ],
  ],
};

export const postgresKilled: Proof = {
  title:
    'PostgreSQL: `kill -9` of an instance among three behind a balancer: each order is answered by another, which repeats the same bytes',
  unit: 'kills',
  quick: 3,
  full: 100,
  run: (kills, tools) => killInTurns(kills, tools),
  controls: [{ title: 'reply before COMMIT', run: (tools) => killInTurns(1, tools, REPLIES_BEFORE_SAVING) }],
};

async function killInTurns(kills: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  await privateCluster(tools);
  const shop = await Shop.open(tools, weakness);
  const instances: Instance[] = [];
  for (let place = 0; place < INSTANCES; place++) instances.push(await shop.start());
  let next = 0;
  /** The balancer: the next instance first, then the others. */
  const inTurn = () => {
    next += 1;
    return instances
      .map((_, place) => instances[(next + place) % INSTANCES])
      .filter((each) => each !== undefined);
  };
  for (let turn = 0; turn < kills; turn++) {
    const place = turn % INSTANCES;
    const killed = instances[place];
    if (killed === undefined) throw new Error('no instance');
    const gone = wait(20 + pick(250, tools)).then(async () => {
      killed.process.kill('SIGKILL');
      await once(killed.process, 'exit');
      await shop.lookForLost();
    });
    const orders = ordersOf(turn, BURST);
    await shop.sellAll(orders, async (order) => {
      if (!(await shop.sell(inTurn(), order))) shop.violations.push(`${order} was answered by nobody`);
    });
    await gone;
    await shop.lookForLost();
    const others = instances.filter((each) => each !== killed);
    await shop.sellAll(orders, async (order) => {
      if (!(await shop.sell(others, order))) shop.violations.push(`${order} is not repeated`);
    });
    instances[place] = await shop.start();
  }
  await shop.judge();
  tools.note(`${shop.replies.size} orders answered`);
  return { done: kills, violations: shop.violations };
}
