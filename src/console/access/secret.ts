/** The secrets of links and sessions: random bytes, of which the ledger keeps the digest. */
import { createHash, randomBytes } from 'node:crypto';
import baseX from 'base-x';
import { ALPHABET } from '../../license-code/armor.ts';

const base32 = baseX(ALPHABET);

/** 160 bits cannot be guessed, and are 32 digits, which a person without scripts can type. */
const LINK_BYTES = 20;
const LINK_DIGITS = 32;
const SESSION_BYTES = 32;

/** A link's code as it is printed: `7ZQW-01KM-…`, eight groups of four. */
export function newLinkCode(): string {
  const digits = base32.encode(randomBytes(LINK_BYTES)).padStart(LINK_DIGITS, '0');
  return digits.match(/.{4}/g)?.join('-') ?? digits;
}

/** In any case, with or without spaces and hyphens; undefined for anything else. */
export function readLinkCode(text: string): string | undefined {
  const digits = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (digits.length !== LINK_DIGITS || [...digits].some((digit) => !ALPHABET.includes(digit)))
    return undefined;
  return digits.match(/.{4}/g)?.join('-');
}

export function newSessionSecret(): string {
  return randomBytes(SESSION_BYTES).toString('base64url');
}

/** What the ledger keeps of a secret. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
