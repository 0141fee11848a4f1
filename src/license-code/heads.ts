/** The possible heads of a reader's codes: the first 8 characters hold version, flags, key id and product tag. */
import { ALPHABET, armor, CODE_BYTES, CODE_LENGTH } from './armor.ts';
import type { PublicKeyEntry } from './keyring.ts';
import { EDGE, type Letters } from './letters.ts';
import { numberAt } from './number-at.ts';
import { productTag } from './product.ts';
import { OFFSET, TEST_FLAG, TRIAL_FLAG, VERSION } from './record.ts';

export const HEAD_LENGTH = 8;

/** Unchanged characters at the start or end of a head with one slip: a swap of the fourth and fifth leaves three. */
const FIRST = 4;
const LAST = 3;

/** A code and three characters. A code with only two characters too many is mistyped, not joined to other text. */
const FEWEST_JOINED = CODE_LENGTH + 3;

/** Limit of the places in a text where a code with one slip may begin. */
const MOST_STARTS = 16;

export interface Heads {
  /** Whether the characters from a place on begin like a code. At the end of the text fewer than 8 are compared. */
  begins(letters: Letters, from: number): boolean;
  /** Makes each place an edge where a whole head stands, so that a code joined to other text is found: `Your codeCODE`. */
  mark(letters: Letters): void;
  /** The first 16 edges outside genuine codes after which a code with at most one slip in its head may begin. */
  starts(letters: Letters, genuine: readonly number[]): readonly number[];
}

/** Returns the heads of the codes that these keys sign for these products. */
export function headsOf(
  keys: readonly Pick<PublicKeyEntry, 'id' | 'mode'>[],
  products: readonly string[],
): Heads {
  const heads = keys.flatMap(({ id, mode }) =>
    products.flatMap((product) => [0, TRIAL_FLAG].map((trial) => headOf(id, mode, trial, product))),
  );
  const firsts = new Set(heads.map((head) => packed(head, 0, FIRST)));
  const lasts = new Set(heads.map((head) => packed(head, HEAD_LENGTH - LAST, LAST)));

  // One slip leaves the first four characters unchanged, or shifts the last three by at most one place.
  const isNear = ({ values, count }: Letters, from: number) =>
    (from + FIRST <= count && firsts.has(packed(values, from, FIRST))) ||
    [-1, 0, 1].some((off) => {
      const at = from + HEAD_LENGTH - LAST + off;
      return at + LAST <= count && lasts.has(packed(values, at, LAST));
    });

  const begins = ({ values, count }: Letters, from: number) => {
    const length = Math.min(HEAD_LENGTH, count - from);
    return heads.some((head) => head.slice(0, length).every((value, i) => value === values[from + i]));
  };

  return {
    begins,
    mark: (letters) => {
      const { edges, values, count } = letters;
      if (count < FEWEST_JOINED) return;
      for (let at = 0; at + HEAD_LENGTH <= count; at++) {
        if (firsts.has(packed(values, at, FIRST)) && begins(letters, at))
          edges[at] = numberAt(edges, at) | EDGE.head;
      }
    },
    starts: (letters, genuine) => {
      const starts: number[] = [];
      let next = 0;
      let outside = 0;
      for (let at = 0; at < letters.count && starts.length < MOST_STARTS; at++) {
        if (at === genuine[next]) {
          next++;
          outside = at + CODE_LENGTH;
        }
        if (at >= outside && letters.edges[at] !== 0 && isNear(letters, at)) starts.push(at);
      }
      return starts;
    },
  };
}

function headOf(keyId: number, mode: string, trial: number, product: string): readonly number[] {
  const bytes = new Uint8Array(CODE_BYTES);
  bytes[0] = (VERSION << 4) | trial | (mode === 'test' ? TEST_FLAG : 0);
  bytes[OFFSET.keyId] = keyId;
  bytes.set(productTag(product), OFFSET.tag);
  return [...armor(bytes).slice(0, HEAD_LENGTH)].map((letter) => ALPHABET.indexOf(letter));
}

/** Packs values. WRONG has a bit of its own, so a wrong character never equals another. */
function packed(values: ArrayLike<number>, at: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits = (bits << 6) | numberAt(values, at + i);
  return bits;
}
