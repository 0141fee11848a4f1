/** Facts as the commands print them. */
import type { Fact } from '../domain/facts/fact.ts';
import { timeText } from './license-text.ts';

/** A fact as `--json` prints it. */
export function factJson({ at, ...fact }: Fact) {
  return { ...fact, at: timeText(at) };
}
