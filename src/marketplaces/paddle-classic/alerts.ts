/** Paddle Classic's alerts ("Platform Events"), read into facts (classic.paddle.com, Webhook Reference). */
import { type Day, dayOf, isDay } from '../../domain/day.ts';
import type { MarketplaceEvent } from '../../domain/event.ts';
import type { FactBody, Subject } from '../../domain/fact.ts';
import { LARGEST_QUANTITY, type Mode } from '../../domain/order.ts';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { unarmor } from '../../license-code/armor.ts';
import { findCodes } from '../../license-code/find-codes.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { decodeRecord } from '../../license-code/record.ts';
import type { Fields } from '../port.ts';

const MARKETPLACE = 'paddle-classic' as const;

interface Told {
  readonly subject: Subject;
  readonly body: FactBody;
}

/** Reads one field: text that says something, or undefined. */
type Field = (name: string) => string | undefined;

/** Throws AppError `malformed_request` for what is no alert: a call without an id or a name cannot be kept. */
export function readAlertHead(fields: Fields, mode: Mode, payload: string) {
  const id = fields.get('alert_id');
  const type = fields.get('alert_name');
  if (!id || !type)
    throw new AppError('malformed_request', 'alert_id or alert_name is missing: this is no alert.');
  return {
    marketplace: MARKETPLACE,
    mode,
    id,
    type,
    at: timeOf(fields.get('event_time')) ?? 0,
    payload,
  } as const;
}

/** Unknown alerts and the tester's placeholders say nothing, and are done. */
export function readAlert(
  fields: Fields,
  mode: Mode,
  payload: string,
  products: readonly Product[],
): MarketplaceEvent {
  const head = readAlertHead(fields, mode, payload);
  const field: Field = (name) => fields.get(name)?.trim() || undefined;
  const told = factsOf(head.type, field, products).filter(({ subject }) => !subject.endsWith(':'));
  const facts = told.map(({ subject, body }, place) => ({
    marketplace: MARKETPLACE,
    mode,
    subject,
    // One of alert_id: Paddle's own key against doubles (Webhook Reference).
    key: `alert:${head.id}:${place}`,
    at: head.at,
    cause: `${head.type} ${head.id}`,
    body,
  }));
  return { ...head, facts, people: [], codes: [] };
}

function factsOf(type: string, field: Field, products: readonly Product[]): Told[] {
  const order: Subject = `order:${field('order_id') ?? ''}`;
  const subscription: Subject = `subscription:${field('subscription_id') ?? ''}`;
  switch (type) {
    case 'payment_succeeded':
      return confirmed(order, field);
    case 'locker_processed':
      return stored(order, field);
    case 'payment_refunded':
      return refunded(order, field);
    case 'subscription_payment_refunded':
      // The order's licenses by its own id, those of a renewal by the subscription.
      return refunded(field('initial_payment') === '1' ? order : subscription, field);
    case 'payment_dispute_created':
      return [{ subject: order, body: { kind: 'disputed' } }];
    case 'payment_dispute_closed':
      return [{ subject: order, body: { kind: 'dispute-won' } }];
    case 'high_risk_transaction_created':
      return [{ subject: caseSubject(field), body: { kind: 'reviewed' } }];
    case 'high_risk_transaction_updated':
      return reviewed(order, field);
    case 'subscription_created':
      return dated(subscription, field);
    case 'subscription_updated':
      return updated(subscription, field, products);
    case 'subscription_payment_succeeded':
      return paid(order, subscription, field);
    case 'subscription_payment_failed':
      return [
        {
          subject: subscription,
          body: field('status') === 'active' ? note('payment failed') : { kind: 'overdue' },
        },
      ];
    case 'subscription_cancelled': {
      const last = dayIn(field('cancellation_effective_date'));
      return [
        { subject: subscription, body: last === undefined ? unclear(type) : { kind: 'canceled', last } },
      ];
    }
    default:
      return [];
  }
}

function confirmed(subject: Subject, field: Field): Told[] {
  const quantity = countIn(field('quantity'));
  return quantity === undefined ? [] : [{ subject, body: { kind: 'confirmed', quantity } }];
}

