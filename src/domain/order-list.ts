/** Orders as an operator lists and looks at them. */
import type { Market, OwedLine } from './changes.ts';
import type { Day } from './day.ts';
import type { Fact } from './fact.ts';
import type { Flag } from './flag.ts';
import type { LicenseStory } from './ledger.ts';
import type { LicenseState } from './license.ts';
import type { Customer, Marketplace, Mode } from './order.ts';

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

/** What an operator decided (desk.ts): facts to add, or a reissue. */
