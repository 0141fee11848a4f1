/** `subscription.charge.completed`: a rebill or a proration, with an order of its own. */
import type { CoveredLine, FactBody, Subject } from '../../domain/facts/fact.ts';
import { isBeyond } from '../../domain/subscriptions/charge-days.ts';
import { type Day, dayOf } from '../../domain/values/day.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { amountOf, dayIn, type Loose, listOf, numberOf, recordOf, textOf, timeOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { itemsOf } from './charge-items.ts';
import { chargeAlias, chargeSubject, type OrderNames, orderKey, orderNames } from './order-names.ts';
import { isProrated } from './orders.ts';
import type { FindByPath } from './product-keys.ts';
import { isAutomatic, isManual, isPauseAhead, isTrial, nextCharge, stateOf } from './subscription-state.ts';
import type { Reading, Told } from './told.ts';
import { isUnreadable, readWare, tooMany, type Ware, type WareFault } from './wares.ts';

export interface Charge {
  /** The subscription's id. */
  readonly subscription: string;
  /** The subscription; empty where the event has only its id. */
  readonly told: Loose;
  /** The message: total, currency, time and period. */
  readonly data: Loose;
  readonly names: OrderNames;
  /** The charge is for a change of the group's members. */
  readonly prorated?: boolean;
  /** The day of the next charge, where the subscription is only an id. */
  readonly until?: string | undefined;
  /** Only items of the charge's order name the subscription. */
  readonly beside?: boolean;
}

export function chargeOf(subscription: string, told: Loose, data: Loose): Charge {
  return { subscription, told, data, names: orderNames(data['order']) };
}

/** Money belongs to the charge, so amount and coverage become facts in every state of the subscription. */
export function paidFacts(charge: Charge, { findProduct, created }: Reading): Told[] {
  const { subscription, told, data, names } = charge;
  const subject = subscriptionSubject(subscription);
  const order = recordOf(data['order']);
  const items = itemsOf(order, subscription);
  const { covers: charged, faults } = coversOf(order, items, findProduct);
  const total = amountOf(data['total']) ?? amountOf(order['total']);
  const currency = textOf(data['currency']) ?? textOf(order['currency']) ?? null;
  const ending = stateOf(told) === 'canceled' || stateOf(told) === 'deactivated';
  const last = ending ? dayIn(told['deactivationDate']) : undefined;
  const at = timeOf(data['timestamp']);
  const part =
    charge.prorated || items.some(isProrated)
      ? 'proration'
      : ending && last === undefined
        ? 'extra'
        : undefined;
  const shown = readWare(told, findProduct);
  const isWhole = part === 'proration' && shown !== undefined;
  const covers = isWhole ? charged?.map((line) => withAllUnits(line, shown)) : charged;
  const itself = shown && covers && ownLine(shown, told);
  const next = part === 'proration' ? nextCharge(told) : dayAfter(nextCharge(told), at ?? created);
  const until = next ?? last ?? charge.until ?? null;
  // A proration of 0 is a change within what was paid, and a charge of a total that is not told may be paid.
  const isFree = total === 0 && part === undefined;
  const own = chargeSubject(names);
  // The subscription's own event has another key: it may state a date, and one charge pays for one period.
  const place = charge.beside ? ':items' : '';
  const key = own === undefined ? undefined : `charge:${subscription}:${orderKey(names)}${place}`;
  const flags = [...faults, ...(part === 'extra' ? [UNDATED_END] : [])];
  return [
    {
      subject,
      ...(key !== undefined && { key }),
      ...(at !== undefined && { at }),
      body: {
        kind: 'paid',
        until,
        sequence: numberOf(data['sequence']) ?? numberOf(told['sequence']) ?? null,
        ...(own !== undefined && { charge: own }),
        ...(total !== undefined && { total, currency }),
        ...(part !== undefined && { part }),
        ...(covers !== undefined && { covers }),
        ...(isFree && { free: true }),
        ...(itself !== undefined && { own: itself }),
        ...(!isAutomatic(told) && { byHand: true }),
        ...(until === null && isManual(told) && { ahead: true }),
      },
    },
    ...(isFree && !isTrial(told) && !isPauseAhead(told) ? [goesOn(subject, key, at)] : []),
    ...chargeAlias(names, subscription),
    ...flags.map(
      ({ why, note }, place): Told => ({
        subject,
        ...(key !== undefined && { key: `${why}:${key}:${place}` }),
        body: noted(note, why),
      }),
    ),
  ];
}

/** A proration may name the changed units alone; the subscription beside it states all of them. */
function withAllUnits(line: CoveredLine, stated: Ware): CoveredLine {
  if (stated.line !== line.line || stated.quantity <= line.quantity || tooMany(stated)) return line;
  return { ...line, quantity: stated.quantity };
}

/** What the subscription itself is for: an item of its charge may be an add-on. */
function ownLine(shown: Ware, { quantity }: Loose): (FactBody & { kind: 'paid' })['own'] {
  const { line, product } = shown;
  const isTold = quantity !== undefined && !isUnreadable(quantity) && tooMany(shown) === undefined;
  const { quantity: units, per } = shown;
  return {
    line,
    product: product?.id ?? null,
    ...(isTold && { quantity: units }),
    ...(per !== undefined && { per }),
  };
}

/** A charge of 0, as with a coupon, is no payment, but the subscription is neither overdue nor paused then. */
function goesOn(subject: Subject, key: string | undefined, at: number | undefined): Told {
  return {
    subject,
    ...(key !== undefined && { key: `recovered:${key}` }),
    ...(at !== undefined && { at }),
    body: { kind: 'recovered' },
  };
}

/** A day that the charge does not pay beyond is of the object as it was before: the charge states no date. */
function dayAfter(next: Day | undefined, at: number): Day | undefined {
  return next !== undefined && isBeyond(next, dayOf(at)) ? next : undefined;
}

const UNDATED_END: WareFault = {
  why: 'unclear',
  note: 'a subscription that is canceled or deactivated was charged, and no last day is told: no date was moved',
};

/** Product and quantity in the charge's order. `covers` undefined: the message does not say. */
function coversOf(
  order: Loose,
  items: readonly Loose[],
  findProduct: FindByPath,
): { readonly covers: readonly CoveredLine[] | undefined; readonly faults: readonly WareFault[] } {
  if (items.length === 0) {
    const faults = listOf(order['items']).length > 0 ? [OTHERS_ONLY] : [];
    return { covers: undefined, faults };
  }
  const covers = new Map<string, CoveredLine>();
  const faults: WareFault[] = [];
  for (const item of items) {
    const ware = readWare(item, findProduct);
    if (ware === undefined) {
      faults.push({ why: 'unclear', note: 'an item of a charge names no product, or less than one unit' });
      continue;
    }
    const quantity = ware.quantity + (covers.get(ware.line)?.quantity ?? 0);
    const excess = tooMany({ ...ware, quantity });
    faults.push(...ware.faults, ...(excess ? [excess] : []));
    const { line, product, per, features } = ware;
    covers.set(line, {
      line,
      product: product?.id ?? null,
      quantity,
      ...(per !== undefined && { per }),
      ...(features && { features }),
    });
  }
  // With a line missing, the fact would say that the charge no longer covers it.
  const isWhole = faults.every(({ why }) => why === 'unmapped');
  return { covers: isWhole ? [...covers.values()] : undefined, faults };
}

const OTHERS_ONLY: WareFault = {
  why: 'unclear',
  note: 'a subscription was charged, and all items of the charge are of other subscriptions',
};
