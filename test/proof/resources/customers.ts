/** Customers of a machine that lacks a resource: their answers, and the check of every refusal. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Machine, RunningService } from '../../kit/machine.ts';
import { findingsOf, missingFrom } from '../kit/check.ts';

const WIDTH = 8;
/** Milliseconds of recovery. */
const RECOVERY = 8000;

export class Customers {
  readonly answered = new Map<string, string>();
  readonly faults: string[] = [];
  /** Orders that got a 503, and those that got no answer. */
  refused = 0;
  cut = 0;
  #orders = 0;
  readonly #accepted: readonly number[];

  /** `accepted`: other statuses that refuse an order, and need no Retry-After. */
  constructor({ accepted = [] }: { readonly accepted?: readonly number[] } = {}) {
    this.#accepted = accepted;
  }

  /** So many orders at once; each is requested once. */
  async buy(service: RunningService, count = WIDTH, quantity = 1): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, () => {
        this.#orders += 1;
        return this.ask(service, `r${this.#orders}`, quantity);
      }),
    );
  }

  async ask(service: RunningService, order: string, quantity = 1): Promise<void> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${service.url}/fulfillment/paddle-classic/example`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: service.form(order, quantity),
      });
      text = await response.text();
    } catch {
      this.cut += 1;
      return;
    }
    if (response.status === 200) {
      if ((this.answered.get(order) ?? text) !== text) this.faults.push(`${order} changed`);
      this.answered.set(order, text);
    } else if (response.status === 503) {
      this.refused += 1;
      if (!response.headers.has('retry-after')) this.faults.push(`${order} got a 503 without Retry-After`);
    } else if (this.#accepted.includes(response.status)) this.cut += 1;
    else this.faults.push(`${order} got ${response.status}: ${text}`);
  }

  /** Each refused request has one line in the log, and no other line reports a fault. */
  async readLog({ ran }: RunningService): Promise<void> {
    const lines = () => ran.out.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
    const told = () => lines().map((line): { status?: number } => JSON.parse(line));
    const refusals = () => told().filter(({ status }) => status === 503).length;
    // A line is written after its reply.
    for (const end = performance.now() + RECOVERY; refusals() < this.refused && performance.now() < end; )
      await wait(20);
    if (refusals() !== this.refused)
      this.faults.push(`${this.refused} were refused, ${refusals()} are in the log`);
    const other = lines().find((_, place) => told()[place]?.status === undefined);
    if (other !== undefined) this.faults.push(`the log also says: ${other}`);
  }

  /** Orders work again, answered orders get the same bytes, and a refused order its license. */
  async recover(service: RunningService): Promise<void> {
    const end = performance.now() + RECOVERY;
    const before = this.answered.size;
    while (this.answered.size === before && performance.now() < end) {
      await this.buy(service, 1);
      await wait(50);
    }
    if (this.answered.size === before) this.faults.push('it does not recover');
    const { refused, cut } = this;
    for (const order of [...this.answered.keys()].slice(-20)) await this.ask(service, order);
    for (let number = Math.max(1, this.#orders - 20); number <= this.#orders; number++)
      await this.ask(service, `r${number}`);
    if (this.refused > refused || this.cut > cut)
      this.faults.push('it refuses orders when all is well again');
  }

  /** Checks the ledger's folder against all answers. */
  async look(machine: Machine, dataDir: string): Promise<void> {
    for (const order of missingFrom(`${dataDir}/ledger.sqlite`, this.answered))
      this.faults.push(`${order} is lost`);
    this.faults.push(...(await findingsOf(machine, { DATA_DIR: dataDir })));
  }
}
