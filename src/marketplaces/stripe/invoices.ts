/** Reads invoices into facts. Only a paid line of an invoice says up to when a subscription is paid. */
import { awaitedRest, awaitedSale } from '../../domain/awaited-lines.ts';
import type { Day } from '../../domain/day.ts';
import type { FactBody } from '../../domain/fact.ts';
import { orderSubject, subscriptionSubject } from '../../domain/order-subject.ts';
import { type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { type Item, type Items, itemsIn, soldFacts, withoutUsage } from './lines.ts';
import type { FindByPrice } from './product-keys.ts';
import { aliasOf, paymentSubject, REMEDY, type Reading } from './told.ts';
import { currencyIn, dayIn, idIn, momentIn, moneyIn } from './values.ts';

const FIRST = 'subscription_create';

export function invoiceFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const id = idIn(data['id']);
  if (id === undefined) return [];
  const subscription = subscriptionOf(data);
  if (type === 'invoice.paid') return paidFacts(id, subscription, reading);
  if (subscription === undefined) return [];
  const subject = subscriptionSubject(subscription);
  switch (type) {
    case 'invoice.payment_failed':
      // Until the first invoice is paid the subscription is incomplete: nothing was ever paid.
      return isFirst(data)
        ? [{ subject, key: `failed:${id}`, body: noted('the first payment failed') }]
        : [{ subject, key: `failed:${id}`, body: { kind: 'overdue' } }];
    case 'invoice.voided':
    case 'invoice.marked_uncollectible': {
      const what = type === 'invoice.voided' ? 'was voided' : 'was given up';
      const note = noted(
        `invoice ${id} ${what}: no money came for it`,
        isFirst(data) ? undefined : 'unclear',
      );
      return [{ subject, key: `${type}:${id}`, body: note }];
    }
    default:
      return [];
  }
}

/** Before 2025-03-31 the subscription stood in the invoice itself. */
export function subscriptionOf(invoice: Loose): string | undefined {
  const details = recordOf(recordOf(invoice['parent'])['subscription_details']);
  return idIn(invoice['subscription']) ?? idIn(details['subscription']);
}

export function isFirst(invoice: Loose): boolean {
  return textOf(invoice['billing_reason']) === FIRST;
}

/** A paid invoice of no subscription, or the first of one, may be a sale without a checkout session: whether, is fetched. */
export function mayBeSale(invoice: Loose, findProduct: FindByPrice): boolean {
  if (subscriptionOf(invoice) !== undefined) return isFirst(invoice);
  return soldIn(invoice, findProduct).items.some(({ product }) => product !== undefined);
}

function paidFacts(id: string, subscription: string | undefined, reading: Reading): Told[] {
  const { data, findProduct } = reading;
  const facts = paymentNames(id, data);
  if (mayBeSale(data, findProduct)) {
    const body = awaitedSale(REMEDY, subscription);
    facts.push({ subject: orderSubject(id), key: `awaited:${id}`, body });
  }
  if (subscription === undefined) return [...facts, ...chargedFacts(id, data)];
  if (isFirst(data)) return [...facts, ...firstPaid(data, subscription, findProduct)];
  // What is billed once beside the subscription is a sale of its own: its refund or dispute is not the subscription's.
  if (!isOfSubscription(data, findProduct)) {
    return [...facts, ...chargedFacts(id, data), ...furtherSold(id, data, findProduct)];
  }
  return [
    ...facts,
    ...(hasMoreLines(data)
      ? [{ subject: orderSubject(id), key: restKey(id), body: awaitedRest(REMEDY) }]
      : []),
    aliasOf(orderSubject(id), subscriptionSubject(subscription)),
    ...furtherSold(id, data, findProduct),
    ...paid(data, subscription, findProduct),
    // Stripe counts the subscription as active once its latest invoice is settled, whatever that was for.
    {
      subject: subscriptionSubject(subscription),
      key: `recovered:${id}`,
      body: { kind: 'recovered' },
    },
  ];
}

/** An event states the first lines, and a change leaves prorations before the line of the period. */
export function hasMoreLines(invoice: Loose): boolean {
  return recordOf(invoice['lines'])['has_more'] === true;
}

function restKey(id: string): string {
  return `rest:${id}`;
}

/** The facts of a subscription's later invoice with all its lines, as fetched. */
export function factsOfAllLines(reading: Reading, lines: readonly Loose[]): Told[] {
  const { data, at } = reading;
  const id = idIn(data['id']);
  if (id === undefined) return [];
  // Earlier than the placeholder of the same key, whose place it takes.
  const known = {
    subject: orderSubject(id),
    key: restKey(id),
    body: noted(`the invoice has ${lines.length} lines`),
    at: at - 1,
  };
  return [...invoiceFacts({ ...reading, data: { ...data, lines: { data: lines } } }), known];
}

/** Before 2025-03-31 an invoice named its only payment. */
function paymentNames(id: string, data: Loose): Told[] {
  const names = [idIn(data['payment_intent']), idIn(data['charge'])].filter((name) => name !== undefined);
  return names.map((name) => aliasOf(paymentSubject(name), orderSubject(id)));
}

function chargedFacts(id: string, data: Loose): Told[] {
  const currency = currencyIn(data['currency']);
  const total = moneyIn(data['amount_paid'], currency);
  if (total === undefined) return [];
  const body = { kind: 'charged', total, currency: currency ?? null } as const;
  return [{ subject: orderSubject(id), key: `charged:${id}`, body }];
}

