/** The items of a charge's order by subscription: in a co-term group, one order charges several subscriptions. */
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { amountOf, isRecord, type Loose, listOf, numberOf, recordOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { chargeSubject, orderKey, orderNames } from './order-names.ts';
import { isProrated } from './orders.ts';
import { idOf, pathOf } from './references.ts';
import type { Told } from './told.ts';

/** A subscription that only items of the charge's order name. */
export interface ChargedBeside {
  readonly id: string;
  /** The subscription; empty where its items have only its id. */
  readonly told: Loose;
  /** The message, as far as it is about this subscription too. */
  readonly data: Loose;
}

/** The items that belong to the subscription; all items where no item names a subscription. */
export function itemsOf(order: Loose, subscription: string): Loose[] {
  const items = listOf(order['items']);
  const owners = items.map(ownerOf);
  return owners.every((owner) => owner === undefined)
    ? items
    : items.filter((_, place) => owners[place] === subscription);
}

function ownerOf(item: Loose): string | undefined {
  return idOf(item['subscription'], 'subscription') ?? idOf(item['parentSubscription'], 'subscription');
}

/**
 * The subscriptions that are charged with the `named`, of which the event is. An event of their own is not promised, and
 * would be of the same charge. Items that may be something else than a period of their subscription are flagged.
 */
export function readBeside(
  data: Loose,
  named: readonly string[],
): { readonly charges: readonly ChargedBeside[]; readonly flags: readonly Told[] } {
  const order = recordOf(data['order']);
  const items = listOf(order['items']);
  const [first] = named;
  const names = orderNames(data['order']);
  const isOwn = items.some((item) => named.includes(ownerOf(item) ?? ''));
  if (first === undefined || chargeSubject(names) === undefined || !isOwn) return NOBODY;
  const charge = orderKey(names);
  const of = `order ${names.reference ?? charge}`;
  const charges: ChargedBeside[] = [];
  const flags: Told[] = [];
  const flag = (id: string, owner: string, note: string) =>
    flags.push({
      subject: subscriptionSubject(id),
      key: `unclear:items:${charge}:${owner}`,
      body: noted(note, 'unclear'),
    });
  for (const [id, own] of Map.groupBy(items, ownerOf)) {
    if (id === undefined) {
      const paths = own.map((item) => pathOf(item['product']) ?? 'an unnamed item').join(', ');
      flag(
        first,
        '',
        `the charge of ${of} has an item of no subscription (${paths}): no license was renewed for it`,
      );
    } else if (!named.includes(id)) {
      if (isPeriod(own, items))
        charges.push({ id, told: toldIn(own), data: { ...data, ...sharedIn(data, order) } });
      else
        flag(
          id,
          id,
          `the charge of ${of} has items of this subscription, and does not say that they pay for a period: no license was renewed for them`,
        );
    }
  }
  return { charges, flags };
}

const NOBODY = { charges: [], flags: [] } as const;

/** Not only an add-on's items, not free beside paid items, and not whole beside a proration. */
function isPeriod(own: readonly Loose[], all: readonly Loose[]): boolean {
  const isNamed = own.some((item) => idOf(item['subscription'], 'subscription') !== undefined);
  const isUnpaid = (item: Loose) => amountOf(item['subtotal']) === 0;
  if (!isNamed || (own.every(isUnpaid) && !all.every(isUnpaid))) return false;
  return own.some(isProrated) === all.some(isProrated);
}

function toldIn(items: readonly Loose[]): Loose {
  return recordOf(items.map((item) => item['subscription']).find(isRecord));
}

/** The period's number is of the event's subscription, and the money of the whole order. */
function sharedIn(data: Loose, order: Loose): Loose {
  return { sequence: null, total: numberOf(order['total']) ?? data['total'] };
}
