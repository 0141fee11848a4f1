/** The public keys that a program embeds: `keyring.json` (license-code-v1, "Public keys"). */
import { isDay } from './day.ts';
import { isUsablePublicKey } from './signature.ts';

/** One public key of a keyring. */
export interface PublicKeyEntry {
  /** 1 to 255. */
  readonly id: number;
  /** Whose codes it signs: those of live orders or of test orders. */
  readonly mode: 'live' | 'test';
  /** A `next` key does not sign yet, a `retired` key no longer; all three verify. */
  readonly state: 'next' | 'active' | 'retired';
  /** 32 bytes in hexadecimal. */
  readonly publicKey: string;
  /** The UTC day on which the key was made. */
  readonly created: string;
}

const FIELDS: ReadonlySet<string> = new Set(['id', 'mode', 'state', 'publicKey', 'created']);

/**
 * The keyring in a parsed `keyring.json`. A TypeError that names the entry and the field for anything that is not as
 * documented: a field missing or unknown, an id or a key twice, a key that anyone can sign for.
 */
export function parseKeyring(json: unknown): readonly PublicKeyEntry[] {
  if (!Array.isArray(json)) throw new TypeError('keyring: must be an array');
  const entries = json.map((entry: unknown, i) => parseEntry(entry, `keyring[${i}]`));
  entries.forEach((entry, i) => {
    for (const earlier of entries.slice(0, i)) {
      if (earlier.id === entry.id) throw new TypeError(`keyring[${i}].id: ${entry.id} is there twice`);
      if (earlier.publicKey === entry.publicKey) {
        throw new TypeError(`keyring[${i}].publicKey: the same key as that of id ${earlier.id}`);
      }
    }
  });
  return Object.freeze(entries);
}

/** Decodes the 32 bytes of an entry's public key. */
export function publicKeyBytes(entry: PublicKeyEntry): Uint8Array {
  return fromHex(entry.publicKey);
}

function parseEntry(value: unknown, at: string): PublicKeyEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${at}: must be an object`);
  }
  for (const name of Object.keys(value)) {
    if (!FIELDS.has(name)) throw new TypeError(`${at}: unknown field ${JSON.stringify(name)}`);
  }
  const { id, mode, state, publicKey, created }: Partial<Record<string, unknown>> = { ...value };
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > 255) {
    throw new TypeError(`${at}.id: must be a whole number from 1 to 255`);
  }
  if (mode !== 'live' && mode !== 'test') throw new TypeError(`${at}.mode: must be "live" or "test"`);
  if (state !== 'next' && state !== 'active' && state !== 'retired') {
    throw new TypeError(`${at}.state: must be "next", "active" or "retired"`);
  }
  if (typeof publicKey !== 'string' || !/^[0-9a-f]{64}$/i.test(publicKey)) {
    throw new TypeError(`${at}.publicKey: must be 32 bytes in hex`);
  }
  if (!isUsablePublicKey(fromHex(publicKey))) {
    throw new TypeError(`${at}.publicKey: is of small order or not canonical, so anyone could sign for it`);
  }
  if (!isDay(created)) throw new TypeError(`${at}.created: must be a day, YYYY-MM-DD`);
  return Object.freeze({ id, mode, state, publicKey: publicKey.toLowerCase(), created });
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
