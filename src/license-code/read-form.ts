/** Whether a text holds a license code at all, whoever made it: what can be said without a product and without a key. */

import { type GenuineCode, type Refusal, readPaste, type Trust } from './reading.ts';
import { OFFSET, readTwo, readVersion } from './record.ts';

/** 160 characters whose check digits fit. */
export interface CodeForm {
  readonly code: string;
  readonly bytes: Uint8Array;
}

/** Nobody is known, and anybody is believed. */
const ANYBODY: Trust = {
  heads: { begins: () => false, starts: () => [] },
  refuse: refuseVersion,
  isGenuine: () => true,
};

/**
 * The code in what was pasted: of several codes of one license the one of the highest revision, of several licenses
 * none (`several`). Nothing is repaired, as only a signature proves a repair.
 */
export function readForm(text: unknown): CodeForm | Refusal {
  const read = readPaste(text, ANYBODY);
  if ('verdict' in read) return read;
  const [newest, another] = newestOfEach(read);
  if (newest === undefined || another !== undefined) return { verdict: 'several', choices: [] };
  return { code: newest.code, bytes: newest.bytes };
}

/** Of the codes of each license the one of the highest revision, the first of them; in order of the licenses. */
export function newestOfEach(codes: readonly GenuineCode[]): readonly GenuineCode[] {
  const newest = new Map<string, GenuineCode>();
  for (const code of codes) {
    // Version and flags but for the trial's, product tag, license id.
    const { bytes } = code;
    const license = [(bytes[0] ?? 0) & 0xfd, ...bytes.subarray(OFFSET.tag, OFFSET.revision)].join();
    const held = newest.get(license);
    if (held === undefined || readTwo(bytes, OFFSET.revision) > readTwo(held.bytes, OFFSET.revision))
      newest.set(license, code);
  }
  return [...newest.values()];
}

/** What is said of a code that is not of this version. */
export function refuseVersion(bytes: Uint8Array) {
  const { version, supported } = readVersion(bytes);
  return supported ? null : ({ verdict: 'unsupported-version', version } as const);
}
