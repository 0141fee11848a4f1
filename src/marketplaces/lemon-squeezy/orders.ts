/** Reads orders into facts: sales, and money that went back. An order is the first charge of its subscriptions. */
import type { FactBody } from '../../domain/facts/fact.ts';
import { awaitedRest } from '../../domain/sales/awaited-lines.ts';
import type { FlagKind } from '../../domain/values/flag.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { amountOf, type Loose, recordOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import { noted } from '../noted.ts';
import { momentIn } from '../rfc3339.ts';
import type { Told } from '../told.ts';
import { fetchedItems, itemOf, type OrderItem, seemsToHaveMore } from './order-items.ts';
import type { Reading } from './told.ts';
import { amountsText, returnedOf } from './values.ts';

/** Statuses of an order that was paid, whatever came back later. */
const SOLD: ReadonlySet<string> = new Set(['paid', 'refunded', 'partial_refund', 'fraudulent']);

const REMEDY =
  'Set LEMON_SQUEEZY_API_KEY, so that they are fetched, or issue what is missing by `license issue`.';

/** Whether the order was paid, so that it has items to be known. */
export function isSale(attributes: Loose): boolean {
  return SOLD.has(textOf(attributes['status']) ?? '');
}

export function orderFacts(reading: Reading): Told[] {
  const { id, attributes, at } = reading;
  const subject = orderSubject(id);
  const fact = (key: string, body: FactBody): Told => ({ subject, key: `${key}:${id}`, body });
  const status = textOf(attributes['status']) ?? 'none';
  if (!isSale(attributes)) return [fact(`${status}:${at}`, unpaid(status))];
  const item = itemOf(recordOf(attributes['first_order_item']));
  const rest = { subject, key: `rest:${id}`, body: awaitedRest(REMEDY), at: soldAt(reading) };
  return [
    ...itemFacts(item === undefined ? [] : [item], reading),
    ...(seemsToHaveMore(attributes) || item === undefined ? [rest] : []),
    ...chargedFacts(reading),
    ...returnFacts(reading),
    ...(status === 'fraudulent'
      ? [fact('fraudulent', { kind: 'charged-back' }), fact('judged', JUDGED)]
      : []),
  ];
}

/** All items of an order, which its event lacks. */
export function completedFacts(reading: Reading, fetched: unknown): Told[] {
  const { id, attributes } = reading;
  const { items, unread } = fetchedItems(fetched, itemOf(recordOf(attributes['first_order_item'])));
  if (items.length === 0) return [];
  const isTwice = new Set(items.map(({ variant }) => variant)).size < items.length;
  const body = noted(`the order has ${items.length} items`);
  const twice = { subject: orderSubject(id), key: `twice:${id}`, body: TWICE };
  // Earlier than the placeholder of the same key, whose place it takes.
  const known = { subject: orderSubject(id), key: `rest:${id}`, body, at: soldAt(reading) - 1 };
  const lost = noted(`${unread} items of the order name no variant, and have no license`, 'undelivered');
  return [
    ...itemFacts(items, reading),
    known,
    ...(isTwice ? [twice] : []),
    ...(unread > 0 ? [{ subject: orderSubject(id), key: `unread:${id}`, body: lost }] : []),
  ];
}

/** Whether such an order has a subscription for each item is not documented. */
const TWICE = noted(
  'two items of the order are of one variant, and count as units of one: if each has a subscription, see which licenses go on',
  'unclear',
);

/** The time of the order, which all its events state. */
function soldAt({ attributes, at }: Reading): number {
  return momentIn(attributes['created_at']) ?? at;
}

const JUDGED = noted('Lemon Squeezy judged the order fraudulent', 'unclear');

function unpaid(status: string): FactBody {
  switch (status) {
    case 'pending':
      return noted('the order is not paid yet');
    case 'failed':
      return noted('the order was not paid');
    default:
      return noted(`the order's status is not known: ${status}`, 'unclear');
  }
}

function itemFacts(items: readonly OrderItem[], reading: Reading): Told[] {
  const { id, attributes, findProduct } = reading;
  const subject = orderSubject(id);
  // A discount of 100 % is a sale; nothing to pay without a discount is the beginning of a trial.
  const isTrial = amountOf(attributes['total']) === 0 && !((amountOf(attributes['discount_total']) ?? 0) > 0);
  return items.map(({ id: item, variant, product: sold, quantity, isAssumed, again }) => {
    const product = findProduct(variant, sold);
    const fault = faultOf(variant, quantity, mostUnits(product));
    if (fault !== undefined) {
      return { subject, key: `${fault.why}:${id}:${item ?? variant}`, body: noted(fault.note, fault.why) };
    }
    const body: FactBody = {
      kind: 'sold',
      product: product?.id ?? null,
      line: variant,
      quantity,
      ...(isAssumed && { assumed: true }),
      ...(isTrial && { trial: true }),
    };
    // A stated quantity counts before an assumed one.
    const at = soldAt(reading) + (isAssumed ? 1 : 0);
    return { subject, key: `sold:${id}:${again ?? variant}`, body, at };
  });
}

function faultOf(
  variant: string,
  quantity: number,
  most: number,
): { readonly why: FlagKind; readonly note: string } | undefined {
  if (quantity < 1) return { why: 'undelivered', note: `${variant} is sold with a quantity of ${quantity}` };
  if (quantity <= most) return undefined;
  return {
    why: 'too-many-units',
    note: `${variant} has ${quantity} units, of at most ${most}: none was read`,
  };
}

function chargedFacts(reading: Reading): Told[] {
  const { id, attributes } = reading;
  const { total, currency } = returnedOf(attributes);
  if (total === undefined) return [];
  const body = { kind: 'charged', total, currency: currency ?? null } as const;
  return [{ subject: orderSubject(id), key: `charged:${id}`, body, at: soldAt(reading) }];
}

/** Neither lines nor units are named, so a part is for a person to decide. */
function returnFacts({ id, type, attributes }: Reading): Told[] {
  const subject = orderSubject(id);
  const returned = returnedOf(attributes);
  switch (returned.extent) {
    case 'none':
      return type === 'order_refunded'
        ? [{ subject, key: `no-part:${id}`, body: unstated(`order ${id}`) }]
        : [];
    case 'whole':
      return [{ subject, key: `refunded:${id}`, body: { kind: 'refunded' } }];
    default:
      return [{ subject, key: `part:${id}:${returned.amount}`, body: partNote(returned, `order ${id}`) }];
  }
}

/** A refund whose amounts say that nothing came back. */
export function unstated(of: string): ReturnType<typeof noted> {
  return noted(
    `a refund of ${of} is told, and not how much came back: nothing was revoked`,
    'partial-refund',
  );
}

/** A part of a charge came back: nothing is revoked. */
export function partNote(returned: ReturnType<typeof returnedOf>, of: string): ReturnType<typeof noted> {
  const doubt = returned.extent === 'unclear' ? ', though it is called refunded' : '';
  return noted(
    `${amountsText(returned)} of ${of} came back so far${doubt}: nothing was revoked`,
    'partial-refund',
  );
}
