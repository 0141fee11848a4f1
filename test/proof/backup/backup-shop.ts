/** A shop whose ledger is copied: many buyers at a rate, and lives of licenses that a marketplace reports in parts. */
import { setTimeout as wait } from 'node:timers/promises';
import { simulatorSecret } from '../../../src/keyring/simulator-key.ts';
import { signRequest } from '../../../src/marketplaces/fastspring/simulator.ts';
import { type Step, stepsOf } from '../../../src/marketplaces/fastspring/stories.ts';
import type { Machine, RunningService } from '../../kit/machine.ts';
import { atOnce, Buyers } from '../kit/buyers.ts';

const CONNECTIONS = 32;
/** Orders per second, as long as the machine keeps up. */
export const RATE = 500;
/** Milliseconds between two checks of what is due. */
const TURN = 5;
const STORIES = ['subscription', 'refund', 'overdue', 'chargeback'] as const;

/** The buyers, and the marketplaces that send events. */
export class Shop {
  readonly answered = new Map<string, string>();
  readonly #service: RunningService;
  readonly #buyers: Buyers;
  readonly #secret: string;
  readonly #stories: readonly (readonly Step[])[];

  constructor(service: RunningService, machine: Machine, number: number) {
    this.#service = service;
    this.#buyers = new Buyers(service, CONNECTIONS);
    this.#secret = simulatorSecret(machine.path('keys'));
    const cast = {
      quantity: 2,
      period: 30,
      now: Date.UTC(2026, 10, 20),
      paths: ['example'],
      products: ['example'],
    } as const;
    this.#stories = STORIES.map((story) => stepsOf(story, { ...cast, run: `${story}${number}` }));
  }

  /** Before yesterday's backup: the first half of the events. */
  beginStories(): Promise<void> {
    return this.#tell(
      this.#service,
      this.#stories.flatMap((steps) => steps.slice(0, 2)),
    );
  }

  goOnWithStories(): Promise<void> {
    return this.#tell(
      this.#service,
      this.#stories.flatMap((steps) => steps.slice(2)),
    );
  }

  async retell(service: RunningService): Promise<string[]> {
    try {
      await this.#tell(service, this.#stories.flat());
      return [];
    } catch (error) {
      return [String(error)];
    }
  }

  async #tell(service: RunningService, steps: readonly Step[]): Promise<void> {
    const buyers = new Buyers(service);
    for (const step of steps) {
      const status =
        'events' in step
          ? await service.tell(step.events)
          : (
              await buyers.post(
                `/fulfillment/fastspring/${step.product}`,
                signRequest(step.request, this.#secret),
                {
                  'content-type': 'application/x-www-form-urlencoded',
                },
              )
            ).status;
      if (status !== 200) throw new Error(`${step.title} was answered ${status}`);
    }
    buyers.close();
  }

  /** Buys at the rate until it is stopped; resolves to the actual rate in orders per second. */
  async load(goesOn: () => boolean): Promise<number> {
    const start = performance.now();
    const under: Promise<void>[] = [];
    let begun = 0;
    while (goesOn()) {
      const due = Math.floor(((performance.now() - start) * RATE) / 1000);
      for (; begun < Math.min(due, this.answered.size + CONNECTIONS); begun++)
        under.push(this.#buy(`o${begun}`, begun));
      await wait(TURN);
    }
    await Promise.all(under);
    return (this.answered.size * 1000) / (performance.now() - start);
  }

  async #buy(order: string, number: number): Promise<void> {
    const { status, text } = await this.#buyers.order(order, { quantity: 1 + (number % 3) });
    if (status !== 200) throw new Error(`${order} got ${status}`);
    this.answered.set(order, text);
  }

  async repeat(service: RunningService, answered: ReadonlyMap<string, string>): Promise<string[]> {
    const buyers = new Buyers(service, CONNECTIONS);
    const faults: string[] = [];
    await atOnce(answered, CONNECTIONS, async ([order, before]) => {
      const { status, text } = await buyers.order(order, { quantity: 1 + (Number(order.slice(1)) % 3) });
      if (status !== 200 || text !== before) faults.push(`${order} got ${status} and other bytes`);
    });
    buyers.close();
    return faults;
  }

  close(): void {
    this.#buyers.close();
  }
}
