/** Compares the id secret and the keyring with the ledger's row of the secret and keys that it was written with. */
import { type IdentityRow, judgeIdentity, theIdentity } from '../../record/identity-row.ts';
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Throws AppError `ledger_damaged` if the row is missing, or there are several. */
export function readIdentity(connection: Connection): IdentityRow {
  return theIdentity(readRows(connection));
}

function readRows(connection: Connection): readonly IdentityRow[] {
  return connection.prepare<[], IdentityRow>('SELECT ledger, secret, key_id, seal FROM identity').all();
}

/** Throws as `judgeIdentity`. Stores a higher key id. */
export function requireIdentity(connection: Connection, sealer: Sealer, highestKeyId?: number): void {
  try {
    const newer = judgeIdentity(readRows(connection), sealer, highestKeyId);
    if (newer === undefined) return;
    connection
      .prepare<[IdentityRow]>('UPDATE identity SET key_id = $key_id, seal = $seal WHERE key_id < $key_id')
      .run(newer);
  } catch (error) {
    throw ledgerError(error);
  }
}
