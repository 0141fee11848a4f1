/** Reads checkout sessions into facts. Their events do not state what was bought: the lines are fetched (completing.ts). */
import { languageNote } from '../../domain/announcements/language.ts';
import { awaitedSale } from '../../domain/sales/awaited-lines.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { languageOfCountry, languageOfTag } from '../country-language.ts';
import { isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import { itemsIn, soldFacts, withoutUsage } from './lines.ts';
import { firstPaid } from './paid-periods.ts';
import { aliasOf, paymentSubject, REMEDY, type Reading } from './told.ts';
import { currencyIn, dayIn, idIn, moneyIn } from './values.ts';

export function sessionFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const id = demand(idIn(data['id']), 'data.object.id');
  if (isSale(type, data)) return saleFacts(id, reading);
  const subject = orderSubject(id);
  if (type === 'checkout.session.async_payment_failed') {
    return [{ subject, key: `payment-failed:${id}`, body: { kind: 'voided' } }];
  }
  const mode = textOf(data['mode']);
  if (type !== 'checkout.session.completed' || mode === 'setup') return [];
  const status = textOf(data['payment_status']);
  if (status !== 'unpaid' || !sells(mode)) {
    const note = `a checkout has a mode or a payment status that is not known: ${mode ?? 'none'}, ${status ?? 'none'}`;
    return [
      { subject, key: `unknown:${id}`, body: noted(`${note}. Nothing was issued for it`, 'undelivered') },
    ];
  }
  return [{ subject, key: `unpaid:${id}`, body: noted('ordered; the payment is on its way') }];
}

/** The session sold something and nothing more is awaited: paid, or nothing to pay. */
export function isSale(type: string, data: Loose): boolean {
  if (!sells(textOf(data['mode']))) return false;
  if (type === 'checkout.session.async_payment_succeeded') return true;
  return type === 'checkout.session.completed' && isPaid(data);
}

function sells(mode: string | undefined): boolean {
  return mode === 'payment' || mode === 'subscription';
}

function isPaid(session: Loose): boolean {
  const status = textOf(session['payment_status']);
  return status === 'paid' || status === 'no_payment_required';
}

function saleFacts(id: string, reading: Reading): Told[] {
  const { data } = reading;
  if (hasAllLines(data)) return soldSession(data, reading);
  const body = awaitedSale(REMEDY, idIn(data['subscription']));
  return [{ subject: orderSubject(id), key: `awaited:${id}`, body }, ...nameFacts(id, data)];
}

/** Whether the lines are there and none is left out. */
export function hasAllLines(data: Loose): boolean {
  const lines = data['line_items'];
  return isRecord(lines) && lines['has_more'] !== true;
}

/** The facts of a sold session with its lines: of an event that has them, or as fetched. */
export function soldSession(session: Loose, { findProduct }: Pick<Reading, 'findProduct'>): Told[] {
  const id = idIn(session['id']);
  if (id === undefined) return [];
  const subscription = idIn(session['subscription']);
  const currency = currencyIn(session['currency']);
  const lines = listOf(recordOf(session['line_items'])['data']);
  const sold = withoutUsage(itemsIn(lines, findProduct, currency, ({ quantity }) => quantity > 0));
  const expanded = recordOf(session['subscription']);
  const trialEnd = textOf(expanded['status']) === 'trialing' ? dayIn(expanded['trial_end']) : undefined;
  const invoice = recordOf(session['invoice']);
  const language = languageNote(
    languageIn(session),
    sold.items.flatMap(({ product }) => product ?? []),
  );
  return [
    ...soldFacts(id, sold, subscription, trialEnd !== undefined),
    ...nameFacts(id, session),
    ...(language === undefined
      ? []
      : [{ subject: orderSubject(id), key: `language:${id}`, body: language } as const]),
    ...(subscription === undefined || trialEnd === undefined ? [] : [trialFact(subscription, trialEnd)]),
    ...(subscription !== undefined && textOf(invoice['status']) === 'paid'
      ? firstPaid(invoice, subscription, findProduct)
      : []),
  ];
}

export function trialFact(subscription: string, until: string): Told {
  return {
    subject: subscriptionSubject(subscription),
    key: `trial:${subscription}:${until}`,
    body: { kind: 'dated', until, sequence: null, trial: true },
  };
}

/** The order's other names, by which invoices, refunds and disputes find it; and what was charged. */
function nameFacts(id: string, session: Loose): Told[] {
  const subject = orderSubject(id);
  const payment = idIn(session['payment_intent']);
  const invoice = idIn(session['invoice']);
  const currency = currencyIn(session['currency']);
  const total = moneyIn(session['amount_total'], currency);
  return [
    ...(payment === undefined ? [] : [aliasOf(paymentSubject(payment), subject)]),
    ...(invoice === undefined ? [] : [aliasOf(orderSubject(invoice), subject)]),
    ...(total === undefined
      ? []
      : [
          {
            subject,
            key: `charged:${id}`,
            body: { kind: 'charged', total, currency: currency ?? null },
          } as const,
        ]),
  ];
}

/** `de-AT` is `de`; `auto` says that the browser decided. */
function languageIn(session: Loose): string | undefined {
  const locale = textOf(session['locale']);
  if (locale !== undefined && locale !== 'auto') return languageOfTag(locale);
  const address = recordOf(recordOf(session['customer_details'])['address']);
  return languageOfCountry(textOf(address['country']));
}
