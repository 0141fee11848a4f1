/**
 * A pen is one writer's row of counters. It numbers rows without gaps, counts the rows of each table and XORs their
 * seals, so that `ledger check` notices a deleted row. SQLite has one pen, number 0; PostgreSQL has 64, so that
 * writers do not wait for each other.
 */
import { SEAL_BYTES, type Sealer } from './sealer.ts';

/** `answer`: a row of fulfillment; `change`: a row of history; `outbox`: announcements, their tries and their targets. */
export const TALLIED = ['event', 'fact', 'answer', 'change', 'flag', 'customer', 'owed', 'outbox'] as const;
export type Tallied = (typeof TALLIED)[number];

/** The rows that a pen numbers. */
export const NUMBERED = ['license', 'event', 'customer', 'flag', 'announcement'] as const;
export type Numbered = (typeof NUMBERED)[number];

/** The number of rows that a pen wrote, and the XOR of their seals, which does not depend on their order. */
export interface Tally {
  readonly rows: number;
  readonly sum: Buffer;
}

export interface PenCounts {
  readonly pen: number;
  /** The last number given to each. */
  readonly numbers: Readonly<Record<Numbered, number>>;
  /** Licenses of mode test. */
  readonly testLicenses: number;
  readonly tallies: Readonly<Record<Tallied, Tally>>;
}

/** A pen as its row holds it. */
export interface SealedPen {
  readonly counts: PenCounts;
  readonly seal: Buffer;
}

/** The lower 40 bits of a number are the pen's count, the bits above are the number of the pen. */
export const NUMBERS_A_PEN = 2 ** 40;

export function numberOf(pen: number, count: number): number {
  return pen * NUMBERS_A_PEN + count;
}

/** The numbers of a pen: above `from`, below `to`. */
export function numbersOf(pen: number): { readonly from: number; readonly to: number } {
  return { from: numberOf(pen, 0), to: numberOf(pen + 1, 0) };
}

export function newPen(pen: number): PenCounts {
  const none = (): Tally => ({ rows: 0, sum: Buffer.alloc(SEAL_BYTES) });
  return {
    pen,
    numbers: { license: 0, event: 0, customer: 0, flag: 0, announcement: 0 },
    testLicenses: 0,
    tallies: {
      event: none(),
      fact: none(),
      answer: none(),
      change: none(),
      flag: none(),
      customer: none(),
      owed: none(),
      outbox: none(),
    },
  };
}

/** What the seal of a pen covers: all of it, or what an older schema had. */
export interface Covered {
  readonly numbered: readonly Numbered[];
  readonly tallied: readonly Tallied[];
}

const ALL: Covered = { numbered: NUMBERED, tallied: TALLIED };

export function sealPen(
  sealer: Sealer,
  { pen, numbers, testLicenses, tallies }: PenCounts,
  { numbered, tallied } = ALL,
): Buffer {
  return sealer.seal(
    'pen',
    pen,
    ...numbered.map((name) => numbers[name]),
    testLicenses,
    ...tallied.flatMap((name) => [tallies[name].rows, tallies[name].sum]),
  );
}

/** The counts of a pen within one transaction. */
export class PenCounter {
  readonly #pen: number;
  readonly #numbers: Record<Numbered, number>;
  readonly #rows: Record<Tallied, number>;
  readonly #sums: Record<Tallied, Buffer>;
  #testLicenses: number;

  constructor({ pen, numbers, testLicenses, tallies }: PenCounts) {
    this.#pen = pen;
    this.#numbers = { ...numbers };
    this.#testLicenses = testLicenses;
    const rows: Partial<Record<Tallied, number>> = {};
    const sums: Partial<Record<Tallied, Buffer>> = {};
    for (const name of TALLIED) {
      rows[name] = tallies[name].rows;
      sums[name] = Buffer.from(tallies[name].sum);
    }
    this.#rows = rows as Record<Tallied, number>;
    this.#sums = sums as Record<Tallied, Buffer>;
  }

  get pen(): number {
    return this.#pen;
  }

  /** The number of the next license, event, customer, flag or announcement. */
  next(name: Numbered): number {
    this.#numbers[name] += 1;
    return numberOf(this.#pen, this.#numbers[name]);
  }

  countTestLicense(): void {
    this.#testLicenses += 1;
  }

  /** Counts a new row, or replaces the seal `before` of a known row. */
  count(name: Tallied, before: Uint8Array | undefined, after: Uint8Array): void {
    if (before === undefined) this.#rows[name] += 1;
    else addSeal(this.#sums[name], before);
    addSeal(this.#sums[name], after);
  }

  counts(): PenCounts {
    const tallies: Partial<Record<Tallied, Tally>> = {};
    for (const name of TALLIED) tallies[name] = { rows: this.#rows[name], sum: this.#sums[name] };
    return {
      pen: this.#pen,
      numbers: { ...this.#numbers },
      testLicenses: this.#testLicenses,
      tallies: tallies as Record<Tallied, Tally>,
    };
  }
}

export function addSeal(sum: Buffer, seal: Uint8Array): void {
  for (let place = 0; place < SEAL_BYTES; place++) sum[place] = (sum[place] ?? 0) ^ (seal[place] ?? 0);
}
