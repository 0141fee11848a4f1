/** How facts name one license. */
import type { Subject } from './fact.ts';

/** The subject of facts about one license: `license:` and its id. */
export function licenseSubject(id: Uint8Array): Subject {
  return `license:${licenseIdText(id)}`;
}

/** The id in the shape of a UUID: 8-4-4-4-12 hex digits, as license codes show it (docs/license-code.md). */
export function licenseIdText(id: Uint8Array): string {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return groups.join('-');
}
