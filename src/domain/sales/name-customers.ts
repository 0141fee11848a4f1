/** Sets the customer of an order's licenses from an event, where no customer is known yet. */

import type { LedgerLicense } from '../changes.ts';
import type { Draft } from '../draft.ts';
import type { MarketplaceEvent } from '../facts/event.ts';
import { normalizeAddress } from '../values/address.ts';
import type { Customer } from '../values/order.ts';
import { orderOf, subscriptionSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';

/** Further people of an order: the receiver or the buyer of a gift. */
export interface OtherPeople {
  readonly order: string;
  readonly customers: readonly Customer[];
}

/** Sets the customers in the draft, the receiver before the buyer. Returns the people to keep beside the customer. */
export function nameCustomers(draft: Draft, people: MarketplaceEvent['people'], view: View): OtherPeople[] {
  const byOrder = new Map<string, Customer[]>();
  for (const { subject, customer } of people) {
    const name = view.names.of(subject);
    const order = orderOf(name) ?? name;
    for (const holder of holdersOf(order, draft, view)) {
      byOrder.set(holder, [...(byOrder.get(holder) ?? []), customer]);
    }
  }
  return [...byOrder].flatMap(([order, named]) => {
    const licenses = draft.licenses.filter((license) => license.order === order);
    const customers = nameOrder(draft, licenses, named);
    return customers.length === 0 ? [] : [{ order, customers }];
  });
}

/** The orders that identify the licenses of an order's lines: the order itself or its subscriptions. */
function holdersOf(order: string, { licenses }: Draft, { lines }: View): readonly string[] {
  const isLicensed = (home: string) => licenses.some((license) => license.order === home);
  const homes = lines.flatMap(({ order: sale, home, subscription }) => {
    if (sale !== order) return [];
    // If a charge arrived before its order, the subscription's licenses are the order's licenses.
    return [isLicensed(home) || subscription === null ? home : subscriptionSubject(subscription)];
  });
  return homes.length > 0 ? [...new Set(homes)] : [order];
}

function nameOrder(
  draft: Draft,
  licenses: readonly LedgerLicense[],
  customers: readonly Customer[],
): readonly Customer[] {
  const [first] = customers;
  if (licenses.length === 0 || first === undefined) return [];
  const known = licenses.find(({ customer }) => customer !== null);
  // An erased customer stays the customer of the order's other units.
  const customer = known?.customer ?? first;
  if (typeof customer === 'object' && customer.name === undefined && customer.email === undefined) return [];
  for (const license of licenses) if (license.customer === null) draft.touch(license, { customer });
  const holder = known === undefined ? first : known.holder;
  return customers.filter(({ email }) => email !== undefined && !isSame(email, holder?.email));
}

function isSame(email: string, known: string | undefined): boolean {
  return known !== undefined && normalizeAddress(email) === normalizeAddress(known);
}
