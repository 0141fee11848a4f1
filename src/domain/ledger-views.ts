/** What the ledger is asked for, and what it shows. */
import type { LedgerAnswer, Market, OwedLine } from './changes.ts';
import type { Day } from './day.ts';
import type { Fact } from './fact.ts';
import type { Flag, FlagKind } from './flag.ts';
import type { LicenseState } from './license.ts';
import type { Customer, Marketplace, Mode, OrderKey } from './order.ts';

/** A license as the ledger holds it: the code is the one of the newest revision. */
export interface HeldLicense {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly line: string;
  readonly subscription: string | null;
  readonly unit: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly code: string;
  /** None for a license whose code was never asked for. */
  readonly answer: LedgerAnswer | null;
}

/** All that the ledger holds of one product of an order. */
export interface HeldOrder {
  /** By line and unit, of each unit the newest reissue; at least one. */
  readonly licenses: readonly [HeldLicense, ...HeldLicense[]];
  /** As first told; undefined where it was erased: a repeat is then answered with what the request itself says. */
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

/** A license with its order and its past, for the person who runs the service. */
export interface LicenseStory extends HeldLicense, OrderKey {
  readonly reissue: number;
  readonly customer: Customer;
  /** Digest of its terms; null: those of the product file. */
  readonly terms: string | null;
  /** The highest revision that was handed out; null: none was. */
  readonly handed: number | null;
  /** Of the newest code. */
  readonly history: readonly HistoryEntry[];
}

export type LedgerQuery =
  | { readonly by: 'license'; readonly id: Uint8Array }
  | { readonly by: 'order'; readonly order: string }
  | { readonly by: 'subscription'; readonly subscription: string }
  /** A whole address, however it is written. */
  | { readonly by: 'email'; readonly email: string }
  /** A part of a name or of an address, however it is written; 100 licenses at most. */
  | { readonly by: 'person'; readonly part: string };

export interface EventQuery {
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  readonly id?: string;
  readonly failed?: boolean;
  /** With a flag that nobody has settled. */
  readonly flagged?: boolean;
  /** The newest so many. */
  readonly limit: number;
}

export interface FlagQuery {
  readonly kind?: FlagKind;
  readonly id?: number;
  readonly key?: string;
  readonly event?: string;
  readonly order?: string;
  /** Only settled ones, or only those that are not; both when absent. */
  readonly settled?: boolean;
  /** The newest so many. */
  readonly limit: number;
}

export interface OrderQuery {
  readonly product?: string;
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  readonly state?: LicenseState;
  /** Orders that came into the ledger at or after this moment, milliseconds since 1970-01-01. */
  readonly since?: number;
  /** With a paid unit that was never handed out, for an hour or longer at `now`. */
  readonly undelivered?: boolean;
  /** With an active license whose newest code was never handed out. */
  readonly unmailed?: boolean;
  /** With an active license whose last valid day is before this one. */
  readonly expiringBefore?: Day;
  readonly now: number;
  /** The newest so many. */
  readonly limit: number;
}

/** An order in a list: one line a product. */
export interface OrderSummary {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order: string;
  readonly line: string;
  /** null: no product file names it. */
  readonly product: string | null;
  /** When it came into the ledger, milliseconds since 1970-01-01. */
  readonly at: number;
  /** Licenses by state, without those that were reissued. */
  readonly licenses: Readonly<Record<LicenseState, number>>;
  /** Paid units without a license. */
  readonly missing: number;
  /** Licenses whose code was never handed out, and whose newest code was not. */
  readonly undelivered: number;
  readonly unmailed: number;
  /** The earliest last valid day of its active licenses; null: perpetual, or none is active. */
  readonly lastValid: Day | null;
  readonly customer: Customer;
}

/** All that is known of an order and of the subscriptions that it follows. */
export interface OrderStory {
  readonly licenses: readonly LicenseStory[];
  readonly owed: readonly (OwedLine & Market)[];
  readonly facts: readonly Fact[];
  readonly flags: readonly Flag[];
}
