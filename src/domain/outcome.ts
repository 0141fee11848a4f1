/** What a life comes to on a day: the state of its license, and what it entitles to. */
import { addPeriod, type Day, dayAfter, LAST_DAY, type Period, subtractPeriod } from './day.ts';
import { featureBits, MOST_SEATS } from './entitle.ts';
import type { Entitlement, LicenseState } from './license.ts';
import type { Life } from './life.ts';
import type { PeriodsLeft } from './periods.ts';
import type { Terms } from './terms.ts';

/** What the facts add up to. */
export interface Outcome {
  readonly state: LicenseState;
  readonly entitlement: Entitlement;
  /** The day on which time alone changes the state; undefined: none is known. */
  readonly changesOn: Day | undefined;
}

/** What is decided of a unit beside its own life: by its line, its order's money and its subscription. */
export interface Place {
  readonly terms: Terms;
  readonly issued: Entitlement;
  /** The last day of the first code, without grace. */
  readonly firstUntil: Day | null;
  readonly follows: boolean;
  /** Its subscription brought it about: it has no order of its own, whose day its updates would be counted from. */
  readonly isOfSubscription: boolean;
  /** When a charge was returned whole, for this line, milliseconds since 1970-01-01; undefined: it counts as paid. */
  readonly returnedAt: (charge: string) => number | undefined;
  /** Its own unit was returned, or all that was paid for it once. */
  readonly unitReturned: boolean;
  /** The subscription is for it now. */
  readonly covered: boolean;
  /** It never was: what brought it about was returned. */
  readonly undone: boolean;
  /** Separate Multibuy: it is one too many. */
  readonly surplus: boolean;
  /** Units behind one license that carries the seats of all; undefined: as issued. */
  readonly units: number | undefined;
  readonly features: readonly string[] | undefined;
}

export function outcomeOfLife(life: Life, place: Place, today: Day): Outcome {
  const left = life.periods.left(place.returnedAt);
  const end = endOf(life, place, left, today);
  const state = stateOf(life, place, left, end, today);
  return {
    state: state.state,
    entitlement: entitlementOf(life, place, left, end),
    changesOn: state.changesOn,
  };
}

/** How a license ends: undefined while it goes on. */
interface End {
  readonly on: Day;
  /** It was paid for once, so `ended: fallback` keeps it for good with the versions of its paid time. */
  readonly fallback: Day | undefined;
}

/** A maintenance subscription of a perpetual license ends nothing but the updates. */
function isMaintained({ terms, follows }: Place): boolean {
  return follows && terms.term === 'perpetual';
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

/** The last paid period was returned, and what was paid before is kept for good: from the day after this one on. */
function fallbackDay(place: Place, left: PeriodsLeft, before: Day = LAST_DAY): Day | undefined {
  if (place.terms.ended !== 'fallback' || !left.cut || left.paid === undefined) return undefined;
  const reached = paidEnd(place, left);
  return reached !== null && reached < before ? reached : undefined;
}

/** The last day that was paid for, without grace; null: none is told. */
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
  if (life.revocations.size > 0 || surplus || unitReturned || undone) return { state: 'revoked', ...never };
  const nothingPaid = place.follows && left.hasReturned && left.last === undefined;
  if (nothingPaid && !isMaintained(place)) return { state: 'revoked', ...never };
  if (end !== undefined) {
    if (terms.ended === 'revoke') return { state: 'revoked', ...never };
    return { state: 'ended', ...never };
  }
  if (isMaintained(place)) {
    const isHeld = life.holds.has('operator') || life.holds.has('reviewed') || life.disputes.size > 0;
    return { state: isHeld ? 'suspended' : 'active', ...never };
  }
  const changesOn = nextChangeOf(life, fallbackDay(place, left), today);
  const isPaused = life.pauseAfter !== null && life.pauseAfter < today;
  const isHeld = life.holds.size > 0 || life.disputes.size > 0 || isPaused;
  return { state: isHeld ? 'suspended' : 'active', changesOn };
}

/** The first day on which a cancellation, a scheduled pause or a return has taken effect. */
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
  if (end?.fallback !== undefined) return { ...granted, lastValid: null, updatesUntil: end.fallback };
  const updatesUntil = updatesOf(life, place, left);
  if (terms.term === 'perpetual') return { ...granted, updatesUntil };
  return { ...granted, lastValid: lastValidOf(life, place, left, end), updatesUntil };
}

function lastValidOf(life: Life, place: Place, left: PeriodsLeft, end: End | undefined): Day | null {
  const { terms, issued } = place;
  if (life.until !== null && end === undefined) return life.until;
  const paid = left.end === null ? issued.lastValid : addPeriod(left.end, terms.grace);
  const bounds = [life.ended, life.canceled, life.pauseAfter].filter((day) => day !== null);
  // A cancellation or an end has no grace; money that went back moves the day before it.
  const bound = bounds.sort()[0];
  if (bound === undefined) return paid;
  const isMovedBack = left.hasReturned && left.end !== null && left.end < bound;
  return isMovedBack ? paid : bound;
}

/** What an operator said, and what was paid for since, if that is more. */
function updatesOf(life: Life, place: Place, left: PeriodsLeft): Day | null {
  const paid = paidUpdates(life, place, left);
  if (life.updatesUntil === null) return paid;
  const isPaidSince = life.paidAt > life.updatesAt && paid !== null && paid > life.updatesUntil;
  return isPaidSince ? paid : life.updatesUntil;
}

/** Covered versions move with each paid period, as the last valid day does. */
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
  const isFirst = !place.isOfSubscription && start <= issued.issued;
  return isFirst ? issued.updatesUntil : addPeriod(start, terms.updates);
}

/** The day on which the period to `end` begins: a charge may come before or after it. */
function startOf(end: Day, paidOn: Day, term: Period): Day {
  const start = subtractPeriod(end, term);
  return start > paidOn ? start : paidOn;
}

/** Those that the sale names: a fulfillment request that came first may not have known of them. */
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
