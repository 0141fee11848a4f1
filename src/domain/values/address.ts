/** E-mail addresses: the only place that decides what an address is, and which spellings are the same address. */

/** Normalizes an address for lookup: NFC, lower case by Unicode, trimmed. */
export function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/** In no address: spaces, quotes, comments, and what nobody sees or what stands for a lost character. */
const NEVER = String.raw`\s\p{Cc}\p{Cf}\p{Cs}\ufffd@<>()[\]\\,;:"`;

/** One address: a local part and a domain. */
const ADDRESS = new RegExp(`^[^${NEVER}]{1,64}@[^${NEVER}_]{1,255}$`, 'u');

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}
