/** The subject of facts about one license. */
import type { Subject } from './fact.ts';

/** `license:` and the id as a UUID: 8-4-4-4-12 hex digits, as license codes show it (license-code-v1). */
export function licenseSubject(id: Uint8Array): Subject {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `license:${groups.join('-')}`;
}