/** A line of the invoice is for the subscription: its period, a change of it, or usage. */
function isOfSubscription(data: Loose, findProduct: FindByPrice): boolean {
  const { items } = itemsIn(
    linesOf(data),
    findProduct,
    undefined,
    ({ isRecurring, isProration }) => isRecurring || isProration,
  );
  return items.length > 0;
}

/** What a later invoice bills once is sold by it. */
function furtherSold(id: string, data: Loose, findProduct: FindByPrice): Told[] {
  const { items } = soldIn(data, findProduct);
  const known = items.filter(({ product, isRecurring }) => product !== undefined && !isRecurring);
  return soldFacts(id, { items: known, faults: [] }, undefined);
}

/** The lines that an invoice sells, if no checkout session did. `lines`: all of them, where they were fetched. */
export function soldIn(data: Loose, findProduct: FindByPrice, lines = linesOf(data)): Items {
  const isSold = ({ quantity, isProration, amount }: Item) =>
    quantity > 0 && !isProration && (amount === undefined || amount >= 0);
  return withoutUsage(itemsIn(lines, findProduct, currencyIn(data['currency']), isSold));
}

function linesOf(data: Loose): Loose[] {
  return listOf(recordOf(data['lines'])['data']);
}

/** The payment of a subscription's first invoice. */
export function firstPaid(invoice: Loose, subscription: string, findProduct: FindByPrice): Told[] {
  return paid(invoice, subscription, findProduct, { part: 'first' });
}

function paid(
  invoice: Loose,
  subscription: string,
  findProduct: FindByPrice,
  more: { readonly part?: 'first' } = {},
): Told[] {
  const id = idIn(invoice['id']);
  if (id === undefined) return [];
  const currency = currencyIn(invoice['currency']);
  const total = moneyIn(invoice['amount_paid'], currency);
  const { until, differ } = periodsIn(invoice, findProduct);
  const subject = subscriptionSubject(subscription);
  // A change bills its period at once; prorations alone date nothing, because they may be paid while a renewal is open.
  const isProration = more.part === undefined && until === undefined;
  const isRenewal = textOf(invoice['billing_reason']) === 'subscription_cycle';
  const body: FactBody = {
    kind: 'paid',
    until: until ?? null,
    sequence: null,
    charge: orderSubject(id),
    ...(total !== undefined && { total, currency: currency ?? null }),
    ...(!isProration && isFree(invoice, findProduct) && { free: true }),
    ...(isProration && { part: 'proration' as const }),
    ...(!isProration && !isRenewal && more.part === undefined && { atLeast: true }),
    ...more,
  };
  const later = isProration ? latestProration(invoice) : undefined;
  const facts: Told[] = [
    { subject, key: `paid:${id}`, body },
    ...(later === undefined ? [] : [{ subject, key: `later:${id}`, body: onlyProrated(id, later) }]),
  ];
  if (!differ) return facts;
  const note = `the lines of invoice ${id} are paid to different days: all follow the latest, ${until}`;
  return [...facts, { subject, key: `differ:${id}`, body: noted(note, 'unclear') }];
}

/**
 * Nothing was to pay for the subscription's own lines: what is billed once beside a trial does not pay for it. What a
 * credit balance pays is paid too, and is not in the lines.
 */
function isFree(invoice: Loose, findProduct: FindByPrice): boolean {
  const isOwn = ({ isRecurring, isProration }: Item) => isRecurring && !isProration;
  const { items } = itemsIn(linesOf(invoice), findProduct, currencyIn(invoice['currency']), isOwn);
  return items.length > 0 && items.every(({ amount }) => amount === 0);
}

/** A change of the interval may be billed by prorations alone: how it is marked is not documented. */
function onlyProrated(id: string, until: Day): FactBody {
  const note = `invoice ${id} bills up to ${until} by prorations alone, which date nothing`;
  return { ...noted(note), doubt: { until } };
}

function latestProration(invoice: Loose): Day | undefined {
  const days = linesOf(invoice).flatMap((line) => {
    const until = dayIn(recordOf(line['period'])['end']);
    return until === undefined || (numberOf(line['amount']) ?? 0) <= 0 ? [] : [until];
  });
  return days.sort().at(-1);
}

/** The last paid day: of each product the latest period that its lines begin; `differ`: not the same for all. */
function periodsIn(
  invoice: Loose,
  findProduct: FindByPrice,
): { readonly until: Day | undefined; readonly differ: boolean } {
  const billedAt = momentIn(invoice['created']) ?? 0;
  const latest = new Map<string, Day>();
  for (const line of linesOf(invoice)) {
    const [item] = itemsIn([line], findProduct, undefined, () => true).items;
    const end = recordOf(line['period'])['end'];
    const until = dayIn(end);
    const isPeriod = item?.isRecurring === true && !item.isProration && !item.isMetered && item.quantity > 0;
    if (item === undefined || until === undefined || !isPeriod) continue;
    // A line of usage covers the period that is over. A credit has a negative amount.
    if ((numberOf(line['amount']) ?? 0) < 0 || (momentIn(end) ?? 0) <= billedAt) continue;
    const product = item.product?.id ?? '';
    const before = latest.get(product);
    if (before === undefined || before < until) latest.set(product, until);
  }
  const known = [...latest].filter(([product]) => product !== '').map(([, until]) => until);
  const days = (known.length > 0 ? known : [...latest.values()]).sort();
  return { until: days.at(-1), differ: days[0] !== days.at(-1) };
}
