/** The state of a license's life between two facts, and what stays the same over a life. */
import type { Subject } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import type { ChangePaid } from '../subscriptions/change-payments.ts';
import type { Day } from '../values/day.ts';
import type { Entitlement } from '../values/license.ts';
import type { Terms } from '../values/terms.ts';
import { Periods } from './periods.ts';
import type { Joined } from './shared-facts.ts';

/** Inputs that stay the same over a life. */
export interface LifeContext {
  readonly terms: Terms;
  readonly names: Names;
  /** The entitlement of the first code. */
  readonly issued: Entitlement;
  /** The last day of the first code, without grace. */
  readonly firstUntil: Day | null;
  /** The charge of the license's own order; undefined for a license that a subscription issued. */
  readonly ownCharge: Subject | undefined;
  /** The charge of the subscription's first order. */
  readonly firstCharge?: Subject | undefined;
  /** The line was sold later, beside the subscription's own product. */
  readonly joined?: Joined | undefined;
  /** When a subscription change issued the license (ms since 1970-01-01): the payment of that time is its period. */
  readonly broughtAt?: number | undefined;
  /** The license follows a subscription. */
  readonly follows: boolean;
  /** The keys of charges of something beside the subscription's own product: they pay for what they name alone. */
  readonly beside?: ReadonlySet<string> | undefined;
  /** What payments for a change pay for, by the key of the payment's fact. */
  readonly changesPaid?: ReadonlyMap<string, ChangePaid>;
  /** The license began with a trial. */
  readonly trial: boolean;
}

/** Why a license is suspended for now; a fact of its own lifts each hold. */
export type Hold = 'overdue' | 'paused' | 'reviewed' | 'operator';

/** Why a license is revoked for good. A won dispute lifts a chargeback; an operator lifts all. */
export type Revocation = 'chargeback' | 'voided' | 'operator';

export interface Life {
  readonly holds: Set<Hold>;
  readonly disputes: Set<Subject>;
  readonly revocations: Set<Revocation>;
  periods: Periods;
  /** The charges of the current period and of changes within it; empty: no charge was told. */
  payers: readonly string[];
  /** The last day after a cancellation; the last day before a scheduled pause. */
  canceled: Day | null;
  pauseAfter: Day | null;
  /** When the latest cancellation was told, milliseconds since 1970-01-01; -1: never. */
  canceledAt: number;
  /** The day on which the subscription ended. */
  ended: Day | null;
  /** The last valid day set by an operator; a later charge overrides it. */
  until: Day | null;
  updatesUntil: Day | null;
  /** The key of the latest overdue payment that changed nothing, because its charge date is paid for. */
  oldOverdue: string | undefined;
  /** When an operator set `updatesUntil`, milliseconds since 1970-01-01; -1: never. */
  updatesAt: number;
  /** Returned units in facts of ledgers before schema 6, and the time of the last return. */
  returnedUnits: number;
  returnedAt: number;
  /** Paid units and stored license ids, where units are delivered one by one. */
  confirmed: number | null;
  stored: readonly string[];
  /** The highest revision seen outside the ledger. */
  learned: number;
  /** The highest revision that an operator mailed; -1: none. */
  handed: number;
  /** The last time a charge was paid, milliseconds since 1970-01-01. */
  paidAt: number;
  /** The time of the first final fact, which only a person or the marketplace can undo; -1: none. */
  adverseAt: number;
}

export function newLife(terms: Terms, firstUntil: Day | null): Life {
  return {
    holds: new Set(),
    disputes: new Set(),
    revocations: new Set(),
    periods: new Periods(terms, firstUntil),
    payers: [],
    canceled: null,
    pauseAfter: null,
    canceledAt: -1,
    ended: null,
    until: null,
    updatesUntil: null,
    oldOverdue: undefined,
    updatesAt: -1,
    returnedUnits: 0,
    returnedAt: -1,
    confirmed: null,
    stored: [],
    learned: 0,
    handed: -1,
    paidAt: -1,
    adverseAt: -1,
  };
}
