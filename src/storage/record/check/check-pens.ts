/** Holds the rows that are there against the numbers and tallies of the pens: a row that was removed is noticed. */
import {
  addSeal,
  type Numbered,
  numberOf,
  type PenCounts,
  sealPen,
  type Tallied,
  type Tally,
} from '../pen.ts';
import { SEAL_BYTES, type Sealer } from '../sealer.ts';
import type { Finding } from './finding.ts';

export interface CheckedPen {
  readonly counts: PenCounts;
  readonly seal: Buffer;
}

const WORDS: Readonly<Record<Tallied, string>> = {
  event: 'the events',
  fact: 'the facts',
  answer: 'the answers to rebills and to orders that an event issued',
  change: 'the changes of licenses',
  flag: 'the flags',
  customer: 'the customers',
  owed: 'what is owed of orders',
};

const NUMBERED_WORDS: Readonly<Record<Numbered, string>> = {
  license: 'licenses',
  event: 'events',
  customer: 'customers',
  flag: 'flags',
};

export const PENS = 'the counts of the ledger';

/** The rows of a table that are there, and their seals one over the other. */
export class Adder {
  #rows = 0;
  readonly #sum = Buffer.alloc(SEAL_BYTES);

  add(seal: Uint8Array): void {
    this.#rows += 1;
    addSeal(this.#sum, seal);
  }

  get tally(): Tally {
    return { rows: this.#rows, sum: this.#sum };
  }
}

/** False where the pens themselves are missing or were edited: then nothing can be held against them. */
export function* checkPens(pens: readonly CheckedPen[], sealer: Sealer): Generator<Finding, boolean> {
  if (pens.length === 0) {
    yield { where: PENS, fault: 'are missing' };
    return false;
  }
  const edited = pens.filter(({ counts, seal }) => !seal.equals(sealPen(sealer, counts)));
  if (edited.length > 0) yield { where: PENS, fault: 'were edited' };
  return edited.length === 0;
}

export function* checkTally(name: Tallied, there: Tally, pens: readonly CheckedPen[]): Generator<Finding> {
  let rows = 0;
  const sum = Buffer.alloc(SEAL_BYTES);
  for (const { counts } of pens) {
    rows += counts.tallies[name].rows;
    addSeal(sum, counts.tallies[name].sum);
  }
  const where = WORDS[name];
  if (rows !== there.rows) {
    const were = rows < 0 ? 'their number was lost' : `there were ${rows}`;
    yield { where, fault: `there are ${there.rows}, and ${were}` };
  } else if (!sum.equals(there.sum)) yield { where, fault: 'one was edited' };
}

/** Which numbers must be there: from 1 to the last one of each pen. */
export function numbersGiven(
  name: Numbered,
  pens: readonly CheckedPen[],
): readonly (readonly [number, number])[] {
  return pens.map(({ counts }) => [numberOf(counts.pen, 1), numberOf(counts.pen, counts.numbers[name])]);
}

/** Numbers come in ascending order; each one from 1 to the pen's last must come once, and no other. */
export class NumberCheck {
  readonly #what: string;
  readonly #ranges: readonly (readonly [number, number])[];
  #range = 0;
  #next: number | undefined;

  constructor(name: Numbered, pens: readonly CheckedPen[]) {
    this.#what = NUMBERED_WORDS[name];
    this.#ranges = numbersGiven(name, pens).filter(([first, last]) => last >= first);
    this.#next = this.#ranges[0]?.[0];
  }

  *see(number: number): Generator<Finding> {
    while (this.#next !== undefined && number > (this.#ranges[this.#range]?.[1] ?? 0)) yield* this.#close();
    if (this.#next === undefined || number < this.#next) {
      yield { where: `the ${this.#what}`, fault: 'one has a number that Mintmark gave to none' };
      return;
    }
    if (number > this.#next) yield this.#gap(number - this.#next);
    this.#next = number + 1;
  }

  *end(): Generator<Finding> {
    while (this.#next !== undefined) yield* this.#close();
  }

  *#close(): Generator<Finding> {
    const last = this.#ranges[this.#range]?.[1] ?? 0;
    if (this.#next !== undefined && this.#next <= last) yield this.#gap(last - this.#next + 1);
    this.#range += 1;
    this.#next = this.#ranges[this.#range]?.[0];
  }

  #gap(missing: number): Finding {
    return { where: `the ${this.#what}`, fault: `${missing} missing: nothing is ever deleted` };
  }
}
