/** docs/proofs.md: puts the results of a full run into its place on the page. */
import { type ProofResult, table } from './table.ts';

export interface FullRun {
  readonly results: readonly ProofResult[];
  readonly seed: number;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly seconds: number;
  readonly cores: number;
  /** Proofs at a time. */
  readonly jobs: number;
}

const PLACE = /(?<=^<!-- results -->\n)[\s\S]*?(?=^<!-- end of results -->$)/m;

/** The page with these results instead of the former ones. Throws if it has no place for them. */
export function withResults(page: string, run: FullRun): string {
  if (!PLACE.test(page)) throw new Error('The page has no <!-- results --> … <!-- end of results -->.');
  return page.replace(PLACE, () => `${sentenceOf(run)}\n\n${table(run.results)}\n`);
}

function sentenceOf({ day, seed, seconds, cores, jobs }: FullRun): string {
  const minutes = Math.round(seconds / 60);
  return `The last full run, of ${day} with seed ${seed}, took ${counted(minutes, 'minute')} on ${counted(cores, 'core')}, ${counted(jobs, 'proof')} at a time:`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
