/** Compares what a caller sent with what the secrets make. */
import { timingSafeEqual } from 'node:crypto';

/** Constant time: it depends neither on which key fits nor on how much of a hash is equal. */
export function anyEqual(expected: readonly string[], given: string): boolean {
  const bytes = Buffer.from(given);
  let found = false;
  for (const candidate of expected) {
    const wanted = Buffer.from(candidate);
    if (wanted.length === bytes.length && timingSafeEqual(wanted, bytes)) found = true;
  }
  return found;
}
