/** Compares the id secret and the keyring with the ledger's row of the secret and keys that it was written with. */
import { AppError } from '../../errors.ts';
import { type IdentityRow, sealIdentity } from '../record/identity-row.ts';
import type { Sealer } from '../record/sealer.ts';
import type { Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Throws AppError `ledger_damaged` if the row is missing, or there are several. */
export function readIdentity(connection: Connection): IdentityRow {
  const rows = connection.prepare<[], IdentityRow>('SELECT ledger, secret, key_id, seal FROM identity').all();
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new AppError(
    'ledger_damaged',
    'The ledger no longer identifies the secret that it was written with: restore a backup.',
  );
}

/**
 * Throws AppError `bad_configuration` if the id secret is another one or the keyring is older than the ledger: the same
 * order would get another license, or a key id another key. Stores a higher key id.
 */
export function requireIdentity(connection: Connection, sealer: Sealer, highestKeyId?: number): void {
  try {
    const identity = readIdentity(connection);
    if (!identity.secret.equals(sealer.idSecretCheck)) {
      throw new AppError(
        'bad_configuration',
        'The id secret in the keys folder is not the id secret of this ledger: with it the same order would get another license. Restore the keys folder that belongs to the ledger.',
      );
    }
    if (!identity.seal.equals(sealIdentity(sealer, identity))) {
      throw new AppError(
        'ledger_damaged',
        'The row that identifies the ledger was edited: restore a backup.',
      );
    }
    if (highestKeyId === undefined || highestKeyId === identity.key_id) return;
    if (highestKeyId < identity.key_id) {
      throw new AppError(
        'bad_configuration',
        `The keyring ends with key ${highestKeyId}, but this ledger has seen key ${identity.key_id}: the keys folder is older than the ledger. Restore the newer keys folder.`,
      );
    }
    const newer = { ...identity, key_id: highestKeyId };
    connection
      .prepare<[IdentityRow]>('UPDATE identity SET key_id = $key_id, seal = $seal WHERE key_id < $key_id')
      .run({ ...newer, seal: sealIdentity(sealer, newer) });
  } catch (error) {
    throw ledgerError(error);
  }
}
