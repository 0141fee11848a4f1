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
 * Reads all codes, then checks the signature of each alone, in alternating order, so many rounds after one to warm up.
 * An Error if a code does not read valid or its check fails: speed counts for valid codes only.
 */
export function compareReads(
  reader: { read(text: string): { readonly verdict: string } },
  codes: readonly string[],
  bareCheck: (index: number) => boolean,
  rounds: number,
): ReadComparison {
  const readAll = () => codes.every((code) => reader.read(code).verdict === 'valid');
  const checkAll = () => codes.every((_, index) => bareCheck(index));
  const times = Array.from({ length: rounds + 1 }, (_, round) => {
    if (round % 2 === 0) return { read: timeOf(readAll), check: timeOf(checkAll) };
    const check = timeOf(checkAll);
    return { read: timeOf(readAll), check };
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

/** Milliseconds. */
function timeOf(allGood: () => boolean): number {
  const start = performance.now();
  if (!allGood()) throw new Error('a code of the comparison is not valid');
  return performance.now() - start;
}
