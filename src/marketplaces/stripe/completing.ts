/**
 * What events of Stripe lack, in words for the API (api.ts), and the facts of what it answered: the lines of a session or
 * of an invoice, and whose payment was refunded or disputed.
 */
import { orderSubject } from '../../domain/values/order-subject.ts';
import { isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { factsOfAllLines, isFirst, soldIn, subscriptionOf } from './invoices.ts';
import { soldFacts } from './lines.ts';
import { hasMoreLines } from './paid-periods.ts';
import { lostBody, paymentOf } from './payments.ts';
import { hasAllLines, isSale, soldSession } from './sessions.ts';
import { aliasOf, paymentSubject, type Reading } from './told.ts';
import { idIn } from './values.ts';

/** What is asked for. */
export type Lacking =
  | { readonly session: string }
  /** Whether a session sold it; `subscription` of the first invoice. */
  | { readonly invoice: string; readonly subscription?: string; readonly payment?: string }
  /** All lines of a later invoice of a subscription. */
  | { readonly linesOf: string }
  /** Whose payment it was: `pi_…`, or `ch_…`. */
  | { readonly payment: string };

/** What was fetched; each part may be absent. */
export interface FetchedParts {
  /** The session with its lines, subscription and invoice. */
  readonly session?: unknown;
  /** All lines of an invoice that no session sold, or that its event does not state all. */
  readonly lines?: readonly unknown[];
  /** The invoices that the payment paid, each with the number of its paid payments. */
  readonly invoices?: readonly { readonly invoice: string; readonly payments: number }[];
  readonly charge?: unknown;
}

/** Of an invoice only where its facts await lines (events.ts). */
export function lackingOf({ type, data }: Pick<Reading, 'type' | 'data'>): Lacking | undefined {
  const id = idIn(data['id']);
  if (id === undefined) return undefined;
  const [kind] = type.split('.');
  if (kind === 'checkout') return isSale(type, data) && !hasAllLines(data) ? { session: id } : undefined;
  if (type === 'invoice.paid') {
    const [subscription, payment] = [subscriptionOf(data), idIn(data['payment_intent'])];
    if (isRestAwaited(data)) return { linesOf: id };
    return {
      invoice: id,
      ...(subscription !== undefined && { subscription }),
      ...(payment !== undefined && { payment }),
    };
  }
  if (!isAboutMoney(type)) return undefined;
  const payment = type === 'charge.refunded' ? (idIn(data['payment_intent']) ?? id) : paymentOf({ data });
  return payment === undefined ? undefined : { payment };
}

/** What it sells or pays is known, but for the lines that its event leaves out. */
function isRestAwaited(invoice: Loose): boolean {
  return hasMoreLines(invoice) && subscriptionOf(invoice) !== undefined && !isFirst(invoice);
}

/** Refunds and disputes, which name a payment. */
export function isAboutMoney(type: string): boolean {
  return type === 'charge.refunded' || type === 'charge.dispute.created' || type === 'charge.dispute.closed';
}

export function completedFacts(reading: Reading, fetched: Loose): Told[] {
  const { type, data } = reading;
  const session = fetched['session'];
  const sold = isRecord(session) ? soldSession(session, reading) : [];
  if (type.startsWith('checkout.')) return sold;
  const lines = fetched['lines'];
  if (type === 'invoice.paid' && isRestAwaited(data) && Array.isArray(lines))
    return factsOfAllLines(reading, listOf(lines));
  if (type === 'invoice.paid')
    return isRecord(session) ? [...sold, ...ofSession(session, data)] : ofInvoice(reading, fetched);
  return paymentFacts(reading, fetched);
}

/** The invoice is the session's. */
function ofSession(session: Loose, invoice: Loose): Told[] {
  const [order, id] = [idIn(session['id']), idIn(invoice['id'])];
  return order === undefined || id === undefined ? [] : [aliasOf(orderSubject(id), orderSubject(order))];
}

/** Nobody bought it at a checkout: the invoice is the order. */
function ofInvoice({ data, findProduct }: Reading, { lines }: Loose): Told[] {
  const id = idIn(data['id']);
  const sold = soldIn(data, findProduct, Array.isArray(lines) ? listOf(lines) : undefined);
  return id === undefined ? [] : soldFacts(id, sold, subscriptionOf(data));
}

/** Ties the payment of a refund or dispute to its order: the session's, or the invoice that it paid alone. */
function paymentFacts(reading: Reading, fetched: Loose): Told[] {
  const { type, data } = reading;
  const charge = recordOf(fetched['charge']);
  const own =
    type === 'charge.refunded' ? (idIn(data['payment_intent']) ?? idIn(data['id'])) : paymentOf(reading);
  if (own === undefined) return [];
  const subject = paymentSubject(own);
  const payment = idIn(charge['payment_intent']);
  const session = idIn(fetched['session']);
  const lost = type === 'charge.dispute.closed' && textOf(data['status']) === 'lost';
  return [
    ...(payment === undefined || payment === own ? [] : [aliasOf(subject, paymentSubject(payment))]),
    ...(session === undefined ? [] : [aliasOf(subject, orderSubject(session))]),
    ...listOf(fetched['invoices']).flatMap((paid) => invoiceNames(subject, own, paid)),
    ...(lost ? [{ subject, key: `lost:${idIn(data['id'])}`, body: lostBody(data, charge) }] : []),
  ];
}

function invoiceNames(subject: Told['subject'], payment: string, { invoice, payments }: Loose): Told[] {
  const id = idIn(invoice);
  if (id === undefined) return [];
  if (payments === 1) return [aliasOf(subject, orderSubject(id))];
  const note = noted(
    `money of ${payment}, one of several payments of invoice ${id}, went back or is disputed: decide about its licenses`,
    'partial-refund',
  );
  return [{ subject: orderSubject(id), key: `shared:${id}:${payment}`, body: note }];
}
