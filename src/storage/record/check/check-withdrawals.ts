/** Holds the revocation lists against the licenses: an entry that is missing or one too many, a number that was edited. */
import { isSameWithdrawal, type Withdrawal, withdrawalOf } from '../../../domain/withdrawal.ts';
import { LICENSE_ID_BYTES } from '../../../license-code/license-id.ts';
import { revocationDigest } from '../../../license-code/revocation-list.ts';
import type { LicenseRow, ListRow } from '../rows.ts';
import type { Sealer } from '../sealer.ts';
import { sealList } from '../seals.ts';
import { type Finding, licenseName } from './finding.ts';

/** An entry of a list as it is kept. */
export interface EntryRow extends Withdrawal {
  readonly license: number;
  readonly digest: Buffer;
  readonly product: string;
}

/** A license has the entry that its state and its days ask for, and no other. */
export function* checkEntries(row: LicenseRow, entries: readonly EntryRow[]): Generator<Finding> {
  // An id that was cut is reported as one that does not fit its license.
  if (row.id.length !== LICENSE_ID_BYTES) return;
  const wanted = withdrawalOf(row.state, row.last_valid, row.reach);
  const digest = revocationDigest(row.id);
  const own = entries.find((entry) => entry.product === row.product && entry.digest.equals(digest));
  const others = entries.length - (own === undefined ? 0 : 1);
  const where = licenseName(row);
  if (!isSameWithdrawal(own, wanted)) {
    yield { where, fault: 'its entry on the revocation list is not what its state and codes ask for' };
  }
  if (others > 0) yield { where, fault: 'it has an entry on a revocation list that it must not have' };
}

/** `isComplete`: what the list holds on its day is what it was published with. */
export function* checkList(
  row: ListRow,
  sealer: Sealer,
  isComplete: (row: ListRow) => boolean,
): Generator<Finding> {
  const where = `the revocation list of ${row.product}`;
  if (!row.seal.equals(sealList(sealer, row))) yield { where, fault: 'its numbers were edited' };
  else if (row.changed === 0 && !isComplete(row)) {
    yield { where, fault: 'it was published with other entries, and no change is marked' };
  }
}
