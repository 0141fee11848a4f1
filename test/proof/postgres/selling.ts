/** Instances of the service as processes on a proof's PostgreSQL, with keys of their own, and sales at them. */
import { setTimeout as wait } from 'node:timers/promises';
import { checkLedgerOf } from '../../../src/service/ledger-files.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { pemOf } from '../../kit/sale.ts';
import { type Home, makeHome } from '../../kit/service.ts';
import { type Instance, sell, startInstance } from '../../postgres/instance-process.ts';
import { newSchema, run } from '../../postgres/server.ts';
import { type Weakness, weakened } from '../kit/weakening.ts';
import type { Tools } from '../proof.ts';

export class Shop {
  readonly url: string;
  /** The URL of the one server that is asked what the ledger holds. */
  direct: string;
  readonly #tools: Tools;
  readonly #home: Home;
  readonly #weakness: Weakness | undefined;
  /** The reply of each order that was answered with 200. */
  readonly replies: Map<string, string> = new Map();
  readonly violations: string[] = [];

  private constructor(tools: Tools, url: string, weakness: Weakness | undefined) {
    this.#tools = tools;
    this.url = url;
    this.direct = url;
    this.#weakness = weakness;
    this.#home = makeHome(tools, { env: { LEDGER_URL: url } });
  }

  /** Default: a new schema. */
  static async open(tools: Tools, weakness?: Weakness, url?: string): Promise<Shop> {
    return new Shop(tools, url ?? (await newSchema()), weakness);
  }

  get keysDir(): string {
    return this.#home.config.keysDir;
  }

  /** `changes`: what makes it another release; default: the shop's weakness. */
  start(
    changes: readonly Weakness[] = this.#weakness === undefined ? [] : [this.#weakness],
  ): Promise<Instance> {
    const { dataDir, keysDir } = this.#home.config;
    const env = {
      LEDGER_URL: this.url,
      DATA_DIR: dataDir,
      KEYS_DIR: keysDir,
      PADDLE_CLASSIC_PUBLIC_KEY: pemOf(rsaKey('live')),
      LOG_LEVEL: 'silent',
    };
    const around = changes.length === 0 ? { imports: [], env: {} } : weakened(...changes);
    return startInstance(this.#tools, { ...env, ...around.env }, around.imports);
  }

  /** Sells at the first instance that answers. True: with 200. An order that was answered before must get the same bytes. */
  async sell(instances: readonly Pick<Instance, 'url'>[], order: string): Promise<boolean> {
    const reply = await sell(
      instances.map(({ url }) => url),
      order,
    );
    if (reply === undefined) return false;
    const before = this.replies.get(order);
    if (before !== undefined && before !== reply) this.violations.push(`${order} got other bytes`);
    if (before === undefined) this.replies.set(order, reply);
    return true;
  }

  /** Sells until an instance answers: the service recovers by itself. */
  async sellAtLast(instances: readonly Pick<Instance, 'url'>[], order: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await this.sell(instances, order)) return;
      await wait(100);
    }
    this.violations.push(`${order}: the service did not recover`);
  }

  /** Sells orders, some at a time. */
  async sellAll(orders: readonly string[], sellOne: (order: string) => Promise<unknown>): Promise<void> {
    const waiting = [...orders];
    const buyer = async () => {
      for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) await sellOne(order);
    };
    await Promise.all(Array.from({ length: 8 }, buyer));
  }

  /** Each order that was answered has a row. A repeat would restore it with the same bytes: look before. */
  async lookForLost(): Promise<ReadonlyMap<string, number>> {
    const answered = [...this.replies.keys()];
    const rows = await run(
      'SELECT order_id, count(*)::int AS rows FROM license GROUP BY order_id',
      this.direct,
    );
    const counts = new Map(rows.map((row) => [String(row['order_id']), Number(row['rows'])]));
    for (const order of answered)
      if (!counts.has(order)) this.violations.push(`${order} was answered and is lost`);
    return counts;
  }

  /** Also: no order has two rows, numbers have no gap, and the check finds nothing. */
  async judge(): Promise<void> {
    const counts = await this.lookForLost();
    for (const [order, count] of counts)
      if (count > 1) this.violations.push(`${order} has ${count} licenses`);
    const [pens] = await run(
      'SELECT sum(last_license)::int AS numbered, (SELECT count(*) FROM license)::int AS rows FROM pen',
      this.direct,
    );
    if (pens?.['numbered'] !== pens?.['rows'])
      this.violations.push(`${pens?.['numbered']} numbers of ${pens?.['rows']} licenses`);
    for await (const { where, fault } of checkLedgerOf(this.#home.config))
      this.violations.push(`${where}: ${fault}`);
  }
}

export function ordersOf(turn: number | string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${turn}-${place}`);
}
