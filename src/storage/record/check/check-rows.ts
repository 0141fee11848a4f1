/** Compares sealed rows with their seals, and texts with their digests. */
import { createHash } from 'node:crypto';
import { termsContent } from '../../../domain/values/terms.ts';
import {
  type CustomerRow,
  type NormalizedAddresses,
  normalizedAddresses,
  sealCustomer,
} from '../customer-row.ts';
import type { EventRow } from '../event-row.ts';
import { type FactRow, sealFact } from '../fact-row.ts';
import { type FlagRow, sealFlag } from '../flag-row.ts';
import { type IdentityRow, sealIdentity } from '../identity-row.ts';
import {
  type OutboxRow,
  sealAnnouncement,
  sealTarget,
  sealTry,
  type TargetRow,
  type TryRow,
} from '../outbox-row.ts';
import { type OwedRow, sealOwed } from '../owed-row.ts';
import type { Sealer } from '../sealer.ts';
import { type Finding, licenseName } from './finding.ts';

const EDITED = 'it was edited';

/** An edited fact would change its licenses at the next event. */
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
    yield { where: `line ${row.line} of order ${row.order_id}`, fault: 'its missing units were edited' };
  }
}

export function* checkAnnouncement(row: OutboxRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealAnnouncement(sealer, row)))
    yield { where: `announcement ${row.number}`, fault: EDITED };
}

export function* checkTry(row: TryRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealTry(sealer, row))) {
    yield { where: `try ${row.try} of announcement ${row.announcement}`, fault: EDITED };
  }
}

export function* checkTarget(row: TargetRow, sealer: Sealer): Generator<Finding> {
  if (!row.seal.equals(sealTarget(sealer, row))) {
    yield { where: `the outbox's target ${row.channel} ${row.target}`, fault: EDITED };
  }
}

export interface CheckedCustomer extends CustomerRow, NormalizedAddresses {
  /** The order and the license id of one of the customer's licenses; null: the customer has none. */
  readonly order_id: string | null;
  readonly license: Buffer | null;
}

/** Findings hold no name and no address. */
export function* checkCustomer(row: CheckedCustomer, sealer: Sealer): Generator<Finding> {
  const where =
    row.license === null
      ? 'a customer without an order'
      : `the customer of ${licenseName({ id: row.license, order_id: row.order_id ?? '' })}`;
  if (!row.seal.equals(sealCustomer(sealer, row))) yield { where, fault: EDITED };
  const { email_norm, buyer_norm } = normalizedAddresses(row);
  if (row.email_norm !== email_norm || row.buyer_norm !== buyer_norm) {
    yield { where, fault: 'a search by the address would not find it' };
  }
}

export function* checkEvent({ event_id, payload, digest }: EventRow): Generator<Finding> {
  if (payload === null || createHash('sha256').update(String(payload)).digest().equals(digest)) return;
  yield { where: `event ${event_id}`, fault: 'its payload does not match its digest' };
}

export function* checkTerms(digest: Buffer, content: string): Generator<Finding> {
  try {
    const isSame = createHash('sha256').update(content).digest().equals(digest);
    if (isSame && termsContent(JSON.parse(content)) === content) return;
  } catch {
    // The content is no longer JSON: reported below.
  }
  yield { where: `terms ${digest.toString('hex')}`, fault: 'do not match their digest' };
}

export function* checkIdentity(rows: readonly IdentityRow[], sealer: Sealer): Generator<Finding> {
  const where = 'the row that identifies the ledger';
  const [row] = rows;
  if (row === undefined || rows.length > 1) yield { where, fault: 'is missing, or there are several' };
  else if (!row.secret.equals(sealer.idSecretCheck)) yield { where, fault: 'belongs to another id secret' };
  else if (!row.seal.equals(sealIdentity(sealer, row))) yield { where, fault: 'was edited' };
}
