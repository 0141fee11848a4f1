/** Compares the revocation lists with the licenses: missing, surplus and edited entries. */
import { isSameWithdrawal, type Withdrawal, withdrawalOf } from '../../../domain/life/withdrawal.ts';
import { LICENSE_ID_BYTES } from '../../../license-code/license-id.ts';
import { revocationDigest } from '../../../license-code/revocation-list.ts';
import type { LicenseRow } from '../license-row.ts';
import { type ListRow, sealList } from '../list-row.ts';
import type { Sealer } from '../sealer.ts';
import { type Finding, licenseName } from './finding.ts';

/** The table `withdrawal`: an entry of a revocation list. */
export interface EntryRow extends Withdrawal {
  readonly license: number;
  readonly digest: Buffer;
  readonly product: string;
}

/** A license has exactly the entry that follows from its state and its days. */
export function* checkEntries(row: LicenseRow, entries: readonly EntryRow[]): Generator<Finding> {
  // A truncated id has no digest; checkLicense reports it.
  if (row.id.length !== LICENSE_ID_BYTES) return;
  const wanted = withdrawalOf(row.state, row.last_valid, row.reach);
  const digest = revocationDigest(row.id);
  const own = entries.find((entry) => entry.product === row.product && entry.digest.equals(digest));
  const others = entries.length - (own === undefined ? 0 : 1);
  const where = licenseName(row);
  if (!isSameWithdrawal(own, wanted)) {
    yield { where, fault: 'its entry on the revocation list does not follow from its state and codes' };
  }
  if (others > 0) yield { where, fault: 'it has a surplus entry on a revocation list' };
}

/** `isComplete`: the entries of the list on its day are the entries that were published. */
export function* checkList(
  row: ListRow,
  sealer: Sealer,
  isComplete: (row: ListRow) => boolean,
): Generator<Finding> {
  const where = `the revocation list of ${row.product}`;
  if (!row.seal.equals(sealList(sealer, row))) yield { where, fault: 'its numbers were edited' };
  else if (row.changed === 0 && !isComplete(row)) {
    yield { where, fault: 'it was published with other entries, and no change is noted' };
  }
}
