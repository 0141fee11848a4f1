/** Reads invoices into facts: sales, paid periods (paid-periods.ts), payments that failed. */
import { awaitedRest, awaitedSale } from '../../domain/sales/awaited-lines.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { type Loose, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import { type Item, type Items, itemsIn, linked, soldFacts, withoutUsage } from './lines.ts';
import { firstPaid, hasMoreLines, isRenewal, linesOf, paid } from './paid-periods.ts';
import type { FindByPrice } from './product-keys.ts';
import { aliasOf, paymentSubject, REMEDY, type Reading } from './told.ts';
import { currencyIn, idIn, moneyIn } from './values.ts';

const FIRST = 'subscription_create';

/** `invoice.upcoming` has no id. */
const READ: ReadonlySet<string> = new Set([
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
]);

export function invoiceFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  if (!READ.has(type)) return [];
  const id = demand(idIn(data['id']), 'data.object.id');
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
  if (isRenewal(invoice)) return false;
  return soldIn(invoice, findProduct).items.some(({ product }) => product !== undefined);
}

function paidFacts(id: string, subscription: string | undefined, reading: Reading): Told[] {
  const { data, findProduct } = reading;
  const facts = paymentNames(id, data);
  if (mayBeSale(data, findProduct)) {
    const body = awaitedSale(REMEDY, subscription);
    facts.push({ subject: orderSubject(id), key: `awaited:${id}`, body });
  }
  if (subscription === undefined) return [...facts, ...chargedFacts(id, data), ...unnamedFacts(id, reading)];
  if (isFirst(data)) return [...facts, ...firstPaid(data, subscription, findProduct)];
  if (!LATER.has(textOf(data['billing_reason']) ?? ''))
    return [...facts, ...unknownFacts(id, subscription, reading)];
  // What is billed once beside the subscription is a sale of its own: its refund or dispute is not the subscription's.
  if (!isOfSubscription(data, findProduct) && !isRenewal(data)) {
    return [...facts, ...chargedFacts(id, data), ...furtherSold(id, reading)];
  }
  return [
    ...facts,
    ...(hasMoreLines(data)
      ? [{ subject: orderSubject(id), key: restKey(id), body: awaitedRest(REMEDY) }]
      : []),
    aliasOf(orderSubject(id), subscriptionSubject(subscription)),
    ...furtherSold(id, reading),
    ...paid(data, subscription, findProduct),
    // Stripe counts the subscription as active once its latest invoice is settled, whatever that was for.
    {
      subject: subscriptionSubject(subscription),
      key: `recovered:${id}`,
      body: { kind: 'recovered' },
    },
  ];
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

/** Reasons for which a subscription that is there already is billed. */
const LATER: ReadonlySet<string> = new Set([
  'subscription_cycle',
  'subscription_update',
  'subscription_threshold',
  'manual',
  'automatic_pending_invoice_item_invoice',
]);

/** It may be the first invoice: it is, unless another one belongs to a sale (domain/facts/first-charges.ts). */
function unknownFacts(id: string, subscription: string, { data, findProduct }: Reading): Told[] {
  const reason = textOf(data['billing_reason']) ?? 'none';
  const note = `invoice ${id} is paid, for a reason that is not known: ${reason}`;
  return [
    linked(id, '', subscription),
    ...firstPaid(data, subscription, findProduct),
    { subject: subscriptionSubject(subscription), key: `reason:${id}`, body: noted(note, 'unclear') },
  ];
}

/** A renewal of one of our products is no sale, whatever subscription it is of. */
function unnamedFacts(id: string, { data, findProduct }: Reading): Told[] {
  const isOurs = soldIn(data, findProduct).items.some(({ product }) => product !== undefined);
  if (!isOurs || !isRenewal(data)) return [];
  const note = `invoice ${id} of a renewal is paid, and names no subscription: nothing was extended`;
  return [{ subject: orderSubject(id), key: `unnamed:${id}`, body: noted(note, 'undelivered') }];
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

/** What a later invoice bills once is sold by it. The number of units counts after that of all its lines. */
function furtherSold(id: string, { data, at, findProduct }: Reading): Told[] {
  const { items } = soldIn(data, findProduct);
  const known = items.filter(({ product, isInvoiceItem }) => product !== undefined && isInvoiceItem);
  const sold = soldFacts(id, { items: known, faults: [] }, undefined);
  if (!hasMoreLines(data)) return sold;
  return sold.map((fact) =>
    fact.body.kind === 'sold' ? { ...fact, at: at + 1, body: { ...fact.body, assumed: true } } : fact,
  );
}

/** The lines that an invoice sells, if no checkout session did. `lines`: all of them, where they were fetched. */
export function soldIn(data: Loose, findProduct: FindByPrice, lines = linesOf(data)): Items {
  const isSold = ({ quantity, isProration, amount }: Item) =>
    quantity > 0 && !isProration && (amount === undefined || amount >= 0);
  return withoutUsage(itemsIn(lines, findProduct, currencyIn(data['currency']), isSold));
}
