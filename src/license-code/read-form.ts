/** Whether a text is a license code at all, whoever made it: the verdicts that need no product and no key. */
import { ALPHABET, CODE_LENGTH, unarmor } from './armor.ts';
import { clean } from './clean.ts';
import { crc16 } from './crc16.ts';
import { OFFSET, readTwo, readVersion } from './record.ts';
import type { LicensedVerdict, Verdict } from './verdict.ts';

/** A text that is one code: 160 characters whose check digits fit. */
export interface CodeForm {
  readonly code: string;
  readonly bytes: Uint8Array;
}

const OUTSIDE_ALPHABET = new RegExp(`[^${ALPHABET}]`, 'u');

/** What is said of a text without any key. */
type Refusal = Exclude<Verdict, LicensedVerdict>;

/** The code in what was pasted, or the first verdict that keeps it from being one; `empty` for what is not a string. */
export function readForm(text: unknown): CodeForm | Refusal {
  const code = typeof text === 'string' ? clean(text) : '';
  const refusal = judgeText(code);
  if (refusal !== null) return refusal;
  const bytes = unarmor(code);
  if (crc16(bytes, OFFSET.check) !== readTwo(bytes, OFFSET.check)) return { verdict: 'mistyped' };
  const { version, supported } = readVersion(bytes);
  return supported ? { code, bytes } : { verdict: 'unsupported-version', version };
}

/** What keeps a cleaned text from being 160 characters of the alphabet. */
export function judgeText(cleaned: string): Refusal | null {
  if (cleaned === '') return { verdict: 'empty' };
  const bad = OUTSIDE_ALPHABET.exec(cleaned);
  if (bad !== null) return { verdict: 'bad-character', character: bad[0], position: bad.index + 1 };
  const count = cleaned.length;
  if (count !== CODE_LENGTH) return { verdict: count < CODE_LENGTH ? 'too-short' : 'too-long', count };
  return null;
}
