/** Queries to the ledger and their results. */
import type { LedgerAnswer, Market, OwedLine, RebillAnswer } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import type { Day } from '../values/day.ts';
import type { Flag, FlagKind } from '../values/flag.ts';
import type { LicenseState } from '../values/license.ts';
import type { Customer, Marketplace, Mode, OrderKey } from '../values/order.ts';

/** A license as the ledger holds it, with the code of the newest revision. */
export interface HeldLicense {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly line: string;
  readonly subscription: string | null;
  readonly unit: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly code: string;
  /** null: no request asked for the license. */
  readonly answer: LedgerAnswer | null;
  /**
   * The highest revision that the customer has, or that differs from it only by an earlier end; HANDED_BEFORE: only codes of
   * the license that it replaces; null: none.
   */
  readonly handed: number | null;
}

/** All licenses of one product of an order. */
export interface HeldOrder {
  /** At least one license, ordered by line and unit; of each unit the newest reissue. */
  readonly licenses: readonly [HeldLicense, ...HeldLicense[]];
  /** The customer as first stated; undefined: erased, so a repeat is answered with the customer in the request. */
  readonly customer: Customer | undefined;
}

export interface HistoryEntry {
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly from: LicenseState | null;
  readonly to: LicenseState;
  readonly revision: number;
  readonly cause: string;
}

/** A license with its order and history, for an operator. */
export interface LicenseStory extends HeldLicense, OrderKey {
  readonly reissue: number;
  readonly customer: Customer;
  /** The answers to license requests of further charges, the oldest first. */
  readonly rebills: readonly RebillAnswer[];
  /** Digest of the terms; null: the product file's terms apply. */
  readonly terms: string | null;
  /** Changes of the license, the oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** A license as a walk over all licenses needs it. */
export interface NumberedCode {
  /** Ascending in the order of issue, possibly with gaps; begins above 0. */
  readonly number: number;
  readonly id: Uint8Array;
  readonly mode: Mode;
  readonly state: LicenseState;
  readonly code: string;
}

export type LedgerQuery =
  | { readonly by: 'license'; readonly id: Uint8Array }
  | { readonly by: 'order'; readonly order: string }
  | { readonly by: 'subscription'; readonly subscription: string }
  /** A whole address, in any spelling. */
  | { readonly by: 'email'; readonly email: string }
  /** A part of a name or address, in any spelling; at most 100 licenses. */
  | { readonly by: 'person'; readonly part: string };

export interface EventQuery {
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  readonly id?: string;
  readonly failed?: boolean;
  readonly flagged?: boolean;
  /** The largest number of results; the newest are returned. */
  readonly limit: number;
}

export interface FlagQuery {
  readonly kind?: FlagKind;
  readonly id?: number;
  readonly key?: string;
  readonly event?: string;
  readonly order?: string;
  /** true: settled flags only; false: open flags only; absent: both. */
  readonly settled?: boolean;
  /** The largest number of results; the newest are returned. */
  readonly limit: number;
}

export interface OrderQuery {
  readonly product?: string;
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  readonly state?: LicenseState;
  /** Only orders that came into the ledger at or after this moment, milliseconds since 1970-01-01. */
  readonly since?: number;
  /** Only orders with a paid unit that was not handed out within an hour, at `now`. */
  readonly undelivered?: boolean;
  /** Only orders with an active license whose newest code was never handed out. */
  readonly unmailed?: boolean;
  /** Only orders with an active license whose last valid day is before this day. */
  readonly expiringBefore?: Day;
  readonly now: number;
  /** The largest number of results; the newest are returned. */
  readonly limit: number;
}

/** An order in a list: one entry a product. */
export interface OrderSummary {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order: string;
  readonly line: string;
  /** null: no product file names the line. */
  readonly product: string | null;
  /** When the order came into the ledger, milliseconds since 1970-01-01. */
  readonly at: number;
  /** The number of licenses by state, without reissued ones. */
  readonly licenses: Readonly<Record<LicenseState, number>>;
  /** Paid units without a license. */
  readonly missing: number;
  /** `undelivered`: licenses of which no code was handed out. `unmailed`: licenses whose newest code was not. */
  readonly undelivered: number;
  readonly unmailed: number;
  /** The earliest last valid day of the active licenses; null: perpetual, or none is active. */
  readonly lastValid: Day | null;
  readonly customer: Customer;
}

/** All that the ledger knows of an order and its subscriptions. */
export interface OrderStory {
  readonly licenses: readonly LicenseStory[];
  readonly owed: readonly (OwedLine & Market)[];
  readonly facts: readonly Fact[];
  readonly flags: readonly Flag[];
}
