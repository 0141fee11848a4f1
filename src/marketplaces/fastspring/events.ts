/** FastSpring's events, read into facts. Every reference may be an id or an object (webhook expansion). */
import { dayOf } from '../../domain/day.ts';
import type { MarketplaceEvent } from '../../domain/event.ts';
import type { FactBody, Subject } from '../../domain/fact.ts';
import { type Customer, LARGEST_QUANTITY, type Mode } from '../../domain/order.ts';
import { AppError } from '../../errors.ts';
import { findCodes } from '../../license-code/find-codes.ts';
import { idOf, isRecord, type Loose, listOf, numberOf, textOf } from './loose.ts';
import type { FindByPath } from './products.ts';
import { returnFacts } from './returns.ts';
import { dated, readGroup, subscriptionFacts } from './subscriptions.ts';

/** A fact before it is known whose event it is. */
export interface Told {
  readonly subject: Subject;
  /** Unique among FastSpring's facts; without one, the event's type and time make it. */
  readonly key?: string;
  readonly body: FactBody;
  /** For the other mode: a test order that was taken for a live one. */
  readonly mode?: 'live';
}

/** What the readers of single events are given. */
export interface Reading {
  readonly type: string;
  readonly data: Loose;
  readonly mode: Mode;
  /** FastSpring's own time, milliseconds since 1970-01-01. */
  readonly created: number;
  readonly findProduct: FindByPath;
}

/** One event of a batch, its payload verbatim. Throws AppError `malformed_request` for what is no event. */
export function readEvent(payload: string, findProduct: FindByPath): MarketplaceEvent {
  const head = readHead(payload);
  const { data, ...rest } = head;
  const reading: Reading = { type: head.type, data, mode: head.mode, created: head.at, findProduct };
  const told = factsOf(reading);
  // Without its time it is neither earlier nor later than another, and a license would begin in 1970.
  if (told.length > 0 && head.at === 0) throw new AppError('malformed_request', 'An event has no time.');
  const facts = told.filter(namesSomething).map(({ subject, key, body, mode }, place) => ({
    marketplace: 'fastspring' as const,
    mode: mode ?? head.mode,
    subject,
    key: key ?? `${head.type}:${subject}:${head.at}:${place}`,
    at: head.at,
    cause: `${head.type} ${head.id}${isUndated(body) ? UNDATED : ''}`,
    body,
  }));
  return { ...rest, facts, people: peopleOf(reading), codes: codesOf(reading) };
}

/** For the history, where a payment does not say until when. */
export const UNDATED = " (tells no date: the product's term, until one is told)";

function isUndated(body: FactBody): boolean {
  return body.kind === 'paid' && body.until === null;
}

/** An event may lack the very id that it is about. */
function namesSomething({ subject }: Told): boolean {
  return !subject.endsWith(':');
}

/** What is told of every event, whatever its type, so that one that cannot be read further is kept all the same. */
export function readHead(payload: string) {
  const event: unknown = JSON.parse(payload);
  const [id, type] = isRecord(event) ? [textOf(event['id']), textOf(event['type'])] : [];
  if (!isRecord(event) || id === undefined || type === undefined) {
    throw new AppError('malformed_request', 'An event has no id or no type.');
  }
  const data = isRecord(event['data']) ? event['data'] : {};
  // Where the two disagree it is a test: a test order never gets a live code.
  const mode = event['live'] === true && data['live'] !== false ? ('live' as const) : ('test' as const);
  const at = timeIn(event['created']) ?? 0;
  return { marketplace: 'fastspring' as const, mode, id, type, at, payload, data };
}

function factsOf(reading: Reading): readonly Told[] {
  const { type, data } = reading;
  if (type.startsWith('subscription.group.')) return readGroup(reading);
  if (type.startsWith('subscription.')) return subscriptionFacts(reading);
  switch (type) {
    case 'order.completed':
      return orderFacts(reading);
    case 'order.canceled':
    case 'order.failed':
      return [
        ...aliasOf(data),
        { subject: orderSubject(data), key: `voided:${orderSubject(data)}`, body: { kind: 'voided' } },
      ];
    case 'return.created':
      return returnFacts(reading);
    case 'chargeback.created':
      return chargebackFacts(data);
    case 'fulfillment.failed':
      return [failedFulfillment(data)];
    default:
      return [];
  }
}

/** The order as its license requests name it. */
export function orderSubject(order: Loose): Subject {
  return `order:${textOf(order['reference']) ?? idOf(order) ?? ''}`;
}

function aliasOf(order: Loose): Told[] {
  const id = idOf(order);
  if (id === undefined) return [];
  return [
    { subject: `order-id:${id}`, key: `order:${id}`, body: { kind: 'alias', of: orderSubject(order) } },
  ];
}

/**
 * A license for each unit of each known product: bundles, add-ons, cross-sells and their like are items as others
 * are. `isAddon` means nothing (it stands on ordinary items); an add-on follows its parent's subscription.
 */
