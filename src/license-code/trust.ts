/** What a reader trusts: which codes it refuses, and whose signatures it accepts. */
import type { Heads } from './heads.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on a whole code that is not genuine. */
export type CodeRefusal = Extract<
  Verdict,
  { verdict: 'unsupported-version' | 'wrong-product' | 'unknown-key' | 'forged' }
>;

/** A reader's trust: its heads, its requirements for a code, its signature check. */
export interface Trust {
  readonly heads: Heads;
  /** Why a code is refused before its signature is checked. */
  refuse(bytes: Uint8Array): CodeRefusal | null;
  /** Whether the signature verifies. */
  isGenuine(bytes: Uint8Array): boolean;
}
