/**
 * Counts the rows that no other row would miss, and adds up their seals, so that one that was removed is found by
 * `ledger check`. No sale adds one: those are held by their licenses. To be run inside a transaction.
 */
import { REQUEST } from '../../domain/fulfill.ts';
import type { Connection } from './open.ts';
import { SEAL_BYTES, type Sealer } from './seal.ts';

/** `answer`: to a rebill, or to an order that an event had issued; `change`: a row of history but the first. */
export type Tallied = 'event' | 'fact' | 'answer' | 'change';

export const ANSWER_SEALS = `
  SELECT f.seal FROM fulfillment f JOIN history h ON h.license = f.license AND h.sequence = 0
  WHERE f.sequence > 1 OR h.cause <> '${REQUEST}'`;
export const CHANGE_SEALS = 'SELECT seal FROM history WHERE sequence > 0';
export const FACT_SEALS = 'SELECT seal FROM fact';

export interface TallyRow {
  readonly name: Tallied;
  readonly rows: number;
  /** All seals, one over the other by exclusive or: in whatever order rows come and change. */
  readonly sum: Buffer;
}

export function sealTally(sealer: Sealer, { name, rows, sum }: TallyRow): Buffer {
  return sealer.seal('tally', name, rows, sum);
}

export function addUp(name: Tallied, seals: Iterable<Uint8Array>): TallyRow {
  const sum = Buffer.alloc(SEAL_BYTES);
  let rows = 0;
  for (const seal of seals) {
    rows += 1;
    addTo(sum, seal);
  }
  return { name, rows, sum };
}

export class Tally {
  readonly #connection: Connection;
  readonly #sealer: Sealer;
  readonly #name: Tallied;
  readonly #select;
  readonly #put;

  constructor(connection: Connection, sealer: Sealer, name: Tallied) {
    this.#connection = connection;
    this.#sealer = sealer;
    this.#name = name;
    this.#select = connection.prepare<[Tallied], TallyRow>(
      'SELECT name, rows, sum FROM tally WHERE name = +?',
    );
    this.#put = connection.prepare(`
      INSERT INTO tally (name, rows, sum, seal) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, sum = excluded.sum, seal = excluded.seal`);
  }

  /** Adds up what a ledger held before it had tallies: once, as SQL makes no seals. Opens a transaction of its own. */
  begin(sealsThere: () => Iterable<Uint8Array>): void {
    if (this.#select.get(this.#name) !== undefined) return;
    this.#connection
      .transaction(() => {
        // Another process may have done it meanwhile.
        if (this.#select.get(this.#name) === undefined) this.#keep(addUp(this.#name, sealsThere()));
      })
      .immediate();
  }

  /** A row came, or, where there was one, took its place. */
  change(before: Uint8Array | undefined, after: Uint8Array): void {
    const tally = this.#select.get(this.#name);
    if (tally === undefined) throw new TypeError(`the tally of ${this.#name} was not begun`);
    if (before !== undefined) addTo(tally.sum, before);
    addTo(tally.sum, after);
    this.#keep({ ...tally, rows: tally.rows + (before === undefined ? 1 : 0) });
  }

  #keep(tally: TallyRow): void {
    this.#put.run(tally.name, tally.rows, tally.sum, sealTally(this.#sealer, tally));
  }
}

function addTo(sum: Buffer, seal: Uint8Array): void {
  for (const [place, byte] of seal.entries()) sum[place] = (sum[place] ?? 0) ^ byte;
}