/** Which codes Paddle has stored for the order, by the licenses that they are of. */
function stored(subject: Subject, field: Field): Told[] {
  const codes = findCodes(field('licence') ?? field('license') ?? '');
  if (codes.length === 0) return [{ subject, body: note('processed without a license code') }];
  const licenses = codes.map((code) => formatLicenseId(decodeRecord(unarmor(code)).licenseId));
  return [{ subject, body: { kind: 'stored', licenses } }];
}

/** `vat` is a refund of the tax alone. A partial one takes as many units as it says, if it says. */
function refunded(subject: Subject, field: Field): Told[] {
  const kind = field('refund_type');
  if (kind === 'full') return [{ subject, body: { kind: 'refunded' } }];
  if (kind === 'vat') return [{ subject, body: note('the tax was refunded') }];
  const quantity = countIn(field('quantity'));
  if (kind !== 'partial' || quantity === undefined) {
    return [{ subject, body: unclear('partial refund, not clear of which units: nothing was revoked;') }];
  }
  return [{ subject, body: { kind: 'returned', product: null, quantity } }];
}

function caseSubject(field: Field): Subject {
  return `case:${field('case_id') ?? ''}`;
}

/** Only from here on is it known which order the review is of. */
function reviewed(order: Subject, field: Field): Told[] {
  const status = field('status');
  const verdict: Told[] =
    status === 'accepted'
      ? [{ subject: order, body: { kind: 'cleared' } }]
      : [
          {
            subject: order,
            body: note(`review: ${/^[a-z]{1,20}$/.test(status ?? '') ? status : 'no verdict'}`),
          },
        ];
  return order === 'order:'
    ? []
    : [{ subject: caseSubject(field), body: { kind: 'alias', of: order } }, ...verdict];
}

function dated(subject: Subject, field: Field): Told[] {
  const until = dayIn(field('next_bill_date'));
  const status = field('status');
  if (until === undefined || status === 'deleted' || status === 'paused') return [];
  return [{ subject, body: { kind: 'dated', until, sequence: null } }];
}

function updated(subject: Subject, field: Field, products: readonly Product[]): Told[] {
  const told = dated(subject, field);
  const status = field('status');
  if (status === 'paused') told.push({ subject, body: { kind: 'paused' } });
  else if (status === 'active' && field('old_status') === 'paused')
    told.push({ subject, body: { kind: 'resumed' } });
  else if (status === 'past_due') told.push({ subject, body: { kind: 'overdue' } });
  const quantity = countIn(field('new_quantity'));
  const plan = field('subscription_plan_id');
  const product = products.find(
    ({ marketplaces }) => plan && marketplaces[MARKETPLACE]?.products.includes(plan),
  );
  if (quantity !== undefined && quantity > LARGEST_QUANTITY) {
    told.push({ subject, body: unclear(`a quantity above ${LARGEST_QUANTITY}`) });
  } else if (quantity !== undefined && product !== undefined) {
    told.push({ subject, body: { kind: 'resized', product: product.id, quantity } });
  }
  return told;
}

/** The first payment is the order's; a later one has an order of its own, which is another name of the subscription. */
function paid(order: Subject, subscription: Subject, field: Field): Told[] {
  const id = field('subscription_id');
  const isFirst = ['1', 'true'].includes(field('initial_payment') ?? '');
  const until = dayIn(field('next_bill_date')) ?? null;
  const told: Told[] = [{ subject: subscription, body: { kind: 'paid', until, sequence: null } }];
  if (id === undefined || order === 'order:') return told;
  const tie: FactBody = isFirst ? { kind: 'linked', subscription: id } : { kind: 'alias', of: subscription };
  return [{ subject: order, body: tie }, ...told];
}

function note(text: string): FactBody {
  return { kind: 'noted', note: text };
}

function unclear(text: string): FactBody {
  return { kind: 'noted', note: `${text} has to be looked at`, flag: true };
}

/** A whole number from 1 on; the tester sends names of fields. */
function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

/** `2020-05-20`, with or without a time behind it. */
function dayIn(text: string | undefined): Day | undefined {
  const day = text?.slice(0, 10);
  return day !== undefined && isDay(day) && day > '1970-01-01' ? day : undefined;
}

/** `event_time` is UTC, `2020-05-20 23:26:01`; milliseconds since 1970-01-01. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time) || dayOf(time) < '1970-01-02' ? undefined : time;
}
