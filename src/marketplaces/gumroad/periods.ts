/**
 * Reads what a sale pays of a membership. Gumroad states no date of the next charge: it is the time of the last one and the
 * recurrence.
 */
import type { CoveredLine, FactBody } from '../../domain/facts/fact.ts';
import { addPeriod, type Day, dayOf } from '../../domain/values/day.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, type Loose, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { is, isDiscounted } from './kept-sale.ts';
import { priceOf, totalOf } from './money.ts';
import { idIn } from './ping.ts';
import type { Reading } from './told.ts';
import { trialIn } from './trial.ts';

const RECURRENCES: Readonly<Record<string, string>> = {
  monthly: 'P1M',
  quarterly: 'P3M',
  biannually: 'P6M',
  yearly: 'P1Y',
  every_two_years: 'P2Y',
};

/** A membership of price 0 is never charged again, and lasts until its end is told; unless a discount may end before. */
const FREE = 'P10Y';

export function subscriptionOf(sale: Loose): string | undefined {
  return idIn(sale['subscription_id']);
}

/** An installment plan is a subscription too, whose buyer keeps the product. Where it is not stated: the safer one. */
export function isMembership(sale: Loose): boolean {
  return subscriptionOf(sale) !== undefined && booleanOf(sale['is_recurring_billing']) !== false;
}

/** The last paid day; undefined: the recurrence is not known. */
export function endOf({ sale, soldAt }: Pick<Reading, 'sale' | 'soldAt'>): Day | undefined {
  const trial = is(sale, 'recurring_charge') ? undefined : trialIn(sale);
  const period = RECURRENCES[textOf(sale['subscription_duration']) ?? ''];
  if (trial !== undefined && trial !== 'unstated') return trial;
  if (period === undefined) return undefined;
  const isForGood = isFree(sale) && !is(sale, 'recurring_charge') && !isDiscounted(sale);
  return addPeriod(dayOf(soldAt), isForGood ? FREE : period);
}

/** A gift's receiver pays nothing, and the giver did. */
function isFree(sale: Loose): boolean {
  return priceOf(sale) === 0 && !is(sale, 'is_gift_receiver_purchase');
}

/** What the first sale of a membership pays, beside being sold. */
export function firstFacts(
  reading: Reading,
  sold: CoveredLine,
): { readonly isTrial: boolean; readonly facts: Told[] } {
  const { id, sale, soldAt } = reading;
  const subscription = subscriptionOf(sale);
  if (subscription === undefined || !isMembership(sale))
    return { isTrial: false, facts: missingFacts(reading) };
  const linked: Told = {
    subject: orderSubject(id),
    key: `linked:${id}:${subscription}`,
    body: { kind: 'linked', subscription, line: sold.line },
    at: soldAt,
  };
  const trial = trialIn(sale);
  return trial === undefined
    ? { isTrial: false, facts: [linked, ...paidFacts(reading, subscription, 'first')] }
    : { isTrial: true, facts: [linked, ...trialFacts(reading, subscription, trial, sold)] };
}

/**
 * A first charge of nothing. A plan that is changed is listed as another sale of that kind, with the new tier: the domain
 * takes it for a charge, and no second license is issued.
 */
function trialFacts(
  { id, soldAt: at }: Reading,
  subscription: string,
  trial: Day | 'unstated',
  sold: CoveredLine,
): Told[] {
  const subject = subscriptionSubject(subscription);
  const until = trial === 'unstated' ? null : trial;
  const charge = orderSubject(id);
  const body = { kind: 'paid', until, sequence: null, charge, free: true, part: 'first' } as const;
  const note = `sale ${id} begins a free trial, and its end is not stated`;
  return [
    { subject, key: `trial:${id}`, body: { ...body, covers: [sold] }, at },
    ...(until === null ? [{ subject, key: `trial-end:${id}`, body: noted(note, 'unclear'), at }] : []),
  ];
}

/** A sale that says how often it is charged, and not of what. */
function missingFacts({ id, sale, soldAt: at }: Reading): Told[] {
  if (subscriptionOf(sale) !== undefined || textOf(sale['subscription_duration']) === undefined) return [];
  const note = `sale ${id} is charged again, and names no subscription: its renewals will not be seen`;
  return [{ subject: orderSubject(id), key: `unnamed:${id}`, body: noted(note, 'unclear'), at }];
}

/** A later charge: an order of its own name. `covers` undefined: its line cannot be read. */
export function chargeFacts(reading: Reading, covers: CoveredLine | undefined): Told[] {
  const { id, sale, soldAt } = reading;
  const subscription = subscriptionOf(sale);
  if (subscription === undefined) return [];
  const alias: FactBody = { kind: 'alias', of: subscriptionSubject(subscription) };
  return [
    { subject: orderSubject(id), key: `charge:${id}:${subscription}`, body: alias, at: soldAt },
    ...paidFacts(reading, subscription, covers),
  ];
}

function paidFacts(reading: Reading, subscription: string, as: 'first' | CoveredLine | undefined): Told[] {
  const { id, sale, soldAt: at } = reading;
  const subject = subscriptionSubject(subscription);
  const until = endOf(reading);
  const body: FactBody = {
    kind: 'paid',
    until: until ?? null,
    sequence: null,
    charge: orderSubject(id),
    ...totalOf(sale),
    ...(isFree(sale) && { free: true }),
    ...(as === 'first' ? { part: 'first' } : as !== undefined && { covers: [as] }),
  };
  const unknown = `charge ${id} pays for a period that is not known: ${textOf(sale['subscription_duration']) ?? 'none'}`;
  const unclear = `sale ${id} does not say whether it is of a membership: it is taken for one`;
  const discounted = `membership ${id} costs nothing by an offer code, and for how many periods is not told: it is valid for one; if it stays free, give it more days`;
  return [
    { subject, key: `paid:${id}`, body, at },
    ...(until === undefined ? [{ subject, key: `period:${id}`, body: noted(unknown, 'unclear'), at }] : []),
    ...(isFree(sale) && isDiscounted(sale)
      ? [{ subject, key: `discount:${id}`, body: noted(discounted, 'unclear'), at }]
      : []),
    ...(booleanOf(sale['is_recurring_billing']) === undefined
      ? [{ subject, key: `billing:${id}`, body: noted(unclear, 'unclear'), at }]
      : []),
  ];
}
