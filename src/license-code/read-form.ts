/** Checks without product or key whether a text holds a license code. */

import { numberAt } from './number-at.ts';
import { type Refusal, readPaste } from './reading.ts';
import { OFFSET, readTwo, readVersion } from './record.ts';
import type { GenuineCode } from './search.ts';
import type { Trust } from './trust.ts';

/** 160 characters with correct check digits. */
export interface CodeForm {
  readonly code: string;
  readonly bytes: Uint8Array;
}

/** Knows no heads and accepts every signature. */
const ANYBODY: Trust = {
  heads: { begins: () => false, mark: () => {}, starts: () => [] },
  refuse: refuseVersion,
  isGenuine: () => true,
};

/**
 * Finds the code in a pasted text: the code of the highest revision if all codes have one license, otherwise `several`.
 * Repairs nothing, because only a signature proves a repair.
 */
export function readForm(text: unknown): CodeForm | Refusal {
  const read = readPaste(text, ANYBODY);
  if ('verdict' in read) return read;
  const [newest, another] = newestOfEach(read);
  if (newest === undefined || another !== undefined) return { verdict: 'several', choices: [] };
  return { code: newest.code, bytes: newest.bytes };
}

/** Returns each license's code of the highest revision (the first of equals), in order of the licenses. */
export function newestOfEach(codes: readonly GenuineCode[]): readonly GenuineCode[] {
  const newest = new Map<string, GenuineCode>();
  for (const code of codes) {
    // Key: version, flags without the trial flag, product tag, license id.
    const { bytes } = code;
    const license = [numberAt(bytes, 0) & 0xfd, ...bytes.subarray(OFFSET.tag, OFFSET.revision)].join();
    const held = newest.get(license);
    if (held === undefined || readTwo(bytes, OFFSET.revision) > readTwo(held.bytes, OFFSET.revision))
      newest.set(license, code);
  }
  return [...newest.values()];
}

/** The verdict on a code of another version. */
export function refuseVersion(bytes: Uint8Array) {
  const { version, supported } = readVersion(bytes);
  return supported ? null : ({ verdict: 'unsupported-version', version } as const);
}
