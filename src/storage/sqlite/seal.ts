/** Seals ledger rows, so that a row which Mintmark did not write, or not so, is found by `ledger check`. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export const SEAL_BYTES = 16;

export type SealedTable = 'history' | 'fulfillment' | 'fact' | 'event' | 'tally' | 'revocation_list';

type Part = string | number | null | Uint8Array;

/** Makes seals: HMAC-SHA256 under a key derived from the id secret, cut to 16 bytes. */
export class Sealer {
  readonly #key: KeyObject;

  constructor(idSecret: Uint8Array) {
    this.#key = createSecretKey(createHmac('sha256', idSecret).update('mintmark ledger seal v1').digest());
  }

  /** Of a row's parts in a fixed order; JSON keeps the borders between them. */
  seal(table: SealedTable, ...parts: readonly Part[]): Buffer {
    const text = JSON.stringify([table, ...parts.map(asText)]);
    return createHmac('sha256', this.#key).update(text).digest().subarray(0, SEAL_BYTES);
  }
}

function asText(part: Part): string | number | null {
  return part instanceof Uint8Array
    ? Buffer.from(part.buffer, part.byteOffset, part.length).toString('hex')
    : part;
}
