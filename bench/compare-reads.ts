/** Reading a valid code beside the bare signature check: pure, so that it runs in Node and in a page alike. */
import { median, percentile } from './statistics.ts';

/** What is compared: reads a second beside bare checks a second, in the same run. */
export interface ReadComparison {
  /** Medians over the rounds. */
  readonly readsPerSecond: number;
  readonly checksPerSecond: number;
  /** Speed of reading as a part of the speed of the bare check: the median of the rounds, their quartiles. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/**
 * Reads each code and checks its signature alone, turn by turn and the one or the other first, so that what else the
 * machine does falls on both; so many rounds over all codes after one to warm up. An Error if a code does not read valid
 * or its check fails: speed counts for valid codes only. `now` tells milliseconds: of the wall's clock, if not given.
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
