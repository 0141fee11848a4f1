/** Holds the revocation lists against the licenses: an entry that is missing or one too many, a number that was edited. */
import type { LicenseState } from '../../domain/license.ts';
import { listingDay } from '../../domain/withdrawal.ts';
import { revocationDigest } from '../../license-code/revocation-list.ts';
import type { Finding } from './check.ts';
import type { Connection } from './open.ts';
import { digestOf, type PublishedRow, sealList } from './revocation-lists.ts';
import type { Sealer } from './seal.ts';
import { isSame, type Listable, Withdrawals } from './withdrawals.ts';

interface LicenseRow extends Listable {
  readonly state: LicenseState;
}

interface EntryRow {
  readonly license: number;
  readonly digest: Buffer;
  readonly product: string;
  readonly id: Buffer;
  readonly of: string;
  readonly state: LicenseState;
}

export function* checkWithdrawals(connection: Connection, sealer: Sealer): Generator<Finding> {
  const withdrawals = new Withdrawals(connection);
  yield* checkLicenses(connection, withdrawals);
  yield* checkEntries(connection);
  for (const row of connection.prepare<[], PublishedRow>('SELECT * FROM revocation_list').all()) {
    const where = `the revocation list of ${row.product}`;
    if (!row.seal.equals(sealList(sealer, row))) yield { where, fault: 'its numbers were edited' };
    else if (row.changed === 0 && !isComplete(row, withdrawals)) {
      yield { where, fault: 'it was published with other entries, and no change is marked' };
    }
  }
}

/** Each license that is not active has the entry that its state and its codes ask for. */
function* checkLicenses(connection: Connection, withdrawals: Withdrawals): Generator<Finding> {
  // By page, so that no cursor stays open while others are read.
  const page = connection.prepare<[number], LicenseRow>(`
    SELECT number, id, product, state FROM license WHERE number > ? AND state <> 'active'
    ORDER BY number LIMIT 1000`);
  let last = 0;
  for (let rows = page.all(last); rows.length > 0; rows = page.all(last)) {
    for (const row of rows) {
      // Pages that lost their order: the check of the licenses tells.
      if (row.number <= last) return;
      last = row.number;
      if (isWhole(row.id) && !isSame(withdrawals.entry(row), withdrawals.wanted(row.number, row.state))) {
        yield {
          where: `license ${row.number}`,
          fault: 'its entry on the revocation list is not what its state and codes ask for',
        };
      }
    }
  }
}

/** And there are no other entries. */
function* checkEntries(connection: Connection): Generator<Finding> {
  const rows = connection.prepare<[], EntryRow>(`
    SELECT w.license, w.digest, w.product, l.id, l.product AS "of", l.state
    FROM withdrawal w JOIN license l ON l.number = w.license`);
  for (const { license, digest, product, id, of, state } of rows.iterate()) {
    const fits = product === of && isWhole(id) && digest.equals(revocationDigest(id));
    if (state === 'active' || !fits) {
      yield {
        where: `license ${license}`,
        fault: 'it has an entry on a revocation list that it must not have',
      };
    }
  }
}

/** An id that was cut is found as one that does not fit its license. */
function isWhole(id: Uint8Array): boolean {
  return id.length === 16;
}

function isComplete({ product, day, digest }: PublishedRow, withdrawals: Withdrawals): boolean {
  return digest.equals(digestOf(withdrawals.content(product, listingDay(Date.parse(`${day}T00:00:00Z`)))));
}
