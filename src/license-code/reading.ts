/** The steps of every reader: normalize, find, repair, diagnose (license-code-v1, "Reading"). */
import { unarmor } from './armor.ts';
import { damageOf } from './damage.ts';
import { wholeCodes } from './find.ts';
import type { Heads } from './heads.ts';
import { firstOf, type Letters, lettersOf } from './letters.ts';
import { type Repaired, repairsAt } from './repair.ts';
import type { LicensedVerdict, Verdict } from './verdict.ts';

/** The verdict on a text without a genuine code. */
export type Refusal = Exclude<Verdict, LicensedVerdict>;

/** The verdict on a whole code that is not genuine. */
export type CodeRefusal = Extract<
  Refusal,
  { verdict: 'unsupported-version' | 'wrong-product' | 'unknown-key' | 'forged' }
>;

export interface GenuineCode {
  readonly code: string;
  readonly bytes: Uint8Array;
  readonly repaired?: Repaired;
}

/** A reader's trust: its heads, its requirements for a code, its signature check. */
export interface Trust {
  readonly heads: Heads;
  /** Why a code is refused before its signature is checked. */
  refuse(bytes: Uint8Array): CodeRefusal | null;
  /** Whether the signature verifies. */
  isGenuine(bytes: Uint8Array): boolean;
}

/** Limit of code points that are read. */
export const LONGEST_PASTE = 65_536;

/** Limit of failed signature checks: each takes milliseconds. */
const MOST_FAILURES = 4;

/** Ranks refusals by how many checks a code passed; the furthest is returned. */
const FURTHEST: readonly CodeRefusal['verdict'][] = [
  'forged',
  'unknown-key',
  'wrong-product',
  'unsupported-version',
];

/** Returns the genuine codes of a pasted text in order, at least one, or a refusal. Never throws by itself. */
export function readPaste(pasted: unknown, trust: Trust): readonly GenuineCode[] | Refusal {
  const text = typeof pasted === 'string' ? firstOf(pasted, LONGEST_PASTE) : '';
  const letters = lettersOf(text, LONGEST_PASTE);
  let failures = 0;
  const isGenuine = (bytes: Uint8Array) => {
    if (failures >= MOST_FAILURES) return false;
    const genuine = trust.isGenuine(bytes);
    if (!genuine) failures++;
    return genuine;
  };
  const judged = wholeCodes(letters).map((code) => {
    const bytes = unarmor(code);
    const refused = trust.refuse(bytes) ?? (isGenuine(bytes) ? null : ({ verdict: 'forged' } as const));
    return { code, bytes, refused };
  });
  const genuine = judged.filter(({ refused }) => refused === null);
  if (genuine.length > 0) return genuine.map(({ code, bytes }) => ({ code, bytes }));
  const starts = trust.heads.starts(letters);
  const repaired = repair(letters, starts, trust, isGenuine);
  if (repaired !== null) return [repaired];
  const refusals = judged.flatMap(({ refused }) => refused ?? []);
  const [furthest] = FURTHEST.flatMap((verdict) => refusals.find((each) => each.verdict === verdict) ?? []);
  return furthest ?? damageOf(letters, starts, trust.heads, text);
}

/** Returns the first genuine code that is one slip away. */
function repair(
  letters: Letters,
  starts: readonly number[],
  trust: Trust,
  isGenuine: (bytes: Uint8Array) => boolean,
): GenuineCode | null {
  for (const start of starts) {
    for (const { code, repaired } of repairsAt(letters, start)) {
      const bytes = unarmor(code);
      if (trust.refuse(bytes) === null && isGenuine(bytes)) return { code, bytes, repaired };
    }
  }
  return null;
}
