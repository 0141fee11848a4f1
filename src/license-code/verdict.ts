/** A reader's answer: a value, never an exception (docs/license-code.md, "Reading"). */
import type { License } from './license.ts';
import type { Repaired } from './repair.ts';
import type { Seen } from './seen.ts';

/** The answer of a reader. */
export type Verdict =
  | { readonly verdict: 'empty' }
  /** `seen` is what was pasted instead of a code. */
  | { readonly verdict: 'no-code'; readonly seen: Seen }
  /** `position` counts code points of the pasted text from 1; `group` counts the code's groups of eight characters from 1. */
  | {
      readonly verdict: 'bad-character';
      readonly character: string;
      readonly position: number;
      readonly group?: number;
    }
  | { readonly verdict: 'too-short'; readonly count: number; readonly group?: number }
  | { readonly verdict: 'too-long'; readonly count: number }
  /** `group` is the wrong group of eight, from 1, if it is known. */
  | { readonly verdict: 'mistyped'; readonly group?: number }
  | { readonly verdict: 'unsupported-version'; readonly version: number }
  | { readonly verdict: 'wrong-product' }
  | { readonly verdict: 'unknown-key'; readonly keyId: number }
  | { readonly verdict: 'forged' }
  /** Codes of several licenses of the product, each with its own verdict: ask the user which one is meant. */
  | { readonly verdict: 'several'; readonly choices: readonly LicensedVerdict[] }
  | LicensedVerdict;

interface Licensed {
  readonly license: License;
  /** The code as it was minted: the text to store. */
  readonly code: string;
  /** The slip that was repaired, if there was one. */
  readonly repaired?: Repaired;
  /** The UTC day to store, and to pass to the next reader as `latestDay`. */
  readonly keep: string;
}

/** The verdicts on a genuine code. Each carries the license; only `valid` unlocks the program. */
export type LicensedVerdict =
  | (Licensed & { readonly verdict: 'test-code' | 'not-yet-valid' | 'revoked' | 'valid' })
  | (Licensed & { readonly verdict: 'expired'; readonly lastValid: string })
  | (Licensed & { readonly verdict: 'updates-ended'; readonly updatesUntil: string });

const SEEN: Readonly<Record<Seen, string>> = {
  'order-number': 'here is an order number, but no license code',
  'e-mail-address': 'here is an e-mail address, but no license code',
  link: 'here is a link, but no license code',
  text: 'here is no license code',
};

/** Returns one English sentence for the user. It repeats nothing of the pasted text. */
export function explain(verdict: Verdict): string {
  // An untyped caller may pass any value.
  switch (verdict?.verdict) {
    case 'empty':
      return 'paste your license code';
    case 'no-code':
      return `${SEEN[verdict.seen] ?? SEEN.text}: look in your e-mail for a line of 160 letters and digits`;
    case 'bad-character':
      return `character ${verdict.position} does not belong in a license code`;
    case 'too-short':
      return `this is ${verdict.count} of 160 characters: copy the whole line${lookAt(verdict.group)}`;
    case 'too-long':
      return `this is ${verdict.count} characters instead of 160: copy only the line with the code`;
    case 'mistyped':
      return `some characters are wrong: paste it again${lookAt(verdict.group)}`;
    case 'unsupported-version':
      return 'this license was made for a newer version of this program';
    case 'wrong-product':
      return 'this license is for another product';
    case 'unknown-key':
      return 'update the program, then try again';
    case 'forged':
      return 'this is not a genuine license';
    case 'several':
      return 'here are codes of several licenses: paste one of them';
    case 'test-code':
      return 'this is a test license';
    case 'not-yet-valid':
      return 'this license begins in the future: check the date of your computer';
    case 'revoked':
      return 'this license was withdrawn (refunded, for example)';
    case 'expired':
      return `this license expired on ${verdict.lastValid}`;
    case 'updates-ended':
      return `this license covers versions built until ${verdict.updatesUntil}`;
    case 'valid':
      return 'licensed';
    default:
      return 'this license could not be read';
  }
}

function lookAt(group: number | undefined): string {
  return group === undefined ? '' : `, or look at characters ${8 * group - 7} to ${8 * group} of it`;
}
