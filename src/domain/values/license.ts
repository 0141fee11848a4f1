/** A license: the entitlement of one unit of an order, its identity, and the codes minted from it. */
import type { Day } from './day.ts';
import type { OrderKey } from './order.ts';

/** A license is never deleted; only its state changes (docs/architecture.md, What always holds 5). */
export type LicenseState = 'active' | 'suspended' | 'revoked' | 'ended';

/** The identity of a license, unique in the ledger (What always holds 1). */
export interface LicenseIdentity extends OrderKey {
  /** The number of the unit within its line, from 0. */
  readonly unit: number;
  /** How often the unit's license was replaced by a new one (a leaked code), from 0. */
  readonly reissue?: number;
}

/** A license identity with the license id. */
export interface IdentifiedLicense extends LicenseIdentity {
  /** 16 bytes. */
  readonly id: Uint8Array;
}

/** The content of a license code, apart from product and license id. */
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

/** Equal except for the day of issue, which a code keeps. */
export function isSameEntitlement(a: Entitlement, b: Entitlement): boolean {
  return (
    a.lastValid === b.lastValid &&
    a.updatesUntil === b.updatesUntil &&
    a.seats === b.seats &&
    a.features === b.features &&
    a.trial === b.trial
  );
}

/** Whether `after` grants nothing more than `before`: only its end or the end of its updates is earlier. */
export function isOnlyShorter(after: Entitlement, before: Entitlement): boolean {
  const { lastValid, updatesUntil } = before;
  return (
    isSameEntitlement({ ...after, lastValid, updatesUntil }, before) &&
    !isSameEntitlement(after, before) &&
    !isLater(after.lastValid, lastValid) &&
    !isLater(after.updatesUntil, updatesUntil)
  );
}

/** `null`: without an end. */
export function isLater(a: Day | null, b: Day | null): boolean {
  return b !== null && (a === null || a > b);
}

/** A license code, new or from the ledger. */
export interface MintedLicense {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly unit: number;
  readonly revision: number;
  readonly code: string;
}
