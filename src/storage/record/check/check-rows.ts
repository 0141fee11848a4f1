/** Holds sealed rows against their seals, and texts against their digests. */

import { createHash } from 'node:crypto';
import { normalizeAddress } from '../../../domain/address.ts';
import { termsContent } from '../../../domain/terms.ts';
import type { CustomerRow, EventRow, FactRow, FlagRow, IdentityRow, OwedRow } from '../rows.ts';
import type { Sealer } from '../sealer.ts';
import { sealCustomer, sealFact, sealFlag, sealIdentity, sealOwed } from '../seals.ts';
import { type Finding, licenseName } from './finding.ts';

const EDITED = 'it was edited';

/** A fact that was edited would change what becomes of its licenses at the next event. */
export function* checkFact(row: FactRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealFact(sealer, row))) {
    yield { where: `fact ${row.key} of ${row.subject}`, fault: EDITED };
  }
}

export function* checkFlag(row: FlagRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealFlag(sealer, row))) yield { where: `flag ${row.id}`, fault: EDITED };
}

export function* checkOwed(row: OwedRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealOwed(sealer, row))) {
    yield { where: `line ${row.line} of order ${row.order_id}`, fault: 'what is owed of it was edited' };
  }
}

export interface KeptCustomer extends CustomerRow {
  readonly email_norm: string | null;
  readonly buyer_norm: string | null;
  /** An order of theirs; null where they have none. */
  readonly order_id: string | null;
  readonly license: Buffer | null;
}

/** No name and no address in what is reported. */
export function* checkCustomer(row: KeptCustomer, sealer: Sealer): Generator<Finding> {
  const where =
    row.license === null
      ? 'a customer without an order'
      : `the customer of ${licenseName({ id: row.license, order_id: row.order_id ?? '' })}`;
  if (!row.seal.equals(sealCustomer(sealer, row))) yield { where, fault: EDITED };
  const norm = (email: string | null) => (email === null ? null : normalizeAddress(email));
  if (row.email_norm !== norm(row.email) || row.buyer_norm !== norm(row.buyer_email)) {
    yield { where, fault: 'would not be found by the address' };
  }
}

export function* checkEvent({ event_id, payload, digest }: EventRow): Generator<Finding> {
  if (payload === null || createHash('sha256').update(String(payload)).digest().equals(digest)) return;
  yield { where: `event ${event_id}`, fault: 'its payload does not fit its digest' };
}

export function* checkTerms(digest: Buffer, content: string): Generator<Finding> {
  try {
    const isSame = createHash('sha256').update(content).digest().equals(digest);
    if (isSame && termsContent(JSON.parse(content)) === content) return;
  } catch {
    // Not even JSON any more.
  }
  yield { where: `terms ${digest.toString('hex')}`, fault: 'do not fit their digest' };
}

export function* checkIdentity(rows: readonly IdentityRow[], sealer: Sealer): Generator<Finding> {
  const where = 'the row that identifies the ledger';
  const [row] = rows;
  if (row === undefined || rows.length > 1) yield { where, fault: 'is missing, or there are several' };
  else if (!row.secret.equals(sealer.idSecretCheck)) yield { where, fault: 'is of another id secret' };
  else if (!row.seal.equals(sealIdentity(sealer, row))) yield { where, fault: 'was edited' };
}
