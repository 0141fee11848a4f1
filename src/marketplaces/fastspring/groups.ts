/** `subscription.group.*`: co-terminated subscriptions that are charged together. */

import { booleanOf, dayIn, isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { itemsOf } from './charge-items.ts';
import { chargeOf, paidFacts } from './charges.ts';
import { chargeAlias, type OrderNames, orderNames } from './order-names.ts';
import { idOf } from './references.ts';
import { besideFacts, chargedFacts, memberFacts } from './subscriptions.ts';
import type { Reading, Told } from './told.ts';

/** The equivalent event type for one member of a group. */
const MEMBER_KINDS: Readonly<Record<string, string>> = {
  created: 'activated',
  prorated: 'updated',
  updated: 'updated',
  'payment.reminder': 'payment.reminder',
  'payment.charge.completed': 'charge.completed',
  'payment.charge.failed': 'charge.failed',
  'payment.overdue': 'payment.overdue',
  deactivated: 'deactivated',
};

/** Concerns each member, given as an id or as an object. */
export function groupFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const kind = type.slice('subscription.group.'.length);
  const name = MEMBER_KINDS[kind];
  const members: readonly unknown[] = Array.isArray(data['subscriptions']) ? data['subscriptions'] : [];
  if (name === undefined) return [];
  const facts = members.flatMap((member): Told[] => {
    const id = idOf(member, 'subscription');
    if (id === undefined) return [];
    const told = recordOf(member);
    if (name === 'charge.completed')
      return isRecord(member) ? chargedFacts(id, told, reading) : idCharged(id, reading);
    return [...memberFacts(name, id, told, reading), ...formationFacts(kind, id, told, reading)];
  });
  if (name !== 'charge.completed') return facts;
  return [
    ...facts,
    ...besideFacts(
      members.flatMap((member) => idOf(member, 'subscription') ?? []),
      reading,
    ),
  ];
}

/** For a member without dates of its own: the group's next charge is its next charge. */
function idCharged(id: string, reading: Reading): Told[] {
  const until = dayIn(reading.data['cotermNextChargeDate']);
  return paidFacts({ ...chargeOf(id, {}, reading.data), until }, reading);
}

/** The customer is charged when a group is formed: that order is a charge of each member that it has items of, or may have (76). */
function formationFacts(kind: string, id: string, told: Loose, reading: Reading): Told[] {
  if (kind !== 'created' && kind !== 'prorated') return [];
  const { data } = reading;
  const order = recordOf(data['order']);
  const names = formationNames(data);
  // A sample in the documentation has `completed: false`: such an order exists and is not paid yet.
  const isPaid = isRecord(data['order']) && booleanOf(order['completed']) !== false;
  // A member that the order has no item of was not charged: it has the group's date already.
  const isOfOthers = listOf(order['items']).length > 0 && itemsOf(order, id).length === 0;
  if (isFirstOrder(told, names) || isOfOthers) return [];
  if (kind === 'created' || !isPaid) return chargeAlias(names, id);
  return paidFacts({ ...chargeOf(id, told, data), names, prorated: true }, reading);
}

/** The group was formed by the purchase of this member: the order is its sale, and no further charge of it. */
function isFirstOrder(told: Loose, { id, reference }: OrderNames): boolean {
  const first = [textOf(told['initialOrderId']), textOf(told['initialOrderReference'])];
  return [id, reference].some((name) => name !== undefined && first.includes(name));
}

function formationNames(data: Loose): OrderNames {
  const { id, reference } = orderNames(data['order']);
  return {
    id: id ?? textOf(data['cotermGroupOrderId']),
    reference: reference ?? textOf(data['cotermGroupOrderReference']),
  };
}
