/** Seals rows of the ledger, so that `ledger check` finds a row that Mintmark did not write. */
import { createHmac } from 'node:crypto';
import { Hmac } from '../../keyring/hmac.ts';

export const SEAL_BYTES = 16;

/** A seal that fits no row: `ledger check` still reports a row that was damaged before it was sealed again. */
export const NO_SEAL: Buffer = Buffer.alloc(SEAL_BYTES);

export type Unsealed<Row> = Omit<Row, 'seal'>;

export type SealedTable =
  | 'address'
  | 'address_change'
  | 'console_count'
  | 'console_history'
  | 'console_link'
  | 'console_passkey'
  | 'console_session'
  | 'customer'
  | 'download'
  | 'event'
  | 'fact'
  | 'flag'
  | 'fulfillment'
  | 'history'
  | 'identity'
  | 'inquiry'
  | 'license'
  | 'mark'
  | 'outbox'
  | 'outbox_target'
  | 'outbox_try'
  | 'owed'
  | 'pen'
  | 'revocation_list'
  | 'signing_key'
  | 'tally';

type Value = string | number | null | Uint8Array;

/** Makes seals: HMAC-SHA256 under a key derived from the id secret, the first 16 bytes. */
export class Sealer {
  readonly #hmac: Hmac;
  /** HMAC of a fixed text under the id secret: equal for equal secrets, and reveals neither. */
  readonly idSecretCheck: Buffer;

  constructor(idSecret: Uint8Array) {
    const key = createHmac('sha256', idSecret).update('mintmark ledger seal v1').digest();
    this.#hmac = new Hmac(key);
    this.idSecretCheck = createHmac('sha256', idSecret).update('mintmark id secret check v1').digest();
  }

  /** Covers the values in this order; JSON separates them. */
  seal(table: SealedTable, ...values: readonly Value[]): Buffer {
    const text = JSON.stringify([table, ...values.map(jsonValue)]);
    return this.#hmac.of(text).subarray(0, SEAL_BYTES);
  }
}

function jsonValue(value: Value): string | number | null {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.length);
  return bytes.toString('hex');
}
