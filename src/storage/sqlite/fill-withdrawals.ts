/** Part of a migration: the entries of the licenses that were withdrawn before there was a revocation list. */
import type { LicenseState } from '../../domain/license.ts';
import { laterDay, withdrawalOf } from '../../domain/withdrawal.ts';
import { revocationDigest } from '../../license-code/revocation-list.ts';
import { lastValidDay } from '../record/last-valid.ts';
import type { Connection } from './connection.ts';

interface Row {
  readonly number: number;
  readonly id: Buffer;
  readonly product: string;
  readonly state: LicenseState;
}

/** SQL alone can neither read a code nor make a digest. As the step's SQL, it stays as it was when it was released. */
export function fillWithdrawals(connection: Connection): void {
  const page = connection.prepare<[number], Row>(`
    SELECT number, id, product, state FROM license WHERE number > ? AND state <> 'active'
    ORDER BY number LIMIT 1000`);
  const codes = connection
    .prepare<[number], string>('SELECT text FROM code WHERE license = ? ORDER BY revision')
    .pluck();
  const insert = connection.prepare(
    'INSERT INTO withdrawal (product, digest, license, listed, since, until) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.number ?? 0)) {
    for (const { number, id, product, state } of rows) {
      const days = codes.all(number).map(lastValidDay);
      const entry = withdrawalOf(state, days.at(-1) ?? null, days.reduce(laterDay, days[0] ?? null));
      if (entry === undefined) continue;
      insert.run(product, revocationDigest(id), number, entry.listed, entry.since, entry.until);
    }
  }
}
