/** The life of a license: the result of its facts in the order of their times. */
import type { Fact, FactKind } from '../facts/fact.ts';
import { byTime } from '../facts/fact-order.ts';
import { isBeyond } from '../subscriptions/charge-days.ts';
import { type Day, dayOf } from '../values/day.ts';
import { orderSubject } from '../values/order-subject.ts';
import { type Life, type LifeContext, newLife } from './life-state.ts';
import { payersOf, paymentOf } from './payment-of.ts';
import { Periods } from './periods.ts';
import { startOf } from './shared-facts.ts';

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
      // A charge on the day of a scheduled pause, or later, ends the pause.
      if (life.pauseAfter !== null && life.pauseAfter <= dayOf(at)) life.pauseAfter = null;
      return;
    case 'dated':
      if (body.trial === true && life.periods.current !== undefined) life.periods.current.free = true;
      // Active again for a new period: its charge was paid, even if the payment event never arrived.
      if (body.active === true && life.periods.isNew(body.until)) life.holds.delete('overdue');
      if (!life.holds.has('paused') && life.pauseAfter === null) life.periods.date(body.until, dayOf(at));
      if (body.active === true && life.canceled !== null && body.until > life.canceled) life.canceled = null;
      return;
    case 'overdue':
      if (terms.overdue !== 'suspend') return;
      if (isPaidBeyond(body.due, life)) life.oldOverdue = key;
      else life.holds.add('overdue');
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
      Object.assign(life, { canceled: body.last, canceledAt: at });
      return;
    case 'uncanceled':
      life.canceled = null;
      return;
    case 'deactivated':
      life.ended = body.on;
      // What the seller renews after the end is not held.
      life.holds.delete('overdue');
      life.holds.delete('paused');
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

/** Whether a charge already pays for the period from this day on. The message is then an old one, sent again. */
function isPaidBeyond(due: Day | undefined, { periods: { current } }: Life): boolean {
  if (due === undefined || current === undefined) return false;
  const { charge, until, paidUntil, asked, assumed } = current;
  if (charge === '' || asked || assumed || until === null || paidUntil === null) return false;
  const paid = paidUntil < until ? paidUntil : until;
  return isBeyond(paid, due);
}

/** A paid charge, which lifts what later money undoes. */
function pay(
  life: Life,
  body: Extract<Fact['body'], { kind: 'paid' }>,
  told: Pick<Fact, 'at' | 'key'>,
  context: LifeContext,
): void {
  const payment = paymentOf(life.periods, body, told, context);
  const { charge, at, until, free, beginsPeriod, isForOthers } = payment;
  const payers = payersOf(life, until, context.firstCharge);
  const isChange = body.part === 'proration';
  const isUnpaid = isChange && body.total === 0;
  if (beginsPeriod) life.payers = [charge];
  else if (isChange && !isUnpaid && !isForOthers) life.payers = [...payers, charge];
  // A change that costs nothing is paid by what paid for the period.
  life.periods.pay(isUnpaid ? { ...payment, payers } : payment);
  if (free) return;
  if (!isForOthers) life.paidAt = at;
  const reach = until ?? (beginsPeriod ? life.periods.until : null) ?? dayOf(at);
  if (life.pauseAfter !== null && isBeyond(reach, life.pauseAfter)) life.pauseAfter = null;
  if (life.canceled !== null && until !== null && isBeyond(until, life.canceled)) life.canceled = null;
  if (!beginsPeriod) return;
  life.oldOverdue = undefined;
  life.holds.delete('overdue');
  life.holds.delete('paused');
  life.disputes.clear();
  life.until = null;
}
