/** Reads transactions into facts: sales, paid periods and changes, one-time charges, open payments. */
import type { ChargedItem } from '../../domain/facts/charged-item.ts';
import { addPeriod, type Day, dayOf } from '../../domain/values/day.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import { type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { dayIn } from '../rfc3339.ts';
import { demand, type Told } from '../told.ts';
import { claimFacts } from './claim.ts';
import { type Items, itemsIn } from './lines.ts';
import { isCheckout, isKnown, isSoldBy } from './origins.ts';
import type { FindByPrice } from './product-keys.ts';
import type { Reading } from './told.ts';
import { moneyIn } from './values.ts';

/** A completed transaction. */
interface Charge {
  /** `txn_…` */
  readonly id: string;
  readonly subscription: string | undefined;
  readonly origin: string | undefined;
  readonly data: Loose;
  readonly currency: string | undefined;
  readonly sold: Items;
}

export function transactionFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const id = demand(textOf(data['id']), 'data.id');
  // `transaction.updated` repeats a completed transaction with the fields that came late.
  if (textOf(data['status']) === 'completed') return completedFacts(chargeOf(id, reading), reading);
  if (type === 'transaction.completed')
    return [unread(id, `its status is ${textOf(data['status']) ?? 'none'}`)];
  const subscription = textOf(data['subscription_id']);
  if (subscription === undefined) return [];
  const subject = subscriptionSubject(subscription);
  // A transaction that is canceled was never completed, so nothing was issued for it.
  if (type === 'transaction.past_due') return [{ subject, key: `past-due:${id}`, body: { kind: 'overdue' } }];
  if (type !== 'transaction.payment_failed') return [];
  return [
    { subject, key: `failed:${id}:${reading.at}`, body: noted('an attempt to charge the customer failed') },
  ];
}

/** A person has to see what was paid and not understood: nothing says whose it is. */
function unread(id: string, why: string): Told {
  const note = `transaction ${id} is completed, and ${why}: nothing was issued for it`;
  return { subject: orderSubject(id), key: `unread:${id}`, body: noted(note, 'undelivered') };
}

/** Whether the transaction sold something, so that somebody is to be mailed. */
export function isSale(data: Loose): boolean {
  if (textOf(data['status']) !== 'completed') return false;
  return itemsIn(data['items'], () => undefined, isSoldBy(data)).items.length > 0;
}

/** The products that a completed transaction sold, as far as product files have them. */
export function soldProducts(data: Loose, findProduct: FindByPrice): readonly Product[] {
  if (textOf(data['status']) !== 'completed') return [];
  const { items } = itemsIn(data['items'], findProduct, isSoldBy(data));
  return items.flatMap(({ product }) => product ?? []);
}

function chargeOf(id: string, { data, findProduct }: Reading): Charge {
  const origin = textOf(data['origin']);
  return {
    id,
    origin,
    subscription: textOf(data['subscription_id']),
    data,
    currency: textOf(data['currency_code']),
    sold: itemsIn(data['items'], findProduct, isSoldBy(data)),
  };
}

function completedFacts(charge: Charge, reading: Reading): Told[] {
  const { id, origin, subscription, sold } = charge;
  const subject = orderSubject(id);
  const flags = sold.faults.map(
    ({ why, note }, place): Told => ({ subject, key: `${why}:${id}:${place}`, body: noted(note, why) }),
  );
  const facts = [...chargedFacts(charge), ...soldFacts(charge), ...flags, ...doubtsOf(charge, reading)];
  if (isCheckout(origin, subscription))
    return [...facts, ...firstFacts(charge, reading), ...claimFacts(id, reading.data)];
  if (subscription === undefined) return facts;
  switch (origin) {
    case 'subscription_recurring':
    case 'subscription_update':
      return [...facts, ...furtherFacts(charge, subscription, origin === 'subscription_update')];
    case 'subscription_charge':
      return facts;
    case 'subscription_payment_method_change':
      return [
        {
          subject: subscriptionSubject(subscription),
          key: `method:${id}`,
          body: noted('a payment method was stored'),
        },
      ];
    default:
      return [...facts, ...furtherFacts(charge, subscription, true)];
  }
}

const UNSTATED = 'an item does not say whether it is billed again, so nothing was issued for it';

/** What is paid and not understood as a whole. */
function doubtsOf({ id, origin, subscription, sold, data }: Charge, { findProduct }: Reading): Told[] {
  const all = itemsIn(data['items'], findProduct);
  const isSold = sold.items.length > 0;
  const isUnread =
    all.items.length === 0 &&
    isCheckout(origin, subscription) &&
    all.faults.every(({ why }) => why === 'unclear');
  if (isUnread) return [unread(id, 'none of its items could be read')];
  const isOurs = all.items.some(({ product }) => product !== undefined);
  if (isKnown(origin)) {
    const isPeriod = origin === 'subscription_recurring' || origin === 'subscription_update';
    const isLost = isPeriod && subscription === undefined && isOurs && !isSold;
    if (isLost) return [unread(id, 'it names no subscription')];
    const isUnstated =
      !isCheckout(origin, subscription) && isOurs && all.items.some(({ isStated }) => !isStated);
    const key = `unstated:${id}`;
    return isUnstated ? [{ subject: orderSubject(id), key, body: noted(UNSTATED, 'unclear') }] : [];
  }
  const note = `${id} was paid, of an origin that is not known: ${origin ?? 'none'}`;
  const subject = subscription === undefined ? orderSubject(id) : subscriptionSubject(subscription);
  return [{ subject, key: `origin:${id}`, body: noted(note, 'unclear') }];
}

