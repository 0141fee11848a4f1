/**
 * Reads what a sale pays of a membership. Gumroad states no date of the next charge: it is the time of the last one and the
 * recurrence.
 */
import { addPeriod, type Day, dayOf } from '../../domain/day.ts';
import type { CoveredLine, FactBody } from '../../domain/fact.ts';
import { orderSubject, subscriptionSubject } from '../../domain/order-subject.ts';
import { booleanOf, type Loose, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { dayIn } from '../rfc3339.ts';
import type { Told } from '../told.ts';
import { is } from './kept-sale.ts';
import { priceOf, totalOf } from './money.ts';
import { idIn } from './ping.ts';
import type { Reading } from './told.ts';

const RECURRENCES: Readonly<Record<string, string>> = {
  monthly: 'P1M',
  quarterly: 'P3M',
  biannually: 'P6M',
  yearly: 'P1Y',
  every_two_years: 'P2Y',
};

/** A membership of price 0 is never charged again, and lasts until its end is told. */
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
  return addPeriod(dayOf(soldAt), isFree(sale) && !is(sale, 'recurring_charge') ? FREE : period);
}

/** A gift's receiver pays nothing, and the giver did. */
function isFree(sale: Loose): boolean {
  return priceOf(sale) === 0 && !is(sale, 'is_gift_receiver_purchase');
}

/** What the first sale of a membership pays, beside being sold. */
export function firstFacts(
  reading: Reading,
  line: string,
): { readonly isTrial: boolean; readonly facts: Told[] } {
  const { id, sale, soldAt } = reading;
  const subscription = subscriptionOf(sale);
  if (subscription === undefined || !isMembership(sale))
    return { isTrial: false, facts: missingFacts(reading) };
  const linked: Told = {
    subject: orderSubject(id),
    key: `linked:${id}:${subscription}`,
    body: { kind: 'linked', subscription, line },
    at: soldAt,
  };
  const trial = trialIn(sale);
  if (trial === undefined)
    return { isTrial: false, facts: [linked, ...paidFacts(reading, subscription, 'first')] };
  const subject = subscriptionSubject(subscription);
  const ends: FactBody =
    trial === 'unstated'
      ? noted(`sale ${id} begins a free trial, and its end is not stated`, 'unclear')
      : { kind: 'dated', until: trial, sequence: null, trial: true };
  return { isTrial: true, facts: [linked, { subject, key: `trial:${id}`, body: ends, at: soldAt }] };
}

/** The first sale of a trial is charged nothing, whatever its price says. */
function trialIn(sale: Loose): Day | 'unstated' | undefined {
  const text = textOf(sale['free_trial_ends_on']);
  if (text === undefined) return booleanOf(sale['free_trial_ended']) === undefined ? undefined : 'unstated';
  return dayIn(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) ?? 'unstated';
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
  return [
    { subject, key: `paid:${id}`, body, at },
    ...(until === undefined ? [{ subject, key: `period:${id}`, body: noted(unknown, 'unclear'), at }] : []),
    ...(booleanOf(sale['is_recurring_billing']) === undefined
      ? [{ subject, key: `billing:${id}`, body: noted(unclear, 'unclear'), at }]
      : []),
  ];
}
