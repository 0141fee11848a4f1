/** What is loaded for an act, and what a decision changes: the data between domain and storage (docs/architecture.md, Load, decide, save). */
import type { Day } from './day.ts';
import type { Fact } from './fact.ts';
import type { Flag, RaisedFlag } from './flag.ts';
import type { LicenseState, MintedLicense } from './license.ts';
import type { Customer, Marketplace, Mode } from './order.ts';

/** In which marketplace and mode names are looked for: equal ids of different ones have nothing in common. */
export interface Market {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** What an order came to, tax included. */
export interface Charged {
  readonly total: number;
  readonly currency: string | null;
}

/** A license as it is loaded. */
export interface LedgerLicense {
  /** The ledger's own number. */
  readonly number: number;
  readonly id: Uint8Array;
  /** `subscription:ID` for a license that a subscription brought about. */
  readonly order: string;
  /** '' for a license of a ledger before schema 6, and where a marketplace names no lines. */
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  readonly revision: number;
  /** The customer's number; null where nobody is known. */
  readonly customer: number | null;
  /** The customer; undefined where nobody is known, and for one who was erased. */
  readonly holder: Customer | undefined;
  readonly subscription: string | null;
  /** Digest of the terms of its sale; null in ledgers before schema 6: those of the product file. */
  readonly terms: string | null;
  /** When it came into the ledger, milliseconds since 1970-01-01, and why. */
  readonly at: number;
  readonly cause: string;
  /** What its request says that the order came to. */
  readonly charged: Charged | null;
  readonly firstCode: string;
  readonly code: string;
  /** The latest last valid day of all its codes; null: a perpetual one is among them. */
  readonly reach: Day | null;
  /** The answer to its order's request; null where nobody asked. */
  readonly answer: LedgerAnswer | null;
  /** The highest revision that was handed out; null: none was. */
  readonly handed: number | null;
  /** When time alone may change it or raise a flag, milliseconds since 1970-01-01; null: never. */
  readonly due: number | null;
}

/** What a request asked for and was answered for one unit. */
export interface LedgerAnswer {
  readonly quantity: number;
  readonly revision: number;
  readonly code: string;
  /** Digest of the message that the reply was made of: lower-case hex. */
  readonly message: string;
  readonly at: number;
  readonly deliveredAt: number | null;
  /** Units are asked for one by one, and this is one of them. */
  readonly byUnit: boolean;
}

/** What a rebill was answered for one license. */
export interface RebillAnswer extends LedgerAnswer {
  readonly number: number;
  /** The rebill's own order. */
  readonly request: string;
}

/** A line that was sold and has fewer licenses than units. */
export interface OwedLine {
  readonly order: string;
  readonly line: string;
  /** null: no product file names it. */
  readonly product: string | null;
  readonly quantity: number;
  /** Units without a license; 0 once all are there. */
  readonly missing: number;
  /** The marketplace's time of the sale. */
  readonly since: number;
  /** When it is late; null once it was flagged, or nothing is missing. */
  readonly due: number | null;
}

/** All that the ledger holds of the orders and subscriptions that an act concerns. */
export interface Found {
  readonly market: Market;
  /** Each subject and key once. */
  readonly facts: readonly Fact[];
  /** By number. */
  readonly licenses: readonly LedgerLicense[];
  readonly owed: readonly OwedLine[];
  /** Answers to the rebill that an act is about; loaded for renewals alone. */
  readonly rebills: readonly RebillAnswer[];
  /** Settled ones too: what was settled is not raised again. */
  readonly flags: readonly Flag[];
}

/** A license to record, with the answer that hands it out where a request brought it about. */
export interface NewLicense {
  readonly order: string;
  readonly line: string;
  readonly product: string;
  readonly reissue: number;
  readonly minted: MintedLicense;
  readonly state: LicenseState;
  /** A number of one who is there, or somebody new; null: nobody is known. */
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

/** What becomes of a license that is there: a row of its history. */
export interface LicenseChange {
  /** Negative: of a license in the same changes. */
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

/** What changes beside its history. */
export interface LicenseTouch {
  readonly number: number;
  readonly handed?: number;
  readonly subscription?: string | null;
  readonly due?: number | null;
  readonly customer?: number | Customer;
}

/** An answer to a request for a license that was there before it. */
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
}

/**
 * Saved as one transaction, in the order of the fields. A negative number in `changes`, `touches` and `answers` is that of
 * a license in `licenses`: -1 the first, -2 the second.
 */
export interface Changes {
  /** New ones, and known ones of which another telling counts now. */
  readonly facts: readonly Fact[];
  readonly licenses: readonly NewLicense[];
  readonly changes: readonly LicenseChange[];
  readonly touches: readonly LicenseTouch[];
  readonly answers: readonly NewAnswer[];
  /** Inserted or replaced by (order, line). */
  readonly owed: readonly OwedLine[];
  readonly raised: readonly RaisedFlag[];
  /** Flags whose cause went away. */
  readonly cleared: readonly { readonly id: number; readonly at: number; readonly reason: string }[];
}

/** Changes and what the act comes to. */
export interface Decided<T> {
  readonly changes: Changes;
  readonly result: T;
}
