/** A license: what one unit of an order entitles to, its identity, and the codes minted from it. */
import type { Day } from './day.ts';
import type { OrderKey } from './order.ts';

/** Nothing is deleted: a license only changes its state (docs/architecture.md, What always holds 5). */
export type LicenseState = 'active' | 'suspended' | 'revoked' | 'ended';

/** The identity of a license, unique in the ledger (What always holds 1). */
export interface LicenseIdentity extends OrderKey {
  /** Which of the line's units, counted from 0. */
  readonly unit: number;
  /** 0, and one more each time the unit's license was replaced by a new one (a leaked code). */
  readonly reissue?: number;
}

/** A license by its identity and its id. */
export interface IdentifiedLicense extends LicenseIdentity {
  /** 16 bytes. */
  readonly id: Uint8Array;
}

/** What a license code says, beside the product and the license id. */
export interface Entitlement {
  readonly trial: boolean;
  readonly issued: Day;
  /** Inclusive, grace included; null = perpetual. */
  readonly lastValid: Day | null;
  /** Inclusive; null = no limit. */
  readonly updatesUntil: Day | null;
  /** 0 = unlimited. */
  readonly seats: number;
  /** Bit i = the product's feature number i. */
  readonly features: number;
}

/** The same but for the day of issue, which a code keeps. */
export function isSameEntitlement(a: Entitlement, b: Entitlement): boolean {
  return (
    a.lastValid === b.lastValid &&
    a.updatesUntil === b.updatesUntil &&
    a.seats === b.seats &&
    a.features === b.features &&
    a.trial === b.trial
  );
}

/** A license code freshly minted, or as the ledger holds it. */
export interface MintedLicense {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly unit: number;
  readonly revision: number;
  readonly code: string;
}
