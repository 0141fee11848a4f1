/**
 * Data between domain and storage: what a decision loads, and what it changes (docs/architecture.md, Load,
 * decide, save).
 */
import type { Fact } from './facts/fact.ts';
import type { Outgoing } from './values/announcement.ts';
import type { Day } from './values/day.ts';
import type { Flag, RaisedFlag } from './values/flag.ts';
import type { LicenseState, MintedLicense } from './values/license.ts';
import type { Customer, Marketplace, Mode } from './values/order.ts';

/** The marketplace and mode of a name: equal ids in two markets have nothing in common. */
export interface Market {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** The total of an order, tax included. */
export interface Charged {
  readonly total: number;
  readonly currency: string | null;
}

/** Below each revision, so that the newest code counts as not handed out, and the unit as handed out. */
export const HANDED_BEFORE = -1;

/** A license as the ledger holds it. */
export interface LedgerLicense {
  /** The ledger's row number; negative: issued in the same act. */
  readonly number: number;
  readonly id: Uint8Array;
  /** `subscription:ID` for a license that a subscription issued. */
  readonly order: string;
  /** '' if the marketplace names no lines, or the ledger was older than schema 6. */
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  readonly revision: number;
  /** The customer's number; null: no customer is known. */
  readonly customer: number | null;
  /** The customer; undefined: unknown or erased. */
  readonly holder: Customer | undefined;
  readonly subscription: string | null;
  /** Digest of the terms of the sale; null in ledgers before schema 6: the product file's terms apply. */
  readonly terms: string | null;
  /** When the license came into the ledger, milliseconds since 1970-01-01, and why. */
  readonly at: number;
  readonly cause: string;
  /** The order's total, as the fulfillment request states it. */
  readonly charged: Charged | null;
  readonly firstCode: string;
  readonly code: string;
  /** The latest last valid day of all codes; null: one of the codes is perpetual. */
  readonly reach: Day | null;
  /** The answer to the order's request; null: nobody asked. */
  readonly answer: LedgerAnswer | null;
  /** The highest revision that was handed out; HANDED_BEFORE: only codes of the license that it replaces; null: none. */
  readonly handed: number | null;
  /** When time alone may change the license or raise a flag, milliseconds since 1970-01-01; null: never. */
  readonly due: number | null;
}

/** A request for one unit and its answer. */
export interface LedgerAnswer {
  readonly quantity: number;
  readonly revision: number;
  readonly code: string;
  /** Digest of the message used for the reply: lower-case hex. */
  readonly message: string;
  readonly at: number;
  readonly deliveredAt: number | null;
  /** The request asked for this unit only (Separate Multibuy). */
  readonly byUnit: boolean;
}

/** The answer to a rebill for one license. */
export interface RebillAnswer extends LedgerAnswer {
  readonly number: number;
  /** The rebill's own order. */
  readonly request: string;
}

/** A sold line that has fewer licenses than units. */
export interface OwedLine {
  readonly order: string;
  readonly line: string;
  /** null: no product file names the line. */
  readonly product: string | null;
  readonly quantity: number;
  /** Units without a license; 0: none is missing any more. */
  readonly missing: number;
  /** The marketplace's time of the sale. */
  readonly since: number;
  /** When the line is late; null: already flagged, or nothing is missing. */
  readonly due: number | null;
}

/** All that the ledger holds about the orders and subscriptions of a decision. */
export interface Found {
  readonly market: Market;
  /** Unique by subject and key. */
  readonly facts: readonly Fact[];
  /** By number. */
  readonly licenses: readonly LedgerLicense[];
  readonly owed: readonly OwedLine[];
  /** Answers to the rebill being decided; loaded for renewals only. */
  readonly rebills: readonly RebillAnswer[];
  /** Open and settled: a settled flag is not raised again. */
  readonly flags: readonly Flag[];
}

/** A license to store, with its answer if a request issued it. */
export interface NewLicense {
  readonly order: string;
  readonly line: string;
  readonly product: string;
  readonly reissue: number;
  readonly minted: MintedLicense;
  readonly state: LicenseState;
  /** The number of a known customer, or a new customer; null: unknown. */
  readonly customer: number | Customer | null;
  readonly subscription: string | null;
  readonly terms: string;
  readonly lastValid: Day | null;
  readonly at: number;
  readonly cause: string;
  readonly charged: Charged | null;
  readonly answer: Pick<LedgerAnswer, 'quantity' | 'message' | 'byUnit'> | null;
  readonly due: number | null;
}

/** A change of an existing license: one history row. */
export interface LicenseChange {
  /** Negative: a license of the same changes. */
  readonly number: number;
  readonly id: Uint8Array;
  readonly product: string;
  readonly before: LicenseState;
  readonly state: LicenseState;
  readonly revision: number;
  /** The code of a new revision. */
  readonly code: string | undefined;
  /** Of the newest code. */
  readonly lastValid: Day | null;
  readonly reach: Day | null;
  readonly at: number;
  readonly cause: string;
}

/** Changes of a license outside its history. */
export interface LicenseTouch {
  readonly number: number;
  readonly handed?: number;
  readonly subscription?: string | null;
  readonly due?: number | null;
  readonly customer?: number | Customer;
}

/** An answer to a request for an existing license. */
export interface NewAnswer {
  readonly number: number;
  readonly id: Uint8Array;
  readonly revision: number;
  readonly quantity: number;
  readonly message: string;
  readonly at: number;
  /** The rebill's own order; null: the license's own order. */
  readonly request: string | null;
  readonly byUnit: boolean;
  /** For repeats from now on: nobody got it yet. */
  readonly isAhead?: true;
}

/**
 * Saved as one transaction, in the order of the fields. A negative number in `changes`, `touches` and
 * `answers` refers to `licenses`: -1 is the first, -2 the second.
 */
export interface Changes {
  /** New facts, and known facts of which another version counts now. */
  readonly facts: readonly Fact[];
  readonly licenses: readonly NewLicense[];
  readonly changes: readonly LicenseChange[];
  readonly touches: readonly LicenseTouch[];
  readonly answers: readonly NewAnswer[];
  /** Inserted or replaced by (order, line). */
  readonly owed: readonly OwedLine[];
  readonly raised: readonly RaisedFlag[];
  /** Flags whose cause is gone. */
  readonly cleared: readonly { readonly id: number; readonly at: number; readonly reason: string }[];
  /** What the changes announce (announce.ts). */
  readonly outgoing: readonly Outgoing[];
}

/** The changes of a decision and its result. */
export interface Decided<T> {
  readonly changes: Changes;
  readonly result: T;
}
