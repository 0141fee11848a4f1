/** What FastSpring tells of subscriptions: dates are set from what it says, never added up. */
import type { FactBody, Subject } from '../../domain/fact.ts';
import { dayIn, type Reading, type Told, unitsIn } from './events.ts';
import { idOf, isRecord, type Loose, numberOf, textOf } from './loose.ts';

/** States in which the next charge will not come, though its date may still be there. */
const ENDING = new Set(['canceled', 'deactivated']);

/** Both may be told: an event about a subscription is the subscription, or has it. */
export function subscriptionFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const within = data['subscription'];
  const subscription = isRecord(within) ? within : data;
  // A charge's own id is not the subscription's; only an event that is the subscription has it in `id`.
  const id = idOf(within) ?? (within === undefined ? idOf(data) : undefined);
  if (id === undefined) return [];
  return factsOf(type.slice('subscription.'.length), id, subscription, reading);
}

/** A group's event concerns each of its subscriptions, told as ids or whole. */
export function readGroup(reading: Reading): Told[] {
  const { type, data, created } = reading;
  const kind = type.slice('subscription.group.'.length);
  const name = GROUP_KINDS[kind];
  if (name === undefined) return [];
  const members = Array.isArray(data['subscriptions']) ? data['subscriptions'] : [];
  return members.flatMap((member: unknown) => {
    const id = idOf(member);
    if (id === undefined) return [];
    const subscription = isRecord(member) ? member : {};
    const facts = factsOf(
      name,
      id,
      { nextChargeDate: data['cotermNextChargeDate'], ...subscription },
      reading,
    );
    return facts.map((fact, place) => ({ ...fact, key: fact.key ?? `${type}:${id}:${created}:${place}` }));
  });
}

/** What a group's event is called for one of its members. */
const GROUP_KINDS: Readonly<Record<string, string>> = {
  created: 'activated',
  prorated: 'updated',
  updated: 'updated',
  'payment.reminder': 'payment.reminder',
  'payment.charge.completed': 'charge.completed',
  'payment.charge.failed': 'charge.failed',
  'payment.overdue': 'payment.overdue',
  deactivated: 'deactivated',
};

function factsOf(kind: string, id: string, subscription: Loose, reading: Reading): Told[] {
  const { type, data, created } = reading;
  const subject: Subject = `subscription:${id}`;
  const tell = (body: FactBody): Told => ({ subject, body });
  switch (kind) {
    case 'activated':
      return [...linkTo(id, subscription, reading), ...dated(subject, subscription)];
    case 'updated':
      return [
        ...linkTo(id, subscription, reading),
        ...dated(subject, subscription),
        ...resized(subject, subscription, reading),
      ];
    case 'charge.completed':
      return charged(id, subscription, reading);
    case 'charge.failed':
      return [
        tell({
          kind: 'noted',
          note: `charge failed: ${textOf(data['reason'])?.slice(0, 100) ?? 'no reason told'}`,
        }),
      ];
    case 'payment.reminder':
    case 'trial.reminder':
      return [tell({ kind: 'noted', note: kind })];
    case 'payment.overdue':
      return [tell({ kind: 'overdue' })];
    case 'canceled': {
      const last = dayIn(subscription, 'deactivationDate', 'end');
      return [
        tell(last === undefined ? unclear(type, 'has no deactivationDate') : { kind: 'canceled', last }),
      ];
    }
    case 'uncanceled':
      return [tell({ kind: 'uncanceled' }), ...dated(subject, subscription)];
    case 'deactivated': {
      const on = dayIn(subscription, 'deactivationDate', 'end') ?? dayIn({ created }, 'created');
      return [tell(on === undefined ? unclear(type, 'has no date') : { kind: 'deactivated', on })];
    }
    case 'paused':
      return [tell({ kind: 'paused' })];
    case 'resumed':
      return [tell({ kind: 'resumed' }), ...dated(subject, subscription)];
    default:
      return [];
  }
}

function unclear(type: string, why: string): FactBody {
  return { kind: 'noted', note: `${type} ${why}`, flag: true };
}

/** Newer payloads name the first order; in older ones the order's own event ties the two (2024 and before). */
function linkTo(id: string, subscription: Loose, { findProduct }: Reading): Told[] {
  const reference = textOf(subscription['initialOrderReference']);
  const orderId = textOf(subscription['initialOrderId']);
  const subject: Subject | undefined = reference
    ? `order:${reference}`
    : orderId
      ? `order-id:${orderId}`
      : undefined;
  if (subject === undefined) return [];
  const product = findProduct(pathOf(subscription) ?? '')?.id;
  return [
    { subject, key: `linked:${id}`, body: { kind: 'linked', subscription: id, ...(product && { product }) } },
  ];
}

/** The day of the next charge, where a subscription is told whole. */
export function dated(subject: Subject, subscription: Loose): Told[] {
  const until = nextCharge(subscription);
  if (until === undefined) return [];
  return [{ subject, body: { kind: 'dated', until, sequence: numberOf(subscription['sequence']) ?? null } }];
}

/** Unless the subscription is about to end. */
function nextCharge(subscription: Loose): string | undefined {
  if (ENDING.has(textOf(subscription['state']) ?? '')) return undefined;
  return dayIn(subscription, 'nextChargeDate', 'next');
}

function resized(subject: Subject, subscription: Loose, { findProduct }: Reading): Told[] {
  const product = findProduct(pathOf(subscription) ?? '');
  // The seller's own number goes over what was bought.
  const counted =
    unitsIn(attributesOf(subscription)['mintmark_quantity']) ?? unitsIn(subscription['quantity']);
  if (product === undefined || counted === undefined || counted < 1) return [];
  return [{ subject, body: { kind: 'resized', product: product.id, quantity: counted } }];
}

/** The seller's own choice, as on the order's item; else a variation's own path, also where the product is told whole. */
function pathOf(subscription: Loose): string | undefined {
  const product = subscription['product'];
  return (
    textOf(attributesOf(subscription)['mintmark_product']) ??
    (isRecord(product) ? textOf(product['product']) : textOf(product))
  );
}

/** Those of the product stand on the subscription too, or on the product alone where it is told whole. */
function attributesOf({ attributes, product }: Loose): Loose {
  const ofProduct = isRecord(product) && isRecord(product['attributes']) ? product['attributes'] : {};
  return { ...ofProduct, ...(isRecord(attributes) && attributes) };
}

/**
 * Rebills and prorations alike. Without expansion there is no date, and the product's term is assumed. The charge's
 * order is its own: a return or chargeback of it concerns this subscription.
 */
function charged(id: string, subscription: Loose, { data }: Reading): Told[] {
  const subject: Subject = `subscription:${id}`;
  const sequence = numberOf(data['sequence']) ?? numberOf(subscription['sequence']) ?? null;
  const until = nextCharge(subscription) ?? null;
  const order = idOf(data['order']);
  const paid: Told = {
    subject,
    ...(order !== undefined && { key: `charge:${id}:${order}` }),
    body: ENDING.has(textOf(subscription['state']) ?? '')
      ? { kind: 'noted', note: 'charged while ending' }
      : { kind: 'paid', until, sequence },
  };
  const reference = isRecord(data['order']) ? textOf(data['order']['reference']) : undefined;
  const names: Subject[] = [
    ...(order === undefined ? [] : [`order-id:${order}` as const]),
    ...(reference === undefined ? [] : [`order:${reference}` as const]),
  ];
  const aliases = names.map(
    (name): Told => ({ subject: name, key: `rebill:${id}:${name}`, body: { kind: 'alias', of: subject } }),
  );
  return [paid, ...aliases];
}
