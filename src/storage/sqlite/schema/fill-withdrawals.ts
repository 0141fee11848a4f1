/** Migration to schema 3: adds entries for the licenses that were withdrawn before revocation lists existed. */
import { laterDay, withdrawalOf } from '../../../domain/life/withdrawal.ts';
import type { LicenseState } from '../../../domain/values/license.ts';
import { revocationDigest } from '../../../license-code/revocation-list.ts';
import { lastValidDay } from '../../record/last-valid.ts';
import type { Connection } from '../file/connection.ts';

interface OldLicense {
  readonly number: number;
  readonly id: Buffer;
  readonly product: string;
  readonly state: LicenseState;
}

/** SQL cannot read a code. Like the SQL of a released migration, what it does never changes. */
export function fillWithdrawals(connection: Connection): void {
  const page = connection.prepare<[{ readonly after: number }], OldLicense>(`
    SELECT number, id, product, state FROM license WHERE number > $after AND state <> 'active'
    ORDER BY number LIMIT 1000`);
  const codes = connection
    .prepare<[Pick<OldLicense, 'number'>], string>(
      'SELECT text FROM code WHERE license = $number ORDER BY revision',
    )
    .pluck();
  const insert = connection.prepare(`
    INSERT INTO withdrawal (product, digest, license, listed, since, until)
    VALUES ($product, $digest, $license, $listed, $since, $until)`);
  let after = 0;
  for (let rows = page.all({ after }); rows.length > 0; rows = page.all({ after })) {
    after = rows.at(-1)?.number ?? after;
    for (const { number, id, product, state } of rows) {
      const days = codes.all({ number }).map(lastValidDay);
      const entry = withdrawalOf(state, days.at(-1) ?? null, days.reduce(laterDay, days[0] ?? null));
      if (entry === undefined) continue;
      insert.run({ ...entry, product, digest: revocationDigest(id), license: number });
    }
  }
}
