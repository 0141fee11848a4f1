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

/** The tallies of a ledger. A transaction that changes one a hundred times writes it once, as its last act. */
export class Tallies {
  readonly #connection: Connection;
  readonly #sealer: Sealer;
  readonly #select;
  readonly #put;
  /** What the transaction that is open has added so far. */
  readonly #added = new Map<Tallied, TallyRow>();

  constructor(connection: Connection, sealer: Sealer) {
    this.#connection = connection;
    this.#sealer = sealer;
    this.#select = connection.prepare<[Tallied], TallyRow>(
      'SELECT name, rows, sum FROM tally WHERE name = +?',
    );
    this.#put = connection.prepare(`
      INSERT INTO tally (name, rows, sum, seal) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, sum = excluded.sum, seal = excluded.seal`);
  }

  /** Adds up what a ledger held before it had tallies: once, as SQL makes no seals. Opens a transaction of its own. */
  begin(name: Tallied, sealsThere: () => Iterable<Uint8Array>): void {
    if (this.#select.get(name) !== undefined) return;
    this.#connection
      .transaction(() => {
        // Another process may have done it meanwhile.
        if (this.#select.get(name) === undefined) this.#write(addUp(name, sealsThere()));
      })
      .immediate();
  }

  /** A row came, or, where there was one, took its place. */
  change(name: Tallied, before: Uint8Array | undefined, after: Uint8Array): void {
    const { rows, sum } = this.#added.get(name) ?? { rows: 0, sum: Buffer.alloc(SEAL_BYTES) };
    if (before !== undefined) addTo(sum, before);
    addTo(sum, after);
    this.#added.set(name, { name, rows: before === undefined ? rows + 1 : rows, sum });
  }

  /** Writes what was added. */
  beforeCommit(): void {
    for (const [name, { rows, sum }] of this.#added) {
      const tally = this.#select.get(name);
      if (tally === undefined) throw new TypeError(`the tally of ${name} was not begun`);
      addTo(sum, tally.sum);
      this.#write({ name, rows: tally.rows + rows, sum });
    }
    this.#added.clear();
  }

  /** What was added is not there. */
  afterRollback(): void {
    this.#added.clear();
  }

  #write(tally: TallyRow): void {
    this.#put.run(tally.name, tally.rows, tally.sum, sealTally(this.#sealer, tally));
  }
}

function addTo(sum: Buffer, seal: Uint8Array): void {
  for (let place = 0; place < SEAL_BYTES; place++) sum[place] = (sum[place] ?? 0) ^ (seal[place] ?? 0);
}
