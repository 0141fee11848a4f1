/**
 * Units that are being sent, where several instances answer: leases in the database, by its clock. A lease of an instance
 * that was killed ends by itself, and the unit is handed out again.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Handout, type Handouts, handoutKey, MemoryHandouts } from '../../domain/ports/handouts.ts';
import type { OrderKey } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import type { ReadLane } from './session/read-lane.ts';

/** A request is cut after 20 seconds. */
const SENDING_SECONDS = 30;

/** Longer than an act waits for the database. */
const TURN_MILLISECONDS = 5000;

/** How long an order waits for its turn: longer than the turn of an instance that was killed. */
const PATIENCE_MILLISECONDS = 8000;

const NOW = 'clock_timestamp()';

/** The token is drawn once: where an answer was lost, the same statement finds its own row. */
const TAKE_TURN = `
  INSERT INTO handout_turn (name, token, until) VALUES ($1, $2, ${NOW} + $3 * interval '1 ms')
  ON CONFLICT (name) DO UPDATE SET token = excluded.token, until = excluded.until
  WHERE handout_turn.until <= ${NOW} OR handout_turn.token = excluded.token
  RETURNING token`;

const END_TURN = `UPDATE handout_turn SET until = '-infinity' WHERE name = $1 AND token = $2`;

/** Only during the turn: an instance that stood still may have lost it. */
const TAKE = `
  INSERT INTO handout (token, name, unit, until)
  SELECT $3, name, $4, ${NOW} + interval '${SENDING_SECONDS} s' FROM handout_turn
  WHERE name = $1 AND token = $2 AND until > ${NOW}
  ON CONFLICT (token) DO UPDATE SET until = excluded.until
  RETURNING token`;

const RELEASE = `UPDATE handout SET until = '-infinity' WHERE token = $1`;

const OUT = `SELECT unit FROM handout WHERE name = $1 AND until > ${NOW}`;

export class LeasedHandouts implements Handouts {
  readonly #reads: ReadLane;
  /** Of one instance, one act at a time asks for the order's turn. */
  readonly #local = new MemoryHandouts();
  readonly #turns = new Map<string, string>();

  constructor(reads: ReadLane) {
    this.#reads = reads;
  }

  oneAtATime<T>(order: OrderKey, act: () => Promise<T>): Promise<T> {
    return this.#local.oneAtATime(order, async () => {
      const name = handoutKey(order);
      const token = randomUUID();
      await this.#takeTurn(name, token);
      this.#turns.set(name, token);
      try {
        return await act();
      } finally {
        this.#turns.delete(name);
        this.#end(END_TURN, [name, token]);
      }
    });
  }

  /** For work that one instance does at a time: as Ledger.takeTurn. */
  async takeTurnFor(name: string, milliseconds: number): Promise<boolean> {
    const taken = await this.#reads.runShort(TAKE_TURN, [`work ${name}`, randomUUID(), milliseconds]);
    return taken.length > 0;
  }

  async unitsOut(order: OrderKey): Promise<ReadonlySet<number>> {
    const rows = await this.#reads.runShort(OUT, [handoutKey(order)]);
    return new Set(rows.map(({ unit }) => Number(unit)));
  }

  async take(order: OrderKey, unit: number): Promise<Handout> {
    const name = handoutKey(order);
    const token = randomUUID();
    const taken = await this.#reads.runShort(TAKE, [name, this.#turns.get(name), token, unit]);
    if (taken.length === 0) throw busy('the turn of the order has ended');
    return { release: () => this.#end(RELEASE, [token]) };
  }

  /** Deletes leases that ended long ago, where the role may delete; elsewhere they stay until the database restarts. */
  async forgetOld(): Promise<void> {
    for (const table of ['handout', 'handout_turn'])
      await this.#reads.run(`DELETE FROM ${table} WHERE until < ${NOW} - interval '1 day'`).catch(() => {});
  }

  async #takeTurn(name: string, token: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MILLISECONDS;
    while ((await this.#reads.runShort(TAKE_TURN, [name, token, TURN_MILLISECONDS])).length === 0) {
      if (performance.now() > deadline) throw busy('another instance answers for the order');
      await wait(10 + randomInt(20));
    }
  }

  /** If it fails, the lease ends by itself. */
  #end(text: string, values: readonly unknown[]): void {
    this.#reads.runShort(text, values).catch(() => {});
  }
}

function busy(detail: string): AppError {
  return new AppError('ledger_unavailable', 'The order is being answered; try again later.', { detail });
}
