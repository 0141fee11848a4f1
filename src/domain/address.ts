/** E-mail addresses: the only place that decides what an address is, and which spellings are the same address. */

/** Normalizes an address for lookup: NFC, lower case by Unicode, trimmed. */
export function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/** One address: a local part and a domain, without quotes, comments, spaces or control characters. */
const ADDRESS = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}@<>()[\]\\,;:"_]{1,255}$/u;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}