/** Refunds name the items of the charge; one of a recurring item alone is for a person to decide. */
function chargedFacts({ id, data, currency, sold }: Charge): Told[] {
  const details = recordOf(data['details']);
  const total = moneyIn(recordOf(details['totals'])['grand_total'], currency);
  if (total === undefined) return [];
  const lines = listOf(details['line_items']);
  const items = lines.flatMap((line): ChargedItem[] => {
    const item = textOf(line['id']);
    const price = textOf(line['price_id'])?.toLowerCase();
    const isOnce = sold.items.some((one) => one.line === price && !one.isRecurring);
    return item === undefined ? [] : [{ item, line: isOnce && price !== undefined ? price : null }];
  });
  // Returned one by one, they are the whole charge: only if none is missing.
  const isAll = items.length >= Math.max(lines.length, listOf(data['items']).length);
  const body = { kind: 'charged', total, currency: currency ?? null, ...(isAll && { items }) } as const;
  return [{ subject: orderSubject(id), key: `charged:${id}`, body }];
}

function soldFacts({ id, data, currency, sold }: Charge): Told[] {
  const lines = listOf(recordOf(data['details'])['line_items']);
  return sold.items.map(({ line, product, quantity, isRecurring, trial }) => {
    const price = priceOf(line, lines, currency);
    return {
      subject: orderSubject(id),
      key: `sold:${id}:${line}`,
      body: {
        kind: 'sold',
        product: product?.id ?? null,
        line,
        quantity,
        ...(price !== undefined && { price }),
        ...(isRecurring && trial !== undefined && isAutomatic(data) && { trial: true }),
      },
    };
  });
}

/** The net amount of a price's items, after discounts; undefined where one of them states none. */
function priceOf(line: string, lines: readonly Loose[], currency: string | undefined): number | undefined {
  const own = lines.filter((one) => textOf(one['price_id'])?.toLowerCase() === line);
  const amounts = own.map(({ totals }) => {
    const { subtotal, discount } = recordOf(totals);
    const [gross, off = 0] = [moneyIn(subtotal, currency), moneyIn(discount, currency)];
    return gross === undefined || gross < off ? Number.NaN : gross - off;
  });
  const sum = amounts.reduce((all, amount) => all + amount, 0);
  return own.length === 0 || Number.isNaN(sum) ? undefined : sum;
}

/** The first transaction of a subscription: its recurring lines follow it, up to the end of the period or trial. */
function firstFacts(charge: Charge, { at }: Reading): Told[] {
  const { id, subscription, sold, data } = charge;
  const recurring = sold.items.filter(({ isRecurring }) => isRecurring);
  if (subscription === undefined || recurring.length === 0) return [];
  const trial = isAutomatic(data) ? recurring.find((item) => item.trial !== undefined)?.trial : undefined;
  const ends = [periodEnd(data), trial === undefined ? undefined : addPeriod(dayOf(at), trial)];
  const [until] = ends.filter((day) => day !== undefined).sort();
  return [
    ...recurring.map(({ line }) => linked(id, line, subscription)),
    paid(charge, subscription, until, { part: 'first' }),
  ];
}

/** The order's line follows the subscription. */
export function linked(order: string, line: string, subscription: string): Told {
  const key = `linked:${order}:${line}:${subscription}`;
  return { subject: orderSubject(order), key, body: { kind: 'linked', subscription, line } };
}

/** A change may be paid to the end of a period that a later payment extended, so it never shortens. */
function furtherFacts(charge: Charge, subscription: string, isChange: boolean): Told[] {
  const { id, data } = charge;
  return [
    {
      subject: orderSubject(id),
      key: `charge:${id}:${subscription}`,
      body: { kind: 'alias', of: subscriptionSubject(subscription) },
    },
    paid(charge, subscription, periodEnd(data), isChange ? { part: 'proration', atLeast: true } : {}),
  ];
}

function paid(
  { id, data, currency }: Charge,
  subscription: string,
  until: Day | undefined,
  more: { readonly part?: 'first' | 'proration'; readonly atLeast?: true },
): Told {
  const totals = recordOf(recordOf(data['details'])['totals']);
  const total = moneyIn(totals['grand_total'], currency);
  return {
    subject: subscriptionSubject(subscription),
    key: `paid:${id}`,
    body: {
      kind: 'paid',
      until: until ?? null,
      sequence: null,
      charge: orderSubject(id),
      ...(total !== undefined && { total, currency: currency ?? null }),
      // What a credit balance pays is paid too, so the total before credit decides.
      ...(moneyIn(totals['total'], currency) === 0 && { free: true }),
      ...more,
    },
  };
}

function periodEnd(data: Loose): Day | undefined {
  return dayIn(recordOf(data['billing_period'])['ends_at']);
}

/** An invoice states its own period, whatever trial its prices have. */
function isAutomatic(data: Loose): boolean {
  return textOf(data['collection_mode']) !== 'manual';
}
