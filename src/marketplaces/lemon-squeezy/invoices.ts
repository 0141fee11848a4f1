/**
 * Reads invoices of subscriptions into facts: paid and open charges, and money that went back. An invoice has no period
 * and no product: the subscription states them.
 */
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import { partNote, unstated } from './orders.ts';
import type { Reading } from './told.ts';
import { returnedOf } from './values.ts';

/** The charge of a subscription's first invoice: another name of its order, which no invoice names. */
export function firstCharge(subscription: string): string {
  return `subscription-${subscription}-initial`;
}

export function invoiceFacts(reading: Reading): Told[] {
  const { id, attributes, at } = reading;
  const subscription = demand(textOf(attributes['subscription_id']), 'subscription_id');
  const subject = subscriptionSubject(subscription);
  const status = textOf(attributes['status']) ?? 'none';
  const isFailed = reading.type === 'subscription_payment_failed';
  switch (status) {
    case 'paid':
    case 'refunded':
    case 'partial_refund':
      return paidFacts(reading, subscription);
    case 'pending':
      // While a bank takes its time nothing has failed.
      return isFailed ? [{ subject, key: `failed:${id}:${at}`, body: { kind: 'overdue' } }] : [];
    case 'void':
      return [{ subject, key: `void:${id}`, body: noted(`invoice ${id} is void`) }];
    default:
      return [
        {
          subject,
          key: `status:${id}:${status}`,
          body: noted(`the status of invoice ${id} is not known: ${status}`, 'unclear'),
        },
      ];
  }
}

/** `updated`: a change of the subscription was billed. */
const REASONS: ReadonlySet<string | undefined> = new Set(['initial', 'renewal', 'updated']);

function paidFacts(reading: Reading, subscription: string): Told[] {
  const { id, attributes, type } = reading;
  const subject = subscriptionSubject(subscription);
  const reason = textOf(attributes['billing_reason']);
  const isFirst = reason === 'initial';
  const charge = orderSubject(isFirst ? firstCharge(subscription) : `invoice-${id}`);
  const { total, currency } = returnedOf(attributes);
  const paid: FactBody = {
    kind: 'paid',
    until: null,
    sequence: null,
    charge,
    ...(total !== undefined && { total, currency: currency ?? null }),
    ...(total === 0 && { free: true }),
    ...(isFirst && { part: 'first' }),
    ...(reason === 'updated' && { part: 'proration', atLeast: true }),
  };
  // A refund does not tell when the invoice was paid.
  const isRefund = type === 'subscription_payment_refunded';
  const tied: Told = {
    subject: charge,
    key: `charge:${id}:${subscription}`,
    body: { kind: 'alias', of: subject },
  };
  return [
    ...(isRefund ? [] : [{ subject, key: `paid:${id}`, body: paid }]),
    ...(isFirst ? [] : [tied]),
    ...returnFacts(reading, { subscription, charge, isFirst }),
    ...(REASONS.has(reason) ? [] : [{ subject, key: `reason:${id}`, body: unknownReason(id, reason) }]),
  ];
}

function unknownReason(id: string, reason: string | undefined): FactBody {
  return noted(`invoice ${id} was paid for a reason that is not known: ${reason ?? 'none'}`, 'unclear');
}

/** The first invoice is the order's money, or a part of it where the order has several subscriptions. */
function returnFacts(
  { id, type, attributes }: Reading,
  { subscription, charge, isFirst }: { subscription: string; charge: Subject; isFirst: boolean },
): Told[] {
  const returned = returnedOf(attributes);
  const { extent, amount, total, currency = null } = returned;
  if (extent === 'none') {
    if (type !== 'subscription_payment_refunded') return [];
    const body = { ...unstated(`invoice ${id}`), charge };
    return [{ subject: subscriptionSubject(subscription), key: `no-part:invoice-${id}`, body }];
  }
  if (extent !== 'whole') {
    const key = `part:invoice-${id}:${amount}`;
    const body = { ...partNote(returned, `invoice ${id}`), charge };
    return [{ subject: subscriptionSubject(subscription), key, body }];
  }
  const body: FactBody =
    isFirst && total !== undefined ? { kind: 'repaid', amount: total, currency } : { kind: 'refunded' };
  return [{ subject: charge, key: `refunded:invoice-${id}`, body }];
}
