/** The outcome of a life on a day: the state and entitlement of the license. */
import type { Subject } from '../facts/fact.ts';
import {
  addPeriod,
  type Day,
  dayAfter,
  holdable,
  LAST_DAY,
  type Period,
  subtractPeriod,
} from '../values/day.ts';
import type { Entitlement, LicenseState } from '../values/license.ts';
import type { Terms } from '../values/terms.ts';
import { featureBits, MOST_SEATS } from './entitle.ts';
import type { Life } from './life-state.ts';
import type { PeriodsLeft } from './period.ts';

/** The result of all facts on a day. */
export interface Outcome {
  readonly state: LicenseState;
  readonly entitlement: Entitlement;
  /** The next day on which time alone changes the state; undefined: none is known. */
  readonly changesOn: Day | undefined;
}

/** Inputs from outside the unit's own life: its line, its order's money and its subscription. */
export interface Place {
  readonly terms: Terms;
  readonly issued: Entitlement;
  /** The last day of the first code, without grace. */
  readonly firstUntil: Day | null;
  readonly follows: boolean;
  /** The charge of the license's own order; undefined: the subscription issued it. */
  readonly ownCharge: string | undefined;
  /**
   * When a charge was fully returned for this line, milliseconds since 1970-01-01; undefined: the charge
   * counts as paid.
   */
  readonly returnedAt: (charge: string) => number | undefined;
  /** The unit, or its one-time payment, was returned. */
  readonly unitReturned: boolean;
  /** The subscription covers the unit now. */
  readonly covered: boolean;
  /** The subscription never covered the unit: the charge that added it was returned. */
  readonly undone: boolean;
  /** Separate Multibuy: the unit is a surplus. */
  readonly surplus: boolean;
  /** Units behind a license that carries the seats of all units; undefined: as issued. */
  readonly units: number | undefined;
  readonly features: readonly string[] | undefined;
}

export function outcomeOfLife(life: Life, place: Place, today: Day): Outcome {
  const left = life.periods.left((charge) => place.returnedAt(charge) ?? disputedAt(charge, life, place));
  const end = endOf(life, place, left, today);
  const state = stateOf(life, place, left, end, today);
  return {
    state: state.state,
    entitlement: mintable(entitlementOf(life, place, left, end)),
    changesOn: state.changesOn,
  };
}

/** A far day in a stored fact must not stop a sale: each day becomes one that a license code can hold. */
function mintable(entitlement: Entitlement): Entitlement {
  const { lastValid, updatesUntil } = entitlement;
  return {
    ...entitlement,
    lastValid: lastValid === null ? null : holdable(lastValid),
    updatesUntil: updatesUntil === null ? null : holdable(updatesUntil),
  };
}

/** How a license ends. */
interface End {
  readonly on: Day;
  /** Paid before, so `ended: fallback` keeps the license for good, with the versions up to this day. */
  readonly fallback: Day | undefined;
}

/** A maintenance subscription of a perpetual license: its end stops only the updates. */
function isMaintained({ terms, follows }: Place): boolean {
  return follows && terms.term === 'perpetual';
}

/** A dispute of maintenance holds back what the charge paid for: the updates, until the dispute is over. */
function disputedAt(charge: string, life: Life, place: Place): number | undefined {
  const isHeld =
    isMaintained(place) && life.disputes.has(charge as Subject) && !isOfSale(charge, life, place);
  return isHeld ? 0 : undefined;
}

/** The charge is not known to be of maintenance: it bought the license. */
function isOfSale(charge: string, { periods }: Life, { ownCharge }: Place): boolean {
  if (ownCharge !== undefined) return charge === ownCharge;
  return !periods.all.slice(1).some((period) => period.charge === charge);
}

/** A dispute of a charge whose money went back has nothing left to decide. */
function openDisputes({ disputes }: Life, { returnedAt }: Place): readonly Subject[] {
  return [...disputes].filter((charge) => returnedAt(charge) === undefined);
}

function endOf(life: Life, place: Place, left: PeriodsLeft, today: Day): End | undefined {
  if (isMaintained(place)) return undefined;
  const { terms } = place;
  const reached = paidEnd(place, left);
  const on =
    life.ended ??
    (life.canceled !== null && life.canceled < today ? life.canceled : undefined) ??
    (place.covered ? undefined : (reached ?? today)) ??
    fallbackDay(place, left, today);
  if (on === undefined) return undefined;
  if (terms.ended !== 'fallback' || left.paid === undefined) return { on, fallback: undefined };
  return { on, fallback: reached ?? on };
}

/** With `ended: fallback` a returned last period leaves what was paid before: the license ends after this day. */
function fallbackDay(place: Place, left: PeriodsLeft, before: Day = LAST_DAY): Day | undefined {
  if (place.terms.ended !== 'fallback' || !left.cut || left.paid === undefined) return undefined;
  const reached = paidEnd(place, left);
  return reached !== null && reached < before ? reached : undefined;
}

/** The last paid day, without grace; null: not stated. */
function paidEnd({ firstUntil }: Place, left: PeriodsLeft): Day | null {
  return left.end ?? firstUntil;
}

