/** Pseudorandom numbers, deterministic by seed. */

export interface Random {
  /** An integer from 0 to limit - 1; 0 if limit is 0. */
  below(limit: number): number;
  one<T>(list: readonly T[]): T;
}

/** The generator mulberry32, from 0 to below 1. Its 32 bits of state suffice for test cases. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seededRandom(seed: number): Random {
  const next = seededNumbers(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    one(list) {
      const [found] = list.slice(below(list.length));
      if (found === undefined) throw new RangeError('nothing to choose from');
      return found;
    },
  };
}
