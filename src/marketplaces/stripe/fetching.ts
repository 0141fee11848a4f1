/** Fetches what an event lacks (completing.ts) by Stripe's API; only what is read is kept. */
import { isRecord, type Loose, listOf, recordOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { ApiFailure, type StripeApi, StripeReader } from './api.ts';
import type { FetchedParts, Lacking } from './completing.ts';
import { idIn } from './values.ts';

/** `lacking`: the JSON text of a `Lacking`. */
export async function fetchLacking(lacking: string, api: StripeApi, signal: AbortSignal): Promise<Fetched> {
  const reader = new StripeReader(api, signal);
  try {
    return { outcome: 'fetched', text: JSON.stringify(await partsOf(JSON.parse(lacking), reader)) };
  } catch (error) {
    if (error instanceof ApiFailure) return error.failed;
    throw error;
  }
}

async function partsOf(lacking: Lacking, reader: StripeReader): Promise<FetchedParts> {
  if ('session' in lacking) return { session: await sessionOf(lacking.session, reader) };
  if ('invoice' in lacking) return ofInvoice(lacking, reader);
  if ('linesOf' in lacking) return linesOf(lacking.linesOf, reader);
  return ofPayment(lacking.payment, reader);
}

async function sessionOf(id: string, reader: StripeReader): Promise<Loose> {
  const path = `checkout/sessions/${encodeURIComponent(id)}`;
  const session = await reader.get(path, {
    'expand[0]': 'line_items',
    'expand[1]': 'subscription',
    'expand[2]': 'invoice',
  });
  if (!isRecord(session['line_items'])) {
    throw new ApiFailure({ outcome: 'failed', answer: "Stripe's API answered without lines" });
  }
  const lines = recordOf(session['line_items']);
  const all = lines['has_more'] === true ? await reader.list(`${path}/line_items`) : listOf(lines['data']);
  const { id: own, currency, amount_total, locale, payment_intent, customer_details } = session;
  return {
    id: own,
    currency,
    amount_total,
    locale,
    payment_intent: idIn(payment_intent),
    customer_details: buyerOf(customer_details),
    subscription: picked(session['subscription'], ['id', 'status', 'trial_end']),
    invoice: invoiceOf(session['invoice']),
    line_items: { data: all.map(lineOf) },
  };
}

/** Of the address, the country alone: it may say the language. */
function buyerOf(value: unknown): unknown {
  const { name, email, address } = recordOf(value);
  return { name, email, address: picked(address, ['country']) };
}

function lineOf(line: Loose): Loose {
  const { quantity, amount_total, amount_tax } = line;
  const price = recordOf(line['price']);
  const { id, product, recurring } = price;
  return { price: { id, product: idIn(product), recurring }, quantity, amount_total, amount_tax };
}

/** Without the address that an invoice repeats. */
function invoiceOf(value: unknown): unknown {
  const names = [
    'id',
    'status',
    'created',
    'currency',
    'amount_paid',
    'total',
    'billing_reason',
    'lines',
    'parent',
  ];
  return picked(value, names);
}

/** The object with these members alone; a text stays. */
function picked(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const given = recordOf(value);
  return Object.fromEntries(names.flatMap((name) => (name in given ? [[name, given[name]]] : [])));
}

async function ofInvoice(
  { invoice, subscription, payment }: Extract<Lacking, { readonly invoice: string }>,
  reader: StripeReader,
): Promise<FetchedParts> {
  const wanted = subscription === undefined ? [] : [{ subscription }];
  const payments = payment === undefined ? await paymentsOf(invoice, reader) : [payment];
  for (const query of [...wanted, ...payments.map((each) => ({ payment_intent: each }))]) {
    const [session] = await reader.list('checkout/sessions', query);
    const id = idIn(session?.['id']);
    if (id !== undefined) return { session: await sessionOf(id, reader) };
  }
  return linesOf(invoice, reader);
}

/** An event states the first lines only. */
async function linesOf(invoice: string, reader: StripeReader): Promise<FetchedParts> {
  const lines = await reader.list(`invoices/${encodeURIComponent(invoice)}/lines`);
  return { lines: lines.map((line) => picked(line, INVOICE_LINE)) };
}

const INVOICE_LINE = [
  'amount',
  'discount_amounts',
  'parent',
  'period',
  'price',
  'pricing',
  'proration',
  'quantity',
  'type',
] as const;

/** The payment intents that paid an invoice. */
async function paymentsOf(invoice: string, reader: StripeReader): Promise<readonly string[]> {
  const paid = await reader.list('invoice_payments', { invoice, status: 'paid' });
  return paid.flatMap((one) => idIn(recordOf(one['payment'])['payment_intent']) ?? []);
}

async function ofPayment(payment: string, reader: StripeReader): Promise<FetchedParts> {
  const charge = await chargeOf(payment, reader);
  const intent = idIn(charge['payment_intent']) ?? payment;
  const { amount, amount_refunded, currency } = charge;
  const kept = { payment_intent: intent, amount, amount_refunded, currency };
  const [session] = await reader.list('checkout/sessions', { payment_intent: intent });
  const query = { 'payment[type]': 'payment_intent', 'payment[payment_intent]': intent };
  const own = await reader.list('invoice_payments', query);
  const invoices = [];
  for (const invoice of new Set(own.flatMap((one) => idIn(one['invoice']) ?? []))) {
    const all = await reader.list('invoice_payments', { invoice, status: 'paid' });
    invoices.push({ invoice, payments: Math.max(all.length, 1) });
  }
  const id = idIn(session?.['id']);
  return { charge: kept, invoices, ...(id !== undefined && { session: id }) };
}

/** A payment intent names its latest charge. */
async function chargeOf(payment: string, reader: StripeReader): Promise<Loose> {
  if (!payment.startsWith('pi_')) return reader.get(`charges/${encodeURIComponent(payment)}`);
  const intent = await reader.get(`payment_intents/${encodeURIComponent(payment)}`, {
    'expand[0]': 'latest_charge',
  });
  const charge = recordOf(intent['latest_charge']);
  return { ...charge, payment_intent: payment };
}
