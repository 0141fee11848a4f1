/** Repairs one typing slip (license-code-v1, "Reading", step 3): check digits preselect, the signature decides. */
import { CODE_LENGTH } from './armor.ts';
import { START, weightOf } from './check-digits.ts';
import { textOf } from './find.ts';
import { type Letters, WRONG } from './letters.ts';
import { numberAt } from './number-at.ts';

/** The slip that was repaired in a code. */
export interface Repaired {
  /** A wrong character, two swapped neighbors, a missing character, or a character too many. */
  readonly kind: 'substitution' | 'swap' | 'omission' | 'insertion';
  /** The position of the first wrong character, from 1, in code points of the pasted text; where the missing character belongs. */
  readonly position: number;
  /** What was pasted: one character, two for a swap, none for an omission. */
  readonly was: string;
  /** What is right: one character, two for a swap, none for an insertion. */
  readonly is: string;
}

export interface Repair {
  readonly code: string;
  /** The place after the pasted characters. */
  readonly end: number;
  readonly repaired: Repaired;
}

/** The lengths to try, in this order. */
const LENGTHS = [CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1] as const;

/** Yields each code with correct check digits that is one slip away from the characters between a place and an edge. */
export function* repairsAt(letters: Letters, start: number): Generator<Repair> {
  for (const length of LENGTHS) {
    const end = start + length;
    if (end > letters.count || letters.edges[end] === 0) continue;
    const values = letters.values.subarray(start, end);
    const wrong = values.indexOf(WRONG);
    if (wrong >= 0 && values.indexOf(WRONG, wrong + 1) >= 0) continue;
    const found =
      length === CODE_LENGTH
        ? [...substitutions(values, wrong), ...(wrong < 0 ? swaps(values) : [])]
        : length < CODE_LENGTH
          ? omissions(values, wrong)
          : insertions(values, wrong);
    for (const slip of found) yield repairOf(letters, start, values, slip);
  }
}

/** Replaces `cut` characters at a place with `put`. */
interface Slip {
  readonly kind: Repaired['kind'];
  readonly place: number;
  readonly cut: number;
  readonly put: readonly number[];
}

function* substitutions(values: Uint8Array, wrong: number): Generator<Slip> {
  const rest = remainderOf(values);
  for (let place = Math.max(wrong, 0); place < CODE_LENGTH; place++) {
    const without = rest ^ weightAt(place, values[place]);
    for (let value = 0; value < 32; value++) {
      if (value !== values[place] && weightOf(place, value) === without)
        yield { kind: 'substitution', place, cut: 1, put: [value] };
    }
    if (wrong >= 0) return;
  }
}

function* swaps(values: Uint8Array): Generator<Slip> {
  const rest = remainderOf(values);
  for (let place = 0; place + 1 < CODE_LENGTH; place++) {
    const [a, b] = [numberAt(values, place), numberAt(values, place + 1)];
    const change = weightOf(place, a) ^ weightOf(place + 1, b) ^ weightOf(place, b) ^ weightOf(place + 1, a);
    if (a !== b && change === rest) yield { kind: 'swap', place, cut: 2, put: [b, a] };
  }
}

function* omissions(values: Uint8Array, wrong: number): Generator<Slip> {
  if (wrong >= 0) return;
  let rest = START;
  for (let place = 0; place < CODE_LENGTH - 1; place++) rest ^= weightAt(place + 1, values[place]);
  for (let place = 0; place < CODE_LENGTH; place++) {
    for (let value = 0; value < 32; value++) {
      // Next to an equal character the insertion gives the same code again.
      if (weightOf(place, value) === rest && values[place - 1] !== value)
        yield { kind: 'omission', place, cut: 0, put: [value] };
    }
    rest ^= weightAt(place + 1, values[place]) ^ weightAt(place, values[place]);
  }
}

function* insertions(values: Uint8Array, wrong: number): Generator<Slip> {
  let rest = START;
  for (let place = 1; place <= CODE_LENGTH; place++) rest ^= weightAt(place - 1, values[place]);
  for (let place = 0; place <= CODE_LENGTH; place++) {
    const may = wrong < 0 ? values[place - 1] !== values[place] : wrong === place;
    if (rest === 0 && may) yield { kind: 'insertion', place, cut: 1, put: [] };
    rest ^= weightAt(place, values[place + 1]) ^ weightAt(place, values[place]);
  }
}

/** 0 if the check digits are correct. */
function remainderOf(values: Uint8Array): number {
  return values.reduce((rest, value, place) => rest ^ weightAt(place, value), START);
}

/** The weight is 0 for a wrong character and outside the code. */
function weightAt(place: number, value: number | undefined): number {
  return value === undefined || value === WRONG || place >= CODE_LENGTH ? 0 : weightOf(place, value);
}

function repairOf(
  letters: Letters,
  start: number,
  values: Uint8Array,
  { kind, place, cut, put }: Slip,
): Repair {
  const { points, positions } = letters;
  const at = start + place;
  const after = place < values.length ? numberAt(positions, at) : numberAt(positions, at - 1) + 1;
  return {
    end: start + values.length,
    code: textOf([...values.subarray(0, place), ...put, ...values.subarray(place + cut)]),
    repaired: Object.freeze({
      kind,
      position: after,
      was: String.fromCodePoint(...points.subarray(at, at + cut)),
      is: textOf(put),
    }),
  };
}