function orderFacts({ data, mode, findProduct }: Reading): Told[] {
  const subject = orderSubject(data);
  const sold = new Map<string, Extract<FactBody, { kind: 'sold' }>>();
  for (const item of listOf(data['items'])) {
    const attributes = isRecord(item['attributes']) ? item['attributes'] : {};
    const path = textOf(attributes['mintmark_product']) ?? textOf(item['product']) ?? idOf(item['product']);
    const product = path === undefined ? undefined : findProduct(path);
    const quantity = unitsIn(attributes['mintmark_quantity']) ?? unitsIn(item['quantity']) ?? 1;
    if (product === undefined || quantity < 1) continue;
    const before = sold.get(product.id);
    const subscription =
      before?.subscription ?? idOf(item['subscription']) ?? idOf(item['parentSubscription']);
    const named = textOf(attributes['mintmark_features'])?.split(/[\s,]+/);
    const features = named?.filter((name) => product.features.includes(name)) ?? before?.features;
    sold.set(product.id, {
      kind: 'sold',
      product: product.id,
      quantity: quantity + (before?.quantity ?? 0),
      ...(subscription && { subscription }),
      ...(features && { features }),
    });
  }
  const facts: Told[] = [...sold.values()].map((body) => ({
    subject,
    key: `sold:${subject}:${body.product}`,
    body,
  }));
  return [...aliasOf(data), ...facts, ...datesIn(data), ...(mode === 'test' ? [voidLive(subject)] : [])];
}

/**
 * Units bought, whole ones. Throws AppError `malformed_request` above what a license request may ask for: a slip in an
 * attribute would mint licenses for hours.
 */
export function unitsIn(value: unknown): number | undefined {
  const units = numberOf(value);
  if (units === undefined || units <= LARGEST_QUANTITY)
    return units === undefined ? units : Math.trunc(units);
  throw new AppError('malformed_request', `An item has more than ${LARGEST_QUANTITY} units.`);
}

/** With webhook expansion the order has its subscriptions whole. */
function datesIn(order: Loose): Told[] {
  return listOf(order['items']).flatMap(({ subscription }) => {
    const id = idOf(subscription);
    return id !== undefined && isRecord(subscription) ? dated(`subscription:${id}`, subscription) : [];
  });
}

/** A license request does not always tell that it is a test; the event does. No live code stays from a test order. */
function voidLive(subject: Subject): Told {
  return { subject, key: `test:${subject}`, body: { kind: 'voided' }, mode: 'live' };
}

/** It names the order by its internal id alone, which the order's own event ties to the reference. */
function chargebackFacts(data: Loose): Told[] {
  const order = idOf(data['order']);
  if (order === undefined) return [];
  const key = `chargeback:${textOf(data['processorCaseId']) ?? textOf(data['id']) ?? order}`;
  return [{ subject: `order-id:${order}`, key, body: { kind: 'charged-back' } }];
}

function failedFulfillment(data: Loose): Told {
  const note = `fulfillment failed: ${textOf(data['reason'])?.slice(0, 200) ?? 'no reason told'}`;
  const subject: Subject = `order:${textOf(data['reference']) ?? idOf(data['order']) ?? ''}`;
  return { subject, body: { kind: 'noted', note, flag: true } };
}

/** The gift's recipient where there is one, else the buyer. */
function peopleOf({ type, data }: Reading): MarketplaceEvent['people'] {
  if (type !== 'order.completed') return [];
  const [recipient] = listOf(data['recipients']).map((entry) => entry['recipient']);
  const person = isRecord(recipient) ? recipient : data['customer'];
  if (!isRecord(person)) return [];
  const name = [textOf(person['first']), textOf(person['last'])].filter(Boolean).join(' ') || undefined;
  const customer: Customer = { name: name?.slice(0, 200), email: textOf(person['email'])?.slice(0, 320) };
  return [{ subject: orderSubject(data), customer }];
}

/** `fulfillments` holds the licenses that were mailed, beside files and instructions. */
function codesOf({ type, data }: Reading): string[] {
  if (type !== 'order.completed') return [];
  return listOf(data['items'])
    .flatMap((item) => (isRecord(item['fulfillments']) ? Object.values(item['fulfillments']) : []))
    .flatMap((entries) => listOf(entries))
    .flatMap((entry) => findCodes(textOf(entry['license']) ?? ''));
}

/** The UTC day of a date in milliseconds. */
export function dayIn(data: Loose, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const time = numberOf(data[name]);
    if (time !== undefined && time > 0 && time < MOST_MILLISECONDS) return dayOf(time);
  }
  return undefined;
}

/** Whole milliseconds, of a time in which FastSpring could have said it. */
function timeIn(value: unknown): number | undefined {
  const time = Math.trunc(numberOf(value) ?? 0);
  return time >= FIRST_MILLISECONDS && time < MOST_MILLISECONDS ? time : undefined;
}

const FIRST_MILLISECONDS = Date.UTC(2000, 0, 1);

/** The end of the last day that a license code can hold. */
const MOST_MILLISECONDS = Date.UTC(2149, 5, 7);
