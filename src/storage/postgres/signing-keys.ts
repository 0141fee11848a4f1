/**
 * The public keys that the ledger was opened with. Two hosts that each made a key of the same id would sign codes that
 * programs with the other key do not read.
 */
import { AppError } from '../../errors.ts';
import type { Sealer } from '../record/sealer.ts';
import type { Session } from './session/connection.ts';

export interface PublicKey {
  readonly id: number;
  /** 32 bytes, as 64 lower-case hex digits. */
  readonly publicKey: string;
}

interface KeyRow {
  readonly key_id: number;
  readonly public_key: Buffer;
  readonly seal: Buffer;
}

/**
 * Throws AppError `bad_configuration` if an id has another key in the ledger. Stores new ones. In the transaction of a start,
 * which runs alone.
 */
export async function requireSameKeys(
  session: Session,
  sealer: Sealer,
  keys: readonly PublicKey[],
): Promise<void> {
  const rows = await session.rows('SELECT key_id, public_key, seal FROM signing_key');
  const known = new Map((rows as unknown as readonly KeyRow[]).map((row) => [row.key_id, row]));
  for (const { id, publicKey } of keys) {
    const bytes = Buffer.from(publicKey, 'hex');
    const seal = sealer.seal('signing_key', id, bytes);
    const row = known.get(id);
    if (row === undefined) {
      await session.rows('INSERT INTO signing_key (key_id, public_key, seal) VALUES ($1, $2, $3)', [
        id,
        bytes,
        seal,
      ]);
    } else if (!row.public_key.equals(bytes)) {
      throw new AppError(
        'bad_configuration',
        `Key ${id} of the keyring is not the key ${id} of this ledger: another host made a key with the same id. Copy the keys folder of the host that runs.`,
      );
    } else if (!row.seal.equals(seal)) {
      throw new AppError('ledger_damaged', `The row of key ${id} was edited: restore a backup.`);
    }
  }
}
