/** The life of a license: what its facts, taken in the order of their times, come to. */
import { isBeyond } from './charge-days.ts';
import { type Day, dayOf } from './day.ts';
import type { Fact, FactKind, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import type { Entitlement } from './license.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';
import { Periods } from './periods.ts';
import type { Terms } from './terms.ts';

/** Why a license is suspended for now; each is lifted by a fact of its own. */
export type Hold = 'overdue' | 'paused' | 'reviewed' | 'operator';

/** Why a license is revoked for good. A won dispute lifts a chargeback; an operator lifts all. */
export type Revocation = 'chargeback' | 'voided' | 'operator';

/** What does not change over a life. */
export interface LifeContext {
  readonly terms: Terms;
  readonly names: Names;
  /** What it was first issued with. */
  readonly issued: Entitlement;
  /** The last day of the first code, without grace. */
  readonly firstUntil: Day | null;
  /** The name of its order's own charge; undefined for a license that a subscription brought about. */
  readonly ownCharge: Subject | undefined;
  /** The next charge date of the subscription as it was known at the sale. */
  readonly knownUntil?: Day | undefined;
  /** When a change brought it about, milliseconds since 1970-01-01: what was paid then is its own period. */
  readonly broughtAt?: number | undefined;
  /** It follows a subscription. */
  readonly follows: boolean;
  /** It began with a trial. */
  readonly trial: boolean;
}

export interface Life {
  readonly holds: Set<Hold>;
  /** Charges that are disputed. */
  readonly disputes: Set<Subject>;
  readonly revocations: Set<Revocation>;
  readonly periods: Periods;
  /** The last day of a subscription that was canceled, and of a scheduled pause. */
  canceled: Day | null;
  pauseAfter: Day | null;
  /** The day on which a subscription ended. */
  ended: Day | null;
  /** An operator's word; a later charge goes over it. */
  until: Day | null;
  updatesUntil: Day | null;
  /** When an operator told it, milliseconds since 1970-01-01; -1: never. */
  updatesAt: number;
  /** Units returned as ledgers before schema 6 have them, and when the last of them was. */
  returnedUnits: number;
  returnedAt: number;
  /** Units paid for and license ids stored, where units are delivered one by one. */
  confirmed: number | null;
  stored: readonly string[];
  /** The highest revision seen outside. */
  learned: number;
  /** The highest revision that an operator mailed; -1: none. */
  handed: number;
  /** The last time a charge was paid, milliseconds since 1970-01-01. */
  paidAt: number;
  /** The first time something was told that only a person or the marketplace can undo; -1: never. */
  adverseAt: number;
}

/** What ends a license for good. */
const FINAL: ReadonlySet<FactKind> = new Set(['deactivated', 'voided', 'withdrawn', 'charged-back']);

export function lifeOf(facts: readonly Fact[], context: LifeContext): Life {
  const { issued, ownCharge, trial, terms, firstUntil, knownUntil } = context;
  const life: Life = {
    holds: new Set(),
    disputes: new Set(),
    revocations: new Set(),
    periods: new Periods(terms, firstUntil),
    canceled: null,
    pauseAfter: null,
    ended: null,
    until: null,
    updatesUntil: null,
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
  if (ownCharge !== undefined) life.periods.begin(ownCharge, issued.issued, trial);
  if (knownUntil !== undefined && knownUntil > issued.issued) life.periods.date(knownUntil, issued.issued);
  for (const fact of [...facts].sort(byTime)) take(life, fact, context);
  return life;
}

/** What one fact makes of a life. Facts come in the order of their times. */
function take(life: Life, { body, at, subject }: Fact, context: LifeContext): void {
  const { terms, names, follows } = context;
  if (life.adverseAt < 0 && FINAL.has(body.kind)) life.adverseAt = at;
  switch (body.kind) {
    case 'sold':
      // A payment that failed at first and came about in the end.
      life.revocations.delete('voided');
      return;
    case 'paid':
      pay(life, body, at, context);
      return;
    case 'asked':
      if (!life.periods.ask(names.of(orderSubject(body.order)), dayOf(at))) return;
      life.holds.delete('overdue');
      life.holds.delete('paused');
      return;
    case 'dated':
      if (body.trial === true && life.periods.current !== undefined) life.periods.current.free = true;
      // Active again, for a period that was not known before: its charge was paid, whether that was heard or not.
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
      // From now on it is money that went back.
      life.disputes.delete(names.of(subject));
      return;
    case 'dispute-won':
      life.disputes.delete(names.of(subject));
      life.revocations.delete('chargeback');
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
      life.updatesUntil = body.until;
      life.updatesAt = at;
      return;
    case 'stopped':
      life.holds.add('operator');
      return;
    case 'withdrawn':
      life.revocations.add('operator');
      return;
    // Told of the money, the coverage, the names or the flags: read there.
    case 'charged':
    case 'linked':
    case 'alias':
    case 'resized':
    case 'announced':
    case 'refunded':
    case 'repaid':
    case 'reinstated':
    case 'termed':
    case 'mapped':
    case 'noted':
      return;
  }
}

function pay(
  life: Life,
  body: Extract<Fact['body'], { kind: 'paid' }>,
  at: number,
  { names, broughtAt }: LifeContext,
): void {
  const charge = body.charge === undefined ? '' : names.of(body.charge);
  const beginsPeriod = body.part !== 'proration' && body.part !== 'extra';
  const free = body.free === true;
  const isOwn = body.part === 'proration' && at === broughtAt;
  life.periods.pay({ charge, at, until: body.until, free, beginsPeriod, isOwn });
  if (free) return;
  life.paidAt = at;
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
