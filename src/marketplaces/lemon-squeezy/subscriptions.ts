/**
 * Reads subscriptions into facts. Every event carries the complete subscription, so each event states its size and its
 * state. A date in it counts as paid only if an invoice confirms the payment.
 */
import type { FactBody } from '../../domain/facts/fact.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, type Loose, numberOf, recordOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import { noted } from '../noted.ts';
import { dayIn } from '../rfc3339.ts';
import type { Told } from '../told.ts';
import { firstCharge } from './invoices.ts';
import type { Reading } from './told.ts';

export function subscriptionFacts(reading: Reading): Told[] {
  return [...linkFacts(reading), ...sizeFacts(reading), ...stateFacts(reading)];
}

/** The line of the order follows the subscription, and its first invoice is the order's own charge. */
function linkFacts({ id, attributes }: Reading): Told[] {
  const order = textOf(attributes['order_id']);
  const line = textOf(attributes['variant_id']);
  if (order === undefined) return [];
  const subject = orderSubject(order);
  const first: Told = {
    subject: orderSubject(firstCharge(id)),
    key: `first:${id}:${order}`,
    body: { kind: 'alias', of: subject },
  };
  if (line === undefined) return [first];
  const body = { kind: 'linked', subscription: id, line } as const;
  return [first, { subject, key: `linked:${order}:${line}:${id}`, body }];
}

/** What the subscription is for. Its size is not stated in a trial, and is 0 where it is billed by usage. */
function sizeFacts({ id, attributes, at, findProduct }: Reading): Told[] {
  const line = textOf(attributes['variant_id']);
  if (textOf(attributes['status']) === 'expired') return [];
  const subject = subscriptionSubject(id);
  if (line === undefined) {
    return [
      { subject, key: `no-variant:${id}:${at}`, body: noted('the subscription names no variant', 'unclear') },
    ];
  }
  const item = recordOf(attributes['first_subscription_item']);
  const stated = Math.trunc(numberOf(item['quantity']) ?? 0);
  const quantity = stated > 0 && booleanOf(item['is_usage_based']) !== true ? stated : null;
  const product = findProduct(line, textOf(attributes['product_id']));
  const most = mostUnits(product);
  if (quantity !== null && quantity > most) {
    const note = `subscription ${id} has ${quantity} units, of at most ${most}: none was read`;
    return [{ subject, key: `too-many-units:${id}:${quantity}`, body: noted(note, 'too-many-units') }];
  }
  const body = { kind: 'resized', product: product?.id ?? null, quantity, line } as const;
  return [{ subject, key: `resized:${id}:${at}:${line}*${quantity}`, body }];
}

function stateFacts(reading: Reading): Told[] {
  const { id, at } = reading;
  return bodiesOf(reading).map((body) => ({
    subject: subscriptionSubject(id),
    key: body.kind === 'noted' ? `noted:${id}:${body.note}` : `${body.kind}:${id}:${at}:${detailOf(body)}`,
    body,
  }));
}

function detailOf(body: FactBody): string {
  if (body.kind === 'canceled') return body.last;
  if (body.kind === 'deactivated') return body.on;
  return body.kind === 'dated' ? body.until : '';
}

function bodiesOf({ attributes, at }: Reading): readonly FactBody[] {
  const status = textOf(attributes['status']);
  const ends = dayIn(attributes['ends_at']);
  switch (status) {
    case 'active':
      return [...GOES_ON, ...paidTo(attributes['renews_at'], 'it is active, and renews on')];
    case 'on_trial': {
      const ends = dated(attributes['trial_ends_at'], 'trial');
      return [...GOES_ON, ...(ends.length > 0 ? ends : [noted('no end of the trial is stated', 'unclear')])];
    }
    case 'past_due':
    case 'unpaid':
      // `renews_at` is then the day of the next attempt.
      return [{ kind: 'overdue' }];
    case 'paused':
      return pausedAs(recordOf(attributes['pause']));
    case 'cancelled':
      if (ends === undefined)
        return [noted('the subscription is cancelled, and no end is stated', 'unclear')];
      return [
        { kind: 'canceled', last: ends },
        ...paidTo(attributes['ends_at'], 'it is cancelled, and goes on to'),
      ];
    case 'expired':
      return [{ kind: 'deactivated', on: ends ?? dayIn(new Date(at).toISOString()) ?? '' }];
    default:
      return [noted(`the subscription's status is not known: ${status ?? 'none'}`, 'unclear')];
  }
}

/** Neither overdue nor paused nor cancelled. */
const GOES_ON: readonly FactBody[] = [{ kind: 'recovered' }, { kind: 'uncanceled' }];

function dated(value: unknown, of: 'ofPayment' | 'trial'): readonly FactBody[] {
  const until = dayIn(value);
  return until === undefined ? [] : [{ kind: 'dated', until, sequence: null, [of]: true }];
}

/** The invoice may be lost for good: its event is sent four times in three minutes. */
function paidTo(value: unknown, standing: string): readonly FactBody[] {
  const until = dayIn(value);
  return until === undefined
    ? []
    : [...dated(value, 'ofPayment'), { ...noted(`${standing} ${until}`), doubt: { until } }];
}

/** A pause is one of charging. In mode `free` the seller serves on, and nothing says how long. */
function pausedAs({ mode, resumes_at: resumes }: Loose): readonly FactBody[] {
  if (textOf(mode) !== 'free') return [{ kind: 'paused', scheduled: true }];
  const until = dayIn(resumes);
  const note = `the subscription is not charged and served on${until === undefined ? '' : ` until ${until}`}`;
  return [noted(`${note}: renew its licenses for as long as you mean to`, 'unclear')];
}
