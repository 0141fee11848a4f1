/**
 * Counts the rows that no other row would miss, and adds up their seals, so that one that was removed is found by
 * `ledger check`. No sale adds one: those are held by their licenses. To be run inside a transaction.
 */
import { REQUEST } from '../../domain/fulfill.ts';
import { eventSeals } from './events.ts';
import { ledgerError } from './ledger-error.ts';
import type { Connection } from './open.ts';
import { SEAL_BYTES, type Sealer } from './seal.ts';

/** `answer`: to a rebill, or to an order that an event had issued; `change`: a row of history but the first. */
export const TALLIED = ['event', 'fact', 'answer', 'change'] as const;
export type Tallied = (typeof TALLIED)[number];

/** An event's seal is in no column: all of its row but the payload is in it (events.ts). */
const SEALS = {
  fact: 'SELECT seal FROM fact',
  answer: `
    SELECT f.seal FROM fulfillment f JOIN history h ON h.license = f.license AND h.sequence = 0
    WHERE f.sequence > 1 OR h.cause <> '${REQUEST}'`,
  change: 'SELECT seal FROM history WHERE sequence > 0',
} as const;

export interface TallyRow {
  readonly name: Tallied;
  readonly rows: number;
  /** All seals, one over the other by exclusive or: in whatever order rows come and change. */
  readonly sum: Buffer;
}

export function sealTally(sealer: Sealer, { name, rows, sum }: TallyRow): Buffer {
  return sealer.seal('tally', name, rows, sum);
}

/** What the rows that are there add up to. */
export function addUp(connection: Connection, sealer: Sealer, name: Tallied): TallyRow {
  const seals =
    name === 'event'
      ? eventSeals(connection, sealer)
      : connection.prepare<[], Buffer>(SEALS[name]).pluck().iterate();
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

  /**
   * Adds up what a ledger held before it had tallies: once, as SQL makes no seals. Opens a transaction of its own. Throws
   * AppError `ledger_unavailable` or `ledger_damaged`.
   */
  begin(): void {
    try {
      if (this.#missing().length === 0) return;
      // Asked again inside: another process may have done it meanwhile.
      const begin = this.#connection.transaction(() => {
        for (const name of this.#missing()) this.#write(addUp(this.#connection, this.#sealer, name));
      });
      begin.immediate();
    } catch (error) {
      throw ledgerError(error);
    }
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

  #missing(): Tallied[] {
    return TALLIED.filter((name) => this.#select.get(name) === undefined);
  }

  #write(tally: TallyRow): void {
    this.#put.run(tally.name, tally.rows, tally.sum, sealTally(this.#sealer, tally));
  }
}

function addTo(sum: Buffer, seal: Uint8Array): void {
  for (let place = 0; place < SEAL_BYTES; place++) sum[place] = (sum[place] ?? 0) ^ (seal[place] ?? 0);
}
