/** Who holds the licenses of an order, as an event tells it: the first one where nobody is known yet. */

import { normalizeAddress } from './address.ts';
import type { LedgerLicense } from './changes.ts';
import type { Draft } from './draft.ts';
import type { MarketplaceEvent } from './event.ts';
import type { Customer } from './order.ts';
import { orderOf, subscriptionSubject } from './order-subject.ts';
import type { View } from './view.ts';

/** People of an order beside its customer: the receiver or the buyer of a gift. */
export interface OtherPeople {
  readonly order: string;
  readonly customers: readonly Customer[];
}

/** Names them in the draft, the receiver first, then the buyer; those who are left are to be kept beside the customer. */
export function nameCustomers(draft: Draft, people: MarketplaceEvent['people'], view: View): OtherPeople[] {
  if (people.length === 0) return [];
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

/** The orders by which the licenses of an order's lines are identified: its own, or its subscriptions. */
function holdersOf(order: string, { licenses }: Draft, { lines }: View): readonly string[] {
  const isLicensed = (home: string) => licenses.some((license) => license.order === home);
  const homes = lines.flatMap(({ order: sale, home, subscription }) => {
    if (sale !== order) return [];
    // Where a charge came before its order, the order's licenses are those of its subscriptions.
    return [isLicensed(home) || subscription === null ? home : subscriptionSubject(subscription)];
  });
  return homes.length > 0 ? [...new Set(homes)] : [order];
}

function nameOrder(
  draft: Draft,
  licenses: readonly LedgerLicense[],
  customers: readonly Customer[],
): readonly Customer[] {
  const [first, ...others] = customers;
  if (licenses.length === 0 || first === undefined) return [];
  const known = licenses.find(({ customer }) => customer !== null);
  // Also the other units of one who was erased meanwhile.
  const customer = known?.customer ?? first;
  if (typeof customer === 'object' && customer.name === undefined && customer.email === undefined) return [];
  for (const license of licenses) if (license.customer === null) draft.touch(license, { customer });
  const rest = known === undefined ? others : customers;
  const holder = known === undefined ? first : known.holder;
  return rest.filter(({ email }) => email !== undefined && !isSame(email, holder?.email));
}

function isSame(email: string, known: string | undefined): boolean {
  return known !== undefined && normalizeAddress(email) === normalizeAddress(known);
}
