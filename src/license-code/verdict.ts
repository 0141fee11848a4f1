/** What a reader answers: a value, never an exception (license-code-v1, "Reading", step 2). */
import type { License } from './license.ts';

export type Verdict =
  | { readonly verdict: 'empty' }
  /** `position` counts from 1 in the cleaned text. */
  | { readonly verdict: 'bad-character'; readonly character: string; readonly position: number }
  | { readonly verdict: 'too-short' | 'too-long'; readonly count: number }
  | { readonly verdict: 'mistyped' }
  | { readonly verdict: 'unsupported-version'; readonly version: number }
  | { readonly verdict: 'wrong-product' }
  | { readonly verdict: 'unknown-key'; readonly keyId: number }
  | { readonly verdict: 'forged' }
  | LicensedVerdict;

/** The verdicts on a genuine code: each carries the license read, and only `valid` is licensed. */
export type LicensedVerdict =
  | { readonly verdict: 'test-code' | 'not-yet-valid' | 'revoked' | 'valid'; readonly license: License }
  | { readonly verdict: 'expired'; readonly license: License; readonly lastValid: string }
  | { readonly verdict: 'updates-ended'; readonly license: License; readonly updatesUntil: string };

/** What a program may tell its user: one sentence of plain English that holds nothing of what was pasted. */
export function explain(verdict: Verdict): string {
  // A program without types may pass anything on, and a sentence must not be what breaks it.
  switch (verdict?.verdict) {
    case 'empty':
      return 'paste your license code';
    case 'bad-character':
      return `character ${verdict.position} does not belong in a license code`;
    case 'too-short':
      return `this is ${verdict.count} of 160 characters: copy the whole line`;
    case 'too-long':
      return `this is ${verdict.count} characters instead of 160: copy only the line with the code`;
    case 'mistyped':
      return 'a character is wrong: paste it again';
    case 'unsupported-version':
      return 'this license was made for a newer version of this program';
    case 'wrong-product':
      return 'this license is for another product';
    case 'unknown-key':
      return 'update the program, then try again';
    case 'forged':
      return 'this is not a genuine license';
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
