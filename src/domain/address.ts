/** E-mail addresses: the one place that decides which spellings are the same address. */

/** The spelling under which an address is looked up: NFC, lower case by Unicode, without white space around it. */
export function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase().normalize('NFC');
}
