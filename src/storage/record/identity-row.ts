/** The table `identity`: the secret and the keys that the ledger was written with. One row. */
import type { Sealer, Unsealed } from './sealer.ts';

export interface IdentityRow {
  /** 16 random bytes that identify the ledger. */
  readonly ledger: Buffer;
  /** Sealer.idSecretCheck. */
  readonly secret: Buffer;
  /** The highest key id that the ledger was ever opened with. */
  readonly key_id: number;
  readonly seal: Buffer;
}

export function sealIdentity(sealer: Sealer, row: Unsealed<IdentityRow>): Buffer {
  const { ledger, secret, key_id } = row;
  return sealer.seal('identity', ledger, secret, key_id);
}
