/** The steps of every reader: normalize, find, repair, diagnose (license-code-v1, "Reading"). */
import { damageOf } from './damage.ts';
import { firstOf, lettersOf } from './letters.ts';
import { withoutLineMarks } from './line-marks.ts';
import { createSearch, type GenuineCode } from './search.ts';
import type { CodeRefusal, Trust } from './trust.ts';
import type { LicensedVerdict, Verdict } from './verdict.ts';

/** The verdict on a text without a genuine code. */
export type Refusal = Exclude<Verdict, LicensedVerdict>;

/** Limit of code points that are read. */
export const LONGEST_PASTE = 65_536;

/** Ranks refusals by how many checks a code passed; the furthest is returned. */
const FURTHEST: readonly CodeRefusal['verdict'][] = [
  'forged',
  'unknown-key',
  'wrong-product',
  'unsupported-version',
];

/**
 * Returns the genuine codes of a pasted text, at least one: the whole ones in order, then the repaired ones; or a
 * refusal. Never throws by itself.
 */
export function readPaste(pasted: unknown, trust: Trust): readonly GenuineCode[] | Refusal {
  const text = typeof pasted === 'string' ? firstOf(pasted, LONGEST_PASTE) : '';
  const search = createSearch(trust);
  const letters = lettersOf(text, LONGEST_PASTE);
  const found = search.find(letters);
  if (found.genuine.length > 0) return found.genuine;
  const bare = search.isOver() ? text : withoutLineMarks(text);
  const again = bare === text ? null : search.find(lettersOf(bare, LONGEST_PASTE));
  if (again !== null && again.genuine.length > 0) return again.genuine;
  const refusals = [...found.refusals, ...(again?.refusals ?? [])];
  const [furthest] = FURTHEST.flatMap((verdict) => refusals.find((each) => each.verdict === verdict) ?? []);
  return furthest ?? damageOf(letters, found.starts, trust.heads, text);
}
