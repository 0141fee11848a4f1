/** `order.completed`, and the events of orders that were not completed. */
import { languageNote } from '../../domain/announcements/language.ts';
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import { languageOfTag } from '../country-language.ts';
import { amountOf, isRecord, type Loose, listOf, numberOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import {
  aliasFacts,
  chargeAlias,
  type OrderNames,
  orderKey,
  orderNames,
  saleSubject,
} from './order-names.ts';
import { idOf } from './references.ts';
import { datedFacts, isTrial, startsWithTrial } from './subscription-state.ts';
import type { Reading, Told } from './told.ts';
import { isOfOthers, readWare, tooMany, type Ware, type WareFault } from './wares.ts';

/** A line of the order: the items of one path. */
interface Line {
  readonly ware: Ware;
  readonly subscription: string | undefined;
  readonly companion: boolean;
  /** Undefined where an item has no amount. */
  readonly price: number | undefined;
  readonly trial: boolean;
  readonly faults: readonly WareFault[];
}

/**
 * A line for each path: bundles, add-ons and cross-sells are items like others. `isAddon` says nothing, since
 * ordinary items have it too. A path that no product file has becomes a fact too (28).
 */
export function completedFacts(reading: Reading): Told[] {
  const { data, mode } = reading;
  const names = orderNames(data);
  const subject = saleSubject(names);
  if (subject === undefined) return [];
  const items = listOf(data['items']);
  return [
    ...aliasFacts(names),
    ...chargedFacts(subject, names, data),
    ...languageFacts(subject, names, items, reading),
    ...lineFacts(subject, names, items, reading),
    ...items.flatMap(expandedDates),
    ...items.flatMap((item) => prorationAlias(item, names)),
    ...(mode === 'test' ? [voidLive(subject)] : []),
  ];
}

function chargedFacts(subject: Subject, names: OrderNames, data: Loose): Told[] {
  const total = amountOf(data['total']);
  if (total === undefined) return [];
  const currency = textOf(data['currency']) ?? null;
  return [{ subject, key: `charged:${orderKey(names)}`, body: { kind: 'charged', total, currency } }];
}

/** FastSpring states the language of the checkout, such as `de`. */
function languageFacts(
  subject: Subject,
  names: OrderNames,
  items: readonly Loose[],
  { data, findProduct }: Reading,
): Told[] {
  const products = items.flatMap((item) => readWare(item, findProduct)?.product ?? []);
  const body = languageNote(languageOfTag(textOf(data['language'])), products);
  return body === undefined ? [] : [{ subject, key: `language:${orderKey(names)}`, body }];
}

function lineFacts(
  subject: Subject,
  names: OrderNames,
  items: readonly Loose[],
  { data, findProduct }: Reading,
): Told[] {
  const order = orderKey(names);
  const isFree = numberOf(data['total']) === 0;
  const isNet = isNetOfDiscounts(data, items);
  const lines = new Map<string, Line>();
  const facts: Told[] = [];
  // Nothing says that it is of no interest, so it is not taken for an order of other products.
  if (items.length === 0) {
    const note = 'the order names no item that can be read: nothing was issued for it';
    facts.push({ subject, key: `unread:${order}`, body: noted(note, 'undelivered') });
  }
  for (const [place, item] of items.entries()) {
    const ware = readWare(item, findProduct);
    if (ware === undefined) {
      const why = isOfOthers(item, findProduct) ? 'unclear' : 'undelivered';
      const note = `item ${place + 1} of the order names no product, or less than one unit: nothing was issued for it`;
      facts.push({ subject, key: `unread:${order}:${place}`, body: noted(note, why) });
      continue;
    }
    const line = readLine(item, ware, isFree, isNet);
    const name = nameOf(line, lines);
    const before = lines.get(name);
    lines.set(name, before === undefined ? line : addUp(before, line));
  }
  const first = new Set<string>();
  for (const line of [...lines.values()].sort(bySubscription)) {
    const isFirst = first.size < first.add(line.ware.line).size;
    const part = isFirst ? line.ware.line : `${line.ware.line}:${line.subscription}`;
    const excess = tooMany(line.ware);
    if (excess === undefined) {
      facts.push({ subject, key: `sold:${order}:${part}`, body: soldBody(line) });
    }
    const faults = new Map([...line.faults, ...(excess ? [excess] : [])].map((fault) => [fault.note, fault]));
    for (const [place, { why, note }] of [...faults.values()].entries()) {
      facts.push({ subject, key: `${why}:${order}:${part}:${place}`, body: noted(note, why) });
    }
  }
  return facts;
}

/**
 * The documentation defines `subtotal` as the amount before discounts; in a capture it is the amount after them. What comes
 * nearer to `total` decides, and where nothing tells, the amount after them: with too low a price, a partial return would
 * revoke a unit.
 */
function isNetOfDiscounts(order: Loose, items: readonly Loose[]): boolean {
  const [total, subtotal, tax = 0] = [order['total'], order['subtotal'], order['tax']].map(amountOf);
  if (total === undefined) return true;
  const sumOf = (name: 'subtotal' | 'discount') =>
    items.reduce((sum, item) => sum + (amountOf(item[name]) ?? 0), 0);
  const discounts = sumOf('discount');
  const rest = (subtotal ?? sumOf('subtotal')) + tax - total;
  return Math.abs(rest) <= Math.abs(rest - discounts);
}

function readLine(item: Loose, ware: Ware, isFree: boolean, isNet: boolean): Line {
  const own = idOf(item['subscription'], 'subscription');
  const parent = idOf(item['parentSubscription'], 'subscription');
  const subscription = isRecord(item['subscription']) ? item['subscription'] : {};
  const discount = isNet ? 0 : (numberOf(item['discount']) ?? 0);
  const price = (numberOf(item['subtotal']) ?? Number.NaN) - discount;
  return {
    ware,
    subscription: own ?? parent,
    companion: own === undefined && parent !== undefined,
    price: price >= 0 ? price : undefined,
    trial: isTrial(subscription) || (isFree && startsWithTrial(subscription)),
    faults: ware.faults,
  };
}

/** The same path for two subscriptions is two lines with separate licenses. */
function nameOf({ ware, subscription, companion }: Line, lines: ReadonlyMap<string, Line>): string {
  const isTold = subscription !== undefined && !companion;
  const same = [...lines].find(
    ([, line]) =>
      line.ware.line === ware.line && (!isTold || line.companion || line.subscription === undefined),
  );
  return same?.[0] ?? `${ware.line} ${isTold ? subscription : ''}`;
}

/** A fixed order of two lines, however the marketplace sorts its items. */
function bySubscription(a: Line, b: Line): number {
  const [one, other] = [a.subscription ?? '', b.subscription ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The same path twice in one order is one line. */
function addUp(a: Line, b: Line): Line {
  const note = `${a.ware.line} is in the order twice, with a subscription and without: the line follows the first`;
  return {
    ...a,
    ware: { ...a.ware, quantity: a.ware.quantity + b.ware.quantity },
    price: a.price === undefined || b.price === undefined ? undefined : a.price + b.price,
    trial: a.trial && b.trial,
    faults: [
      ...a.faults,
      ...b.faults,
      ...(a.subscription === b.subscription ? [] : [{ why: 'unclear' as const, note }]),
    ],
  };
}

function soldBody({ ware, subscription, companion, price, trial }: Line): FactBody {
  return {
    kind: 'sold',
    product: ware.product?.id ?? null,
    quantity: ware.quantity,
    line: ware.line,
    ...(subscription !== undefined && { subscription }),
    ...(companion && { companion }),
    ...(ware.features && { features: ware.features }),
    ...(ware.per !== undefined && { per: ware.per }),
    ...(price !== undefined && { price }),
    ...(trial && { trial }),
  };
}

/** With webhook expansion, the order contains its subscriptions as objects. */
function expandedDates({ subscription }: Loose): Told[] {
  const id = idOf(subscription, 'subscription');
  return id !== undefined && isRecord(subscription) ? datedFacts(id, subscription) : [];
}

/** It is not documented whether a proration's order is reported as completed too. If so, it is a charge. */
function prorationAlias(item: Loose, names: OrderNames): Told[] {
  const id = idOf(item['subscription'], 'subscription');
  return id !== undefined && isProrated(item) ? chargeAlias(names, id) : [];
}

/** The amounts of a plan change; all are 0 on ordinary items. */
export function isProrated(item: Loose): boolean {
  return PRORATION_AMOUNTS.some((name) => (numberOf(item[name]) ?? 0) !== 0);
}

const PRORATION_AMOUNTS = [
  'proratedItemChangeAmount',
  'proratedItemProratedCharge',
  'proratedItemCreditAmount',
  'proratedItemTaxAmount',
  'proratedItemTotal',
] as const;

/** A license request does not always say that it is a test; the event does (44). */
function voidLive(subject: Subject): Told {
  return { subject, key: `test:${subject}`, body: { kind: 'voided', test: true }, mode: 'live' };
}

/** The order was not completed, and nothing was paid for it. One that was completed is paid, and only a return takes that back. */
export function canceledOrderFacts({ data }: Reading): Told[] {
  const names = orderNames(data);
  const subject = saleSubject(names);
  if (subject === undefined) return [];
  const body = { kind: 'voided', unsold: true } as const;
  return [...aliasFacts(names), { subject, key: `voided:${orderKey(names)}`, body }];
}

/** One attempt to pay failed. It is not documented whether a later successful attempt keeps the order's names. */
export function failedOrderFacts({ data, created }: Reading): Told[] {
  const names = orderNames(data);
  const subject = saleSubject(names);
  if (subject === undefined) return [];
  const note =
    'a payment of this order failed: if licenses of it were delivered, look at the order in FastSpring';
  return [
    ...aliasFacts(names),
    { subject, key: `order.failed:${orderKey(names)}:${created}`, body: noted(note, 'unclear') },
  ];
}
