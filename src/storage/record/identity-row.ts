/** The table `identity`: the secret and the keys that the ledger was written with. One row. */
import { AppError } from '../../errors.ts';
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

/** Throws AppError `ledger_damaged` if the row is missing, or there are several. */
export function theIdentity(rows: readonly IdentityRow[]): IdentityRow {
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new AppError(
    'ledger_damaged',
    'The ledger no longer identifies the secret that it was written with: restore a backup.',
  );
}

/**
 * Returns the row to store where the keyring is newer than the ledger. Throws AppError `bad_configuration` if the id secret
 * is another one or the keyring is older than the ledger: the same order would get another license, or a key id another key.
 */
export function judgeIdentity(
  rows: readonly IdentityRow[],
  sealer: Sealer,
  highestKeyId?: number,
): IdentityRow | undefined {
  const identity = theIdentity(rows);
  if (!identity.secret.equals(sealer.idSecretCheck)) {
    throw new AppError(
      'bad_configuration',
      'The id secret in the keys folder is not the id secret of this ledger: with it the same order would get another license. Restore the keys folder that belongs to the ledger.',
    );
  }
  if (!identity.seal.equals(sealIdentity(sealer, identity))) {
    throw new AppError('ledger_damaged', 'The row that identifies the ledger was edited: restore a backup.');
  }
  if (highestKeyId === undefined || highestKeyId === identity.key_id) return undefined;
  if (highestKeyId < identity.key_id) {
    throw new AppError(
      'bad_configuration',
      `The keyring ends with key ${highestKeyId}, but this ledger has seen key ${identity.key_id}: the keys folder is older than the ledger. Restore the newer keys folder.`,
    );
  }
  const newer = { ...identity, key_id: highestKeyId };
  return { ...newer, seal: sealIdentity(sealer, newer) };
}
