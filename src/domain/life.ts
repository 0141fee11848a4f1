/** The life of a license: the result of its facts in the order of their times. */
import type { ChangePaid } from './change-payments.ts';
import { isBeyond } from './charge-days.ts';
import { type Day, dayOf } from './day.ts';
import type { Fact, FactKind, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import type { Entitlement } from './license.ts';
import { type Life, newLife } from './life-state.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';
import { isForOthers } from './paid-lines.ts';
import { Periods } from './periods.ts';
import { type Joined, startOf } from './shared-facts.ts';
import type { Terms } from './terms.ts';

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

/** Facts that end a license for good. */
const FINAL: ReadonlySet<FactKind> = new Set(['deactivated', 'voided', 'withdrawn', 'charged-back']);

export function lifeOf(facts: readonly Fact[], context: LifeContext): Life {
  const { issued, ownCharge, trial, terms, firstUntil, joined } = context;
  const life = newLife(terms, firstUntil);
  const told = [...facts, ...(joined?.paid ?? [])].sort(byTime);
  const isBefore = ({ at }: Fact) => joined !== undefined && at < joined.at;
  for (const fact of told.filter(isBefore)) applyFact(life, fact, context);
  // What was lifted before the sale stays lifted; no earlier period pays for the line.
  Object.assign(life, { periods: new Periods(terms, firstUntil), paidAt: -1 });
  const start = startOf(joined, issued.issued);
  if (ownCharge !== undefined) life.periods.begin(ownCharge, start, trial);
  if (joined?.until !== undefined && joined.until > start) life.periods.date(joined.until, start);
  for (const fact of told.filter((one) => !isBefore(one))) applyFact(life, fact, context);
  return life;
}

/** Applies one fact. Facts come in the order of their times. */
function applyFact(life: Life, { body, at, subject, key }: Fact, context: LifeContext): void {
  const { terms, names, follows } = context;
  if (life.adverseAt < 0 && FINAL.has(body.kind)) life.adverseAt = at;
  switch (body.kind) {
    case 'sold':
      // A payment that failed at first and then succeeded.
      life.revocations.delete('voided');
      return;
    case 'paid':
      pay(life, body, { at, key }, context);
      return;
    case 'asked':
      if (!life.periods.ask(names.of(orderSubject(body.order)), dayOf(at))) return;
      life.holds.delete('overdue');
      life.holds.delete('paused');
      return;
    case 'dated':
      if (body.trial === true && life.periods.current !== undefined) life.periods.current.free = true;
      // Active again for a new period: its charge was paid, even if the payment event never arrived.
      if (body.active === true && life.periods.isNew(body.until)) life.holds.delete('overdue');
      if (!life.holds.has('paused') && life.pauseAfter === null) life.periods.date(body.until, dayOf(at));
      if (body.active === true && life.canceled !== null && body.until > life.canceled) life.canceled = null;
      return;
    case 'overdue':
      if (terms.overdue === 'suspend') life.holds.add('overdue');
      return;
    case 'recovered':
      life.holds.delete('overdue');
      life.holds.delete('paused');
      life.pauseAfter = null;
      return;
    case 'paused':
      if (body.last !== undefined) life.pauseAfter = body.last;
      else if (body.scheduled === true) life.pauseAfter = life.periods.until;
      else life.holds.add('paused');
      return;
    case 'resumed':
      life.holds.delete('paused');
      life.pauseAfter = null;
      return;
    case 'canceled':
      life.canceled = body.last;
      return;
    case 'uncanceled':
      life.canceled = null;
      return;
    case 'deactivated':
      life.ended = body.on;
      return;
    case 'returned':
      if (body.product !== null && body.product !== terms.id) return;
      life.returnedUnits += body.quantity;
      life.returnedAt = at;
      return;
    case 'charged-back':
      if (follows) life.disputes.add(names.of(subject));
      else life.revocations.add('chargeback');
      return;
    case 'disputed':
      life.disputes.add(names.of(subject));
      return;
    case 'dispute-lost':
    case 'dispute-won':
      life.disputes.delete(names.of(subject));
      // A lost dispute counts as returned money (money.ts).
      if (body.kind === 'dispute-won') life.revocations.delete('chargeback');
      return;
    case 'voided':
      life.revocations.add('voided');
      return;
    case 'reviewed':
      life.holds.add('reviewed');
      return;
    case 'cleared':
      life.holds.delete('reviewed');
      return;
    case 'confirmed':
      life.confirmed = body.quantity;
      return;
    case 'stored':
      life.stored = [...new Set([...life.stored, ...body.licenses])];
      return;
    case 'handed':
      life.handed = Math.max(life.handed, body.revision);
      return;
    case 'learned':
      life.learned = Math.max(life.learned, body.revision);
      return;
    case 'set-until':
      Object.assign(life, { until: body.until, canceled: null, ended: null, pauseAfter: null });
      return;
    case 'set-updates':
      Object.assign(life, { updatesUntil: body.until, updatesAt: at });
      return;
    case 'stopped':
      life.holds.add('operator');
      return;
    case 'withdrawn':
      life.revocations.add('operator');
      return;
    case 'charged': // and the others are read elsewhere: money.ts, coverage.ts, names.ts, terms-of.ts, the flags
    case 'linked':
    case 'alias':
    case 'resized':
    case 'announced':
    case 'covered':
    case 'refunded':
    case 'repaid':
    case 'return-undone':
    case 'reinstated':
    case 'termed':
    case 'mapped':
    case 'claimable':
    case 'moved':
    case 'noted':
      return;
  }
}

/** A proration that names its lines, or is tied to a change, is for units. */
function addsUnits({ covers }: Paid, change: ChangePaid | undefined, { id }: Terms): boolean {
  return change?.adds === 'units' || covers?.some(({ product }) => product === id) === true;
}

/** The first order pays for the period to the only day that was told; the charge of a later day may not have been told. */
function payersOf({ payers, periods }: Life, to: Day | null, first: Subject | undefined): readonly string[] {
  const { charge, until = null, movedOn } = periods.current ?? {};
  const isOfFirst = payers.length === 0 && charge === '' && movedOn === undefined;
  if (first === undefined || !isOfFirst || until === null) return payers;
  return isBeyond(to ?? until, until) ? [] : [first];
}

type Paid = Extract<Fact['body'], { kind: 'paid' }>;

function pay(
  life: Life,
  body: Paid,
  { at, key }: Pick<Fact, 'at' | 'key'>,
  { names, broughtAt, terms, beside, changesPaid, firstCharge }: LifeContext,
): void {
  const isExtra = beside?.has(key) === true;
  const change = changesPaid?.get(key);
  const charge = body.charge === undefined ? '' : names.of(body.charge);
  const isOfOthers = isExtra && isForOthers(body, terms.id);
  const beginsPeriod = body.part !== 'proration' && body.part !== 'extra' && !isOfOthers;
  const free = body.free === true;
  // One code carries the seats of all units, so it stays while the period or added units are paid.
  const isOfSeats =
    terms.quantity === 'seats' && body.part === 'proration' && !isOfOthers && body.total !== 0;
  const isBrought = (change?.at ?? at) === broughtAt;
  const isBeside = change?.adds === 'product' || (isOfSeats && !isBrought && addsUnits(body, change, terms));
  // Of an overdue subscription no period is left, so an add-on has a term of its own.
  const isWithin = isExtra && (body.until ?? life.periods.until ?? '') > dayOf(at);
  const isOwn = !isBeside && (body.part === 'proration' || isWithin) && isBrought;
  const atLeast = body.atLeast === true;
  // A change that costs nothing is paid by what paid for the period.
  const isUnpaid = body.part === 'proration' && body.total === 0;
  const payers = payersOf(life, body.until, firstCharge);
  if (beginsPeriod) life.payers = [charge];
  else if (body.part === 'proration' && !isUnpaid && !isOfOthers) life.payers = [...payers, charge];
  life.periods.pay({
    charge,
    at,
    until: body.until,
    free,
    beginsPeriod,
    isOwn,
    ...(isUnpaid && { payers }),
    isBeside,
    isForOthers: isOfOthers,
    atLeast,
  });
  if (free) return;
  if (!isOfOthers) life.paidAt = at;
  const reach = body.until ?? dayOf(at);
  if (life.pauseAfter !== null && isBeyond(reach, life.pauseAfter)) life.pauseAfter = null;
  if (life.canceled !== null && body.until !== null && isBeyond(body.until, life.canceled))
    life.canceled = null;
  if (!beginsPeriod) return;
  life.holds.delete('overdue');
  life.holds.delete('paused');
  life.disputes.clear();
  life.until = null;
}
