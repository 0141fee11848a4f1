/** E-mail addresses: the only place that decides which spellings are the same address. */

/** Normalizes an address for lookup: NFC, lower case by Unicode, trimmed. */
export function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase().normalize('NFC');
}
