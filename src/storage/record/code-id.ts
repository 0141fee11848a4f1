/** Reads the license id in a code, without verifying the code. */
import { unarmor } from '../../license-code/armor.ts';
import { decodeRecord } from '../../license-code/record.ts';

/** The 16 bytes of the license id; undefined for text that is no code. */
export function licenseIdOf(code: string): Uint8Array | undefined {
  try {
    return decodeRecord(unarmor(code)).licenseId;
  } catch {
    return undefined;
  }
}
