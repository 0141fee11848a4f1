/** The shape of the ledger's rows, the same in every database. Blobs are bytes, moments milliseconds since 1970-01-01. */
import type { Day } from '../../domain/day.ts';
import type { EventOutcome } from '../../domain/event.ts';
import type { Subject } from '../../domain/fact.ts';
import type { FlagKind } from '../../domain/flag.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';

/** One row a unit: what a first sale writes, and what becomes of the license. */
export interface LicenseRow {
  readonly number: number;
  readonly id: Buffer;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly customer: number | null;
  readonly subscription: string | null;
  /** Digest of the terms of its sale; null in ledgers before schema 6. */
  readonly terms: Buffer | null;
  readonly first_code: string;
  readonly first_revision: number;
  readonly issued_at: number;
  readonly cause: string;
  /** The first answer, where a request brought the license about: null quantity and message where none did. */
  readonly quantity: number | null;
  readonly message: Buffer | null;
  readonly alone: 0 | 1;
  /** What its request says that the order came to. */
  readonly total: number | null;
  readonly currency: string | null;
  readonly delivered_at: number | null;
  /** Of the newest code, and the latest of all codes; null: perpetual. */
  readonly last_valid: Day | null;
  readonly reach: Day | null;
  readonly handed: number | null;
  readonly due: number | null;
  readonly seal: Buffer;
}

/** A code of a revision above the first. */
export interface CodeRow {
  readonly license: number;
  readonly revision: number;
  readonly text: string;
}

/** An answer to a request for a license that was there before it. Sequence 1: the order's own request; above: rebills. */
export interface FulfillmentRow {
  readonly license: number;
  readonly sequence: number;
  readonly revision: number;
  readonly quantity: number;
  readonly message: Buffer;
  readonly at: number;
  readonly delivered_at: number | null;
  /** The rebill's own order; null for the order itself. */
  readonly request: string | null;
  readonly alone: 0 | 1;
  readonly seal: Buffer;
}

/** A change of a license, from sequence 1 on: its beginning is in the license's row. */
export interface HistoryRow {
  readonly license: number;
  readonly sequence: number;
  readonly at: number;
  readonly from_state: LicenseState;
  readonly to_state: LicenseState;
  readonly revision: number;
  readonly cause: string;
  readonly seal: Buffer;
}

export interface FactRow {
  readonly subject: Subject;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly key: string;
  readonly at: number;
  readonly kind: string;
  /** JSON. */
  readonly body: string;
  readonly cause: string;
  /** The other name that the fact ties its subject to. */
  readonly refers: Subject | null;
  readonly seal: Buffer;
}

/** Its seal is in no column: it is only counted. */
export interface EventRow {
  readonly number: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly event_id: string;
  readonly type: string;
  readonly at: number;
  readonly received_at: number;
  readonly payload: string | null;
  readonly digest: Buffer;
  readonly outcome: EventOutcome;
  readonly fault: string | null;
  readonly attempts: number;
}

export interface FlagRow {
  readonly id: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly key: string;
  readonly kind: FlagKind;
  readonly reason: string;
  readonly order_id: string | null;
  readonly product: string | null;
  readonly event_id: string | null;
  readonly at: number;
  readonly settled_at: number | null;
  readonly settled_by: string | null;
  readonly seal: Buffer;
}

export interface OwedRow {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly line: string;
  readonly product: string | null;
  readonly quantity: number;
  readonly missing: number;
  readonly since: number;
  readonly due: number | null;
  readonly seal: Buffer;
}

/** Who holds a license, and who bought it where that is somebody else (a gift). */
export interface CustomerRow {
  readonly number: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly buyer_name: string | null;
  readonly buyer_email: string | null;
  /** A sum of ERASED_HOLDER and ERASED_BUYER. */
  readonly erased: number;
  /** Keyed hashes of the holder's addresses before they were corrected, one behind the other. */
  readonly former: Buffer | null;
  readonly seal: Buffer;
}

export const ERASED_HOLDER = 1;
export const ERASED_BUYER = 2;

/** Tells which secrets and keys the ledger was written with. */
export interface IdentityRow {
  /** 16 random bytes: which ledger it is. */
  readonly ledger: Buffer;
  /** Sealer.idSecretCheck. */
  readonly secret: Buffer;
  /** The highest key id that it was ever opened with. */
  readonly key_id: number;
  readonly seal: Buffer;
}

/** A product's revocation list as it was last published. */
export interface ListRow {
  readonly product: string;
  readonly seq: number;
  readonly iat: number;
  readonly nxt: number;
  readonly key_id: number;
  /** The UTC day on which it was last found to hold all that it must. */
  readonly day: Day;
  /** SHA-256 of what it held then. */
  readonly digest: Buffer;
  /** An entry changed since. */
  readonly changed: 0 | 1;
  readonly seal: Buffer;
}
