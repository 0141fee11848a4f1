/** The ledger's own record of the secrets and keys that it was written with. */
import { AppError } from '../../errors.ts';
import type { IdentityRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealIdentity } from '../record/seals.ts';
import type { Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Throws AppError `ledger_damaged` where it is missing, or there are several. */
export function readIdentity(connection: Connection): IdentityRow {
  const rows = connection.prepare<[], IdentityRow>('SELECT ledger, secret, key_id, seal FROM identity').all();
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new AppError(
    'ledger_damaged',
    'The ledger no longer says which secret it was written with: restore a backup.',
  );
}

/**
 * Throws AppError `bad_configuration` where the id secret is another one, or the keyring is older than the ledger: the
 * same order would get another license, or a key id another key. A higher key id is noted.
 */
export function holdIdentity(connection: Connection, sealer: Sealer, highestKeyId?: number): void {
  try {
    const identity = readIdentity(connection);
    if (!identity.secret.equals(sealer.idSecretCheck)) {
      throw new AppError(
        'bad_configuration',
        'The id secret in the keys folder is not the one that this ledger was written with: with another one the same order would get another license. Restore the keys folder that belongs to the ledger.',
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
        `The keyring ends with key ${highestKeyId}, but this ledger has seen key ${identity.key_id}: the keys folder is older than the ledger. Restore the newer one.`,
      );
    }
    const newer = { ...identity, key_id: highestKeyId };
    connection
      .prepare('UPDATE identity SET key_id = $key_id, seal = $seal WHERE key_id < $key_id')
      .run({ ...newer, seal: sealIdentity(sealer, newer) });
  } catch (error) {
    throw ledgerError(error);
  }
}
