/** Seals ledger rows, so that `ledger check` notices a row that Mintmark did not write, or not so. */
import { createHmac } from 'node:crypto';
import { Hmac } from '../../keyring/hmac.ts';

export const SEAL_BYTES = 16;

/** A seal that fits no row: what was damaged before stays visible to `ledger check`. */
export const NO_SEAL: Buffer = Buffer.alloc(SEAL_BYTES);

export type SealedTable =
  | 'address'
  | 'customer'
  | 'event'
  | 'fact'
  | 'flag'
  | 'fulfillment'
  | 'history'
  | 'identity'
  | 'license'
  | 'mark'
  | 'owed'
  | 'pen'
  | 'revocation_list'
  | 'tally';

type Part = string | number | null | Uint8Array;

/** Makes seals: HMAC-SHA256 under a key derived from the id secret, cut to 16 bytes. */
export class Sealer {
  readonly #hmac: Hmac;
  /** HMAC of a fixed text under the id secret: tells secrets apart and gives none away. */
  readonly idSecretCheck: Buffer;

  constructor(idSecret: Uint8Array) {
    const key = createHmac('sha256', idSecret).update('mintmark ledger seal v1').digest();
    this.#hmac = new Hmac(key);
    this.idSecretCheck = createHmac('sha256', idSecret).update('mintmark id secret check v1').digest();
  }

  /** Of a row's parts in a fixed order; JSON keeps the borders between them. */
  seal(table: SealedTable, ...parts: readonly Part[]): Buffer {
    const text = JSON.stringify([table, ...parts.map(asText)]);
    return this.#hmac.of(text).subarray(0, SEAL_BYTES);
  }
}

function asText(part: Part): string | number | null {
  if (!(part instanceof Uint8Array)) return part;
  const bytes = Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.length);
  return bytes.toString('hex');
}
