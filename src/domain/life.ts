/** The life of a license: one pure function decides what each fact makes of it. */
import { addPeriod, type Day, dayOf } from './day.ts';
import { byTime, type Fact } from './fact.ts';
import type { Entitlement } from './license.ts';
import { isOutsized, isReturned, type Outcome, outcomeOfLife } from './outcome.ts';
import type { Product } from './product.ts';

/** Why a license is suspended for now; each is lifted by a fact of its own. */
export type Hold = 'overdue' | 'paused' | 'disputed' | 'reviewed' | 'operator';

/** Why a license is revoked for good. A won dispute lifts a chargeback; an operator lifts all. */
export type Revocation = 'refund' | 'chargeback' | 'voided' | 'surplus' | 'ended' | 'operator';

/** What does not change over a life: which license it is, and by which rules it lives. */
export interface Terms {
  readonly product: Product;
  readonly unit: number;
  /** How many units of the product the order has. */
  readonly units: number;
  /** The id of the unit's first license: its code is the one that a marketplace stores. */
  readonly licenseId: string;
  /** What it was first issued with. */
  readonly issued: Entitlement;
}

export interface Life {
  readonly holds: readonly Hold[];
  readonly revocations: readonly Revocation[];
  /** The day of the next charge as last told, with the number of the billing period that it closes. */
  readonly charge: {
    readonly until: Day;
    readonly sequence: number | null;
    readonly assumed: boolean;
  } | null;
  /** The last day of a subscription that was canceled. */
  readonly canceled: Day | null;
  /** The day on which a subscription ended. */
  readonly ended: Day | null;
  /** An operator's word; a later charge goes over it. */
  readonly until: Day | null;
  /** Units of the product as sold, with the features named then; null where only a request told of the sale. */
  readonly sale: { readonly quantity: number; readonly features: readonly string[] | undefined } | null;
  /** Units of the product that were returned, and that the subscription is for now (null: as bought). */
  readonly returned: number;
  readonly size: number | null;
  /** Units paid for and license ids stored, where units are delivered one by one. */
  readonly confirmed: number | null;
  readonly stored: readonly string[];
}

export const BEGINNING: Life = {
  holds: [],
  revocations: [],
  charge: null,
  canceled: null,
  ended: null,
  until: null,
  sale: null,
  returned: 0,
  size: null,
  confirmed: null,
  stored: [],
};

/** The outcome of all facts known of a license: their order, number of deliveries and company make no difference. */
export function outcomeOf(facts: readonly Fact[], terms: Terms): Outcome {
  return outcomeOfLife(lifeOf(facts, terms), terms);
}

/** The facts, taken in the order of their times. */
export function lifeOf(facts: readonly Fact[], terms: Terms): Life {
  return [...facts].sort(byTime).reduce((before, fact) => decide(before, fact, terms), BEGINNING);
}

/** What one fact makes of a life. Facts come in the order of their times. */
export function decide(life: Life, { body, at }: Fact, terms: Terms): Life {
  const { product } = terms;
  switch (body.kind) {
    case 'sold':
      if (body.product !== product.id) return life;
      return {
        ...life,
        sale: { quantity: body.quantity, features: body.features },
        // A payment that failed at first and came about in the end.
        revocations: without(life.revocations, 'voided'),
      };
    case 'paid':
      return {
        ...withPayment(life, body.until, body.sequence, dayOf(at), product),
        holds: without(life.holds, 'overdue', 'paused'),
        until: null,
      };
    case 'dated':
      return withCharge(life, body.until, body.sequence, false);
    case 'resized':
      return { ...life, size: body.product === product.id ? body.quantity : 0 };
    case 'overdue':
      return product.overdue === 'keep' ? life : { ...life, holds: withAll(life.holds, 'overdue') };
    case 'paused':
      return { ...life, holds: withAll(life.holds, 'paused') };
    case 'resumed':
      return { ...life, holds: without(life.holds, 'paused') };
    case 'canceled':
      return { ...life, canceled: body.last };
    case 'uncanceled':
      return { ...life, canceled: null };
    case 'deactivated':
      return { ...life, ended: body.on };
    case 'refunded':
      return product.refund === 'keep' ? life : revoke(life, 'refund');
    case 'returned':
      if (product.refund === 'keep' || (body.product !== null && body.product !== product.id)) return life;
      return { ...life, returned: life.returned + body.quantity };
    case 'charged-back':
      return revoke(life, 'chargeback');
    case 'disputed':
      return { ...life, holds: withAll(life.holds, 'disputed') };
    case 'dispute-won':
      return {
        ...life,
        holds: without(life.holds, 'disputed'),
        revocations: without(life.revocations, 'chargeback'),
      };
    case 'voided':
      return revoke(life, 'voided');
    case 'reviewed':
      return { ...life, holds: withAll(life.holds, 'reviewed') };
    case 'cleared':
      return { ...life, holds: without(life.holds, 'reviewed') };
    case 'confirmed':
      return { ...life, confirmed: body.quantity };
    case 'stored':
      return { ...life, stored: withAll(life.stored, ...body.licenses) };
    case 'set-until':
      return { ...life, until: body.until, canceled: null, ended: null };
    case 'stopped':
      return { ...life, holds: withAll(life.holds, 'operator') };
    case 'withdrawn':
      return revoke(life, 'operator');
    case 'reinstated':
      // The one way back from everything: that it was returned or is one too many counts no more either.
      return {
        ...life,
        holds: [],
        revocations: [],
        returned: isReturned(life, terms) ? 0 : life.returned,
        size: isOutsized(life, terms) ? null : life.size,
        confirmed: null,
        canceled: null,
        ended: null,
      };
    case 'linked':
    case 'alias':
    case 'noted':
      return life;
  }
}

/** Where the next date is not told, the product's own term from the day of payment is assumed until it is. */
function withPayment(
  life: Life,
  until: Day | null,
  sequence: number | null,
  paidOn: Day,
  { term }: Product,
): Life {
  if (until !== null) return withCharge(life, until, sequence, false);
  if (term === 'perpetual' || isWithin(life, paidOn, sequence)) return life;
  return withCharge(life, addPeriod(paidOn, term), sequence, true);
}

/**
 * Without numbers of periods, a payment clearly before the day of the next charge, as it was told, is of the period
 * that was told. Charges may come a day or two early.
 */
function isWithin({ charge }: Life, paidOn: Day, sequence: number | null): boolean {
  if (charge === null || charge.assumed || (sequence !== null && charge.sequence !== null)) return false;
  return addPeriod(paidOn, 'P3D') < charge.until;
}

/** A date of an earlier billing period, told late, does not replace a later one's; an assumed one never a told one. */
function withCharge(life: Life, until: Day, sequence: number | null, assumed: boolean): Life {
  const known = life.charge;
  if (known !== null) {
    if (sequence !== null && known.sequence !== null && sequence < known.sequence) return life;
    const samePeriod = sequence === null || known.sequence === null || sequence === known.sequence;
    const sure = sequence !== null && known.sequence !== null;
    if (assumed && !known.assumed && samePeriod && (sure || until <= known.until)) return life;
  }
  return { ...life, charge: { until, sequence, assumed } };
}

function revoke(life: Life, why: Revocation): Life {
  return { ...life, revocations: withAll(life.revocations, why) };
}

function withAll<T>(list: readonly T[], ...more: readonly T[]): readonly T[] {
  return [...new Set([...list, ...more])];
}

function without<T>(list: readonly T[], ...gone: readonly T[]): readonly T[] {
  return list.filter((entry) => !gone.includes(entry));
}
