/** kill -9 at any moment: a request that got a 200 gets the same bytes after the restart. */
import { setTimeout as wait } from 'node:timers/promises';
import { Machine } from '../kit/machine.ts';
import { atOnce, Buyers } from './kit/buyers.ts';
import { findingsOf, ledgerOf, missingFrom } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

/** Orders of a cycle; the kill comes among them. */
const BURST = 200;
const CONNECTIONS = 32;

/**
 * Replies after the statements ran, and commits up to a second later. Drops the hook: it would
 * checkpoint inside the open transaction, and put rows into the mark that are not on disk.
 */
export const REPLIES_BEFORE_COMMIT: Weakness = {
  file: 'src/storage/sqlite/file/group-commit.ts',
  changes: [
    ['this.#begin.run();', 'if (!this.#connection.inTransaction) this.#begin.run();'],
    [
      'this.#commit.run();\n    } catch',
      'setTimeout(() => this.#connection.inTransaction && this.#commit.run(), 1000);\n    } catch',
    ],
    ['this.#hooks.afterCommit();', ''],
  ],
};

export const killed: Proof = {
  title: '`kill -9` under load, restart: every order that got a 200 repeats the same bytes',
  unit: 'cycles',
  quick: 16,
  full: 1000,
  run: (cycles, tools) => killAndRepeat(cycles, tools),
  controls: [
    { title: 'reply before commit', run: (tools) => killAndRepeat(4, tools, REPLIES_BEFORE_COMMIT) },
  ],
};

async function killAndRepeat(cycles: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const around = weakness === undefined ? {} : weakened(weakness);
  const violations: string[] = [];
  const answered = new Map<string, string>();
  let recent: string[] = [];
  let cut = 0;
  const lookFor = (orders: Iterable<string>, when: string) => {
    const texts = Array.from(orders, (order) => [order, answered.get(order)] as const);
    const known = texts.filter((each): each is [string, string] => each[1] !== undefined);
    for (const order of missingFrom(ledgerOf(machine), known)) violations.push(`${when}: ${order} is lost`);
  };
  for (let cycle = 0; cycle < cycles; cycle++) {
    const service = await machine.start(around);
    lookFor(recent, `cycle ${cycle}`);
    const buyers = new Buyers(service, CONNECTIONS);
    const buy = async (order: string) => {
      const { status, text } = await buyers.order(order);
      if (status !== 200) violations.push(`cycle ${cycle}: ${order} got ${status}`);
      else if ((answered.get(order) ?? text) !== text) violations.push(`cycle ${cycle}: ${order} changed`);
      else answered.set(order, text);
    };
    // Requests that the last crash interrupted are repeated, answered or not.
    await atOnce(recent, CONNECTIONS, buy);
    recent = Array.from({ length: BURST }, (_, i) => `${cycle}-${i}`);
    const delay = 2 + pick(120, tools);
    const replied = Promise.withResolvers<void>();
    // A busy machine may not reply to anything within the delay: in every other cycle it runs from the first reply.
    if (cycle % 2 === 1) replied.resolve();
    const kill = replied.promise.then(() => wait(delay)).then(() => service.ran.kill());
    await atOnce(recent, CONNECTIONS, (order) =>
      buy(order).then(replied.resolve, () => {
        cut += 1;
      }),
    );
    await kill;
    buyers.close();
  }
  if (cut === 0) violations.push('no request was ever cut off: nothing was proved');
  const last = await machine.start();
  lookFor(answered.keys(), 'at last');
  const buyers = new Buyers(last, CONNECTIONS);
  await atOnce(answered, CONNECTIONS, async ([order, before]) => {
    const { status, text } = await buyers.order(order);
    if (status !== 200 || text !== before) violations.push(`at last: ${order} got ${status} and other bytes`);
  });
  buyers.close();
  await last.ran.kill();
  violations.push(...(await findingsOf(machine)));
  tools.note(`${answered.size} orders answered, ${cut} requests cut off`);
  return { done: cycles, violations };
}