function stateOf(
  life: Life,
  place: Place,
  left: PeriodsLeft,
  end: End | undefined,
  today: Day,
): { state: LicenseState; changesOn: Day | undefined } {
  const { terms, unitReturned, surplus, undone } = place;
  const never = { changesOn: undefined };
  const disputes = openDisputes(life, place);
  if (life.revocations.size > 0 || surplus || unitReturned || undone) return { state: 'revoked', ...never };
  const nothingPaid = place.follows && left.hasReturned && left.last === undefined;
  if (nothingPaid && !isMaintained(place)) return { state: 'revoked', ...never };
  if (end !== undefined) {
    if (terms.ended === 'revoke') return { state: 'revoked', ...never };
    // A fallback is good for ever, so it is nothing that an end gives to a license that is held.
    const isHeld = life.holds.has('operator') || life.holds.has('reviewed') || disputes.length > 0;
    return { state: end.fallback !== undefined && isHeld ? 'suspended' : 'ended', ...never };
  }
  if (isMaintained(place)) {
    const isDisputed = disputes.some((charge) => isOfSale(charge, life, place));
    const isHeld = life.holds.has('operator') || life.holds.has('reviewed') || isDisputed;
    return { state: isHeld ? 'suspended' : 'active', ...never };
  }
  const changesOn = nextChangeOf(life, fallbackDay(place, left), today);
  const isPaused = life.pauseAfter !== null && life.pauseAfter < today;
  const isHeld = life.holds.size > 0 || disputes.length > 0 || isPaused;
  return { state: isHeld ? 'suspended' : 'active', changesOn };
}

/** The first day on which a cancellation, a scheduled pause or a return takes effect. */
function nextChangeOf(
  { canceled, pauseAfter }: Life,
  fallback: Day | undefined,
  today: Day,
): Day | undefined {
  const days = [canceled, pauseAfter, fallback ?? null].flatMap((day) =>
    day === null || day < today ? [] : [dayAfter(day)],
  );
  return days.sort()[0];
}

function entitlementOf(life: Life, place: Place, left: PeriodsLeft, end: End | undefined): Entitlement {
  const { terms, issued } = place;
  const granted = { ...issued, seats: seatsOf(place), features: featuresOf(place) };
  if (end?.fallback !== undefined)
    return { ...granted, lastValid: null, updatesUntil: laterOf(end.fallback, life.updatesUntil) };
  const updatesUntil = updatesOf(life, place, left);
  // Sold as dated and moved to these terms, it stays dated (`products apply`).
  if (terms.term === 'perpetual' && issued.lastValid === null) return { ...granted, updatesUntil };
  return { ...granted, lastValid: lastValidOf(life, place, left, end), updatesUntil };
}

/** What an operator extended stays extended. */
function laterOf(day: Day, set: Day | null): Day {
  return set !== null && set > day ? set : day;
}

function lastValidOf(life: Life, place: Place, left: PeriodsLeft, end: End | undefined): Day | null {
  const { terms, issued } = place;
  if (life.until !== null && end === undefined) return life.until;
  const paid = left.end === null ? issued.lastValid : addPeriod(left.end, terms.grace);
  const bounds = [life.ended, life.canceled, life.pauseAfter].filter((day) => day !== null);
  // A cancellation or an end has no grace.
  const bound = bounds.sort()[0];
  if (bound === undefined) return paid;
  // The end may be told long before and be later than what is paid so far, or than what a return left.
  return left.end !== null && paid !== null && paid < bound ? paid : bound;
}

/** The day that an operator set, or a later day that was paid for since. */
function updatesOf(life: Life, place: Place, left: PeriodsLeft): Day | null {
  const paid = paidUpdates(life, place, left);
  if (life.updatesUntil === null) return paid;
  const isPaidSince = life.paidAt > life.updatesAt && paid !== null && paid > life.updatesUntil;
  return isPaidSince ? paid : life.updatesUntil;
}

/** The updates move with each paid period, as the last valid day does. */
function paidUpdates(life: Life, place: Place, left: PeriodsLeft): Day | null {
  const { terms, issued } = place;
  if (terms.updates === 'unlimited') return issued.updatesUntil;
  if (!place.follows || left.last === undefined) return issued.updatesUntil;
  if (terms.term === 'perpetual') {
    if (left.end === null) return issued.updatesUntil;
    const bounds = [life.ended, life.canceled].filter((day) => day !== null).sort();
    const paid = addPeriod(left.end, terms.grace);
    return bounds[0] !== undefined && bounds[0] < paid ? bounds[0] : paid;
  }
  const start = left.end === null ? left.last.start : startOf(left.end, left.last.start, terms.term);
  const isFirst = place.ownCharge !== undefined && start <= issued.issued;
  return isFirst ? issued.updatesUntil : addPeriod(start, terms.updates);
}

/** The first day of the period that ends on `end`; the charge may come before or after it. */
function startOf(end: Day, paidOn: Day, term: Period): Day {
  const start = subtractPeriod(end, term);
  return start > paidOn ? start : paidOn;
}

/** The features that the sale names; an earlier fulfillment request may not have stated them. */
function featuresOf({ features, terms, issued }: Place): number {
  if (features === undefined) return issued.features;
  return featureBits(
    terms,
    features.filter((name) => terms.features.includes(name)),
  );
}

function seatsOf({ terms, issued, units }: Place): number {
  if (terms.quantity !== 'seats' || terms.seats === 0 || units === undefined) return issued.seats;
  return Math.min(Math.max(1, units) * terms.seats, MOST_SEATS);
}
