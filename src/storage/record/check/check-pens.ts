/** Compares the rows of the ledger with the numbers and tallies of its pens, and so finds deleted rows. */
import {
  addSeal,
  type Numbered,
  numberOf,
  type SealedPen,
  sealPen,
  type Tallied,
  type Tally,
} from '../pen.ts';
import { SEAL_BYTES, type Sealer } from '../sealer.ts';
import type { Finding } from './finding.ts';

const WORDS: Readonly<Record<Tallied, string>> = {
  event: 'the events',
  fact: 'the facts',
  answer: 'the answers to rebills and to orders whose licenses an event issued',
  change: 'the changes of licenses',
  flag: 'the flags',
  customer: 'the customers',
  owed: 'the lines with missing units',
  outbox: 'the announcements of the outbox',
};

const NUMBERED_WORDS: Readonly<Record<Numbered, string>> = {
  license: 'licenses',
  event: 'events',
  customer: 'customers',
  flag: 'flags',
  announcement: 'announcements',
};

const PENS = 'the counts of the ledger';

/** Counts the rows of a table and XORs their seals. */
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

/** False if the pens themselves are missing or edited: nothing can be compared with them then. */
export function* checkPens(pens: readonly SealedPen[], sealer: Sealer): Generator<Finding, boolean> {
  if (pens.length === 0) {
    yield { where: PENS, fault: 'are missing' };
    return false;
  }
  const edited = pens.filter(({ counts, seal }) => !seal.equals(sealPen(sealer, counts)));
  if (edited.length > 0) yield { where: PENS, fault: 'were edited' };
  return edited.length === 0;
}

export function* checkTally(name: Tallied, found: Tally, pens: readonly SealedPen[]): Generator<Finding> {
  let rows = 0;
  const sum = Buffer.alloc(SEAL_BYTES);
  for (const { counts } of pens) {
    rows += counts.tallies[name].rows;
    addSeal(sum, counts.tallies[name].sum);
  }
  const where = WORDS[name];
  if (rows !== found.rows) {
    const expected = rows < 0 ? 'their number was lost' : `${rows} were written`;
    yield { where, fault: `${found.rows} found, and ${expected}` };
  } else if (!sum.equals(found.sum)) yield { where, fault: 'one was edited' };
}

/** The numbers that must exist: the first and the last of each pen. */
export function numbersGiven(
  name: Numbered,
  pens: readonly SealedPen[],
): readonly (readonly [number, number])[] {
  return pens.map(({ counts }) => [numberOf(counts.pen, 1), numberOf(counts.pen, counts.numbers[name])]);
}

/** Takes numbers in ascending order: each number of a pen from 1 to its last must come once, and no other number. */
export class NumberCheck {
  readonly #what: string;
  readonly #ranges: readonly (readonly [number, number])[];
  #range = 0;
  #next: number | undefined;

  constructor(name: Numbered, pens: readonly SealedPen[]) {
    this.#what = NUMBERED_WORDS[name];
    this.#ranges = numbersGiven(name, pens).filter(([first, last]) => last >= first);
    this.#next = this.#ranges[0]?.[0];
  }

  *see(number: number): Generator<Finding> {
    while (this.#next !== undefined && number > (this.#ranges[this.#range]?.[1] ?? 0)) yield* this.#close();
    if (this.#next === undefined || number < this.#next) {
      yield { where: `the ${this.#what}`, fault: 'one has a number that Mintmark did not give' };
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
    return { where: `the ${this.#what}`, fault: `${missing} missing: Mintmark deletes none` };
  }
}
