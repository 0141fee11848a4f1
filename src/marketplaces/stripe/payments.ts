/** Reads refunds, disputes and credit notes into facts. They name a payment; whose it was, is fetched (completing.ts). */
import type { FactBody } from '../../domain/facts/fact.ts';
import { moneyText } from '../../domain/values/money-text.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { amountOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import { aliasOf, paymentSubject, type Reading } from './told.ts';
import { currencyIn, idIn, moneyIn } from './values.ts';

/**
 * All refunds of a charge have one name, so that a failed one undoes the refunds before it: the sum that Stripe states
 * with a later refund says when the charge is back as a whole.
 */
const REFUND = 'refund';

export function chargeFacts(reading: Reading): Told[] {
  const { type, data, at } = reading;
  if (type !== 'charge.refunded') return [];
  const payment = demand(idIn(data['payment_intent']) ?? idIn(data['id']), 'data.object.id');
  const subject = paymentSubject(payment);
  const invoice = idIn(data['invoice']);
  const body: FactBody = data['refunded'] === true ? { kind: 'refunded', name: REFUND } : partOf(reading);
  return [
    { subject, key: `${body.kind}:${payment}:${at}:${amountOf(data['amount_refunded'])}`, body },
    // Before 2025-03-31 a charge named its invoice, and paid it alone.
    ...(invoice === undefined ? [] : [aliasOf(subject, orderSubject(invoice))]),
  ];
}

/**
 * `amount_refunded` is the sum so far. How much came back now is not stated without what was before, nor where the sum falls since
 * a refund failed.
 */
function partOf({ data, previous }: Reading): FactBody {
  const currency = currencyIn(data['currency']);
  const sum = amountOf(data['amount_refunded']);
  const before = amountOf(previous['amount_refunded']);
  const now = sum === undefined || before === undefined ? 0 : sum - before;
  const total = moneyIn(data['amount'], currency);
  return {
    kind: 'repaid',
    amount: now > 0 ? (moneyIn(now, currency) ?? null) : null,
    currency: currency ?? null,
    ...(total !== undefined && { total }),
    name: REFUND,
  };
}

/** `refund.…` and, in old versions, `charge.refund.updated`. The money is told by charge.refunded. */
export function refundFacts({ data, type }: Reading): Told[] {
  const id = demand(idIn(data['id']), 'data.object.id');
  const payment = demand(paymentOf({ data }), 'data.object.payment_intent');
  const status = textOf(data['status']) ?? 'none';
  const subject = paymentSubject(payment);
  const isUndone = status === 'failed' || status === 'canceled' || type === 'refund.failed';
  return [
    { subject, key: `refund:${id}:${status}`, body: isUndone ? FAILED : noted(`a refund is ${status}`) },
    ...(isUndone
      ? [{ subject, key: `undone:${id}`, body: { kind: 'return-undone', name: REFUND } } as const]
      : []),
  ];
}

const FAILED = noted(
  'a refund failed, so its money stayed, and the refunds of the payment up to then count as undone: see at Stripe what came back',
  'partial-refund',
);

export function disputeFacts(reading: Reading): Told[] {
  const { data } = reading;
  const id = demand(idIn(data['id']), 'data.object.id');
  const payment = demand(paymentOf(reading), 'data.object.payment_intent');
  const status = textOf(data['status']) ?? 'none';
  const body = disputeBody(status, reading.type);
  return [{ subject: paymentSubject(payment), key: `dispute:${id}:${status}:${body.kind}`, body }];
}

/** The payment of a charge, refund or dispute. */
export function paymentOf({ data }: Pick<Reading, 'data'>): string | undefined {
  return idIn(data['payment_intent']) ?? idIn(data['charge']);
}

function disputeBody(status: string, type: string): FactBody {
  switch (status) {
    case 'needs_response':
    case 'under_review':
      return { kind: 'disputed' };
    case 'won':
      return { kind: 'dispute-won' };
    case 'lost':
      // Whether all of the charge was lost, its amount says: completing.ts.
      return noted('a dispute was lost');
    // An inquiry, which may stay without effect.
    case 'warning_needs_response':
    case 'warning_under_review':
    case 'warning_closed':
    case 'prevented':
      return noted(`the bank asks about the payment: ${status}`);
    default:
      return noted(`${type} has a status that is not known: ${status}`, 'unclear');
  }
}

/** What a lost dispute takes, held against its charge. */
export function lostBody(dispute: Reading['data'], charge: Reading['data']): FactBody {
  const currency = currencyIn(dispute['currency']);
  const [lost, refunded, amount] = [dispute['amount'], charge['amount_refunded'], charge['amount']].map(
    amountOf,
  );
  const isSame = currency === currencyIn(charge['currency']);
  // Amounts of two currencies cannot be compared.
  const isWhole = isSame && (lost === undefined || amount === undefined || lost + (refunded ?? 0) >= amount);
  if (isWhole) return { kind: 'dispute-lost' };
  const part = isSame ? 'a part of the charge' : 'in another currency than the charge';
  return noted(
    `a dispute of ${moneyText(moneyIn(lost, currency) ?? 0, currency)}, ${part}, was lost: the license stays suspended until you decide`,
    'partial-refund',
  );
}

/** A credit note names lines; its money is told by charge.refunded. */
export function creditNoteFacts({ data, type }: Reading): Told[] {
  const [id, invoice] = [idIn(data['id']), idIn(data['invoice'])];
  if (id === undefined || invoice === undefined) return [];
  const isMoney = textOf(data['type']) === 'post_payment' && type === 'credit_note.created';
  const what = `credit note ${id} of ${invoice}: ${textOf(data['status']) ?? 'none'}`;
  const body = isMoney
    ? noted(`${what}. If money went back for single lines, decide about their licenses`, 'partial-refund')
    : noted(what);
  return [{ subject: orderSubject(invoice), key: `${type}:${id}`, body }];
}
