/** Compares reading a valid code with the bare signature check. Pure: runs in Node.js and in a page. */
import { median, percentile } from './statistics.ts';

/** Reads a second and bare checks a second, of the same run. */
export interface ReadComparison {
  /** Medians over the rounds. */
  readonly readsPerSecond: number;
  readonly checksPerSecond: number;
  /** Reads a second divided by bare checks a second: the median of the rounds, and their quartiles. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/**
 * Reads each code and checks its signature alone, alternately and in both orders, so that disturbances affect both.
 * A warm-up round comes first. Throws an Error for an invalid code. `now` returns milliseconds; default: wall clock.
 */
export function compareReads(
  reader: { read(text: string): { readonly verdict: string } },
  codes: readonly string[],
  bareCheck: (index: number) => boolean,
  rounds: number,
  now: () => number = () => performance.now(),
): ReadComparison {
  const timeOf = (isGood: () => boolean) => {
    const start = now();
    if (!isGood()) throw new Error('a code of the comparison is not valid');
    return now() - start;
  };
  const times = Array.from({ length: rounds + 1 }, (_, round) => {
    const sum = { read: 0, check: 0 };
    codes.forEach((code, index) => {
      const turns = [
        () => {
          sum.read += timeOf(() => reader.read(code).verdict === 'valid');
        },
        () => {
          sum.check += timeOf(() => bareCheck(index));
        },
      ];
      if ((round + index) % 2 === 1) turns.reverse();
      for (const turn of turns) turn();
    });
    return sum;
  }).slice(1);
  const ratios = times.map(({ read, check }) => check / read);
  const perSecond = (milliseconds: readonly number[]) => (1000 * codes.length) / median(milliseconds);
  return {
    readsPerSecond: perSecond(times.map(({ read }) => read)),
    checksPerSecond: perSecond(times.map(({ check }) => check)),
    ratio: median(ratios),
    lowerQuartile: percentile(ratios, 0.25),
    upperQuartile: percentile(ratios, 0.75),
  };
}
