/** The holders of an order's licenses: the recipients of a gift, and the buyer, so that a search finds both (23). */
import type { MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Subject } from '../../domain/facts/fact.ts';
import type { Customer } from '../../domain/values/order.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { customerOf } from '../person.ts';
import { orderNames, saleSubject } from './order-names.ts';
import { idOf } from './references.ts';
import type { Reading } from './told.ts';

/** The recipients first. A charge's payer is stored under the subscription: the charge can bring a license (64). */
export function peopleOf({ type, data }: Reading): MarketplaceEvent['people'] {
  if (type === 'order.completed') return peopleIn(data, saleSubject(orderNames(data)));
  if (type !== 'subscription.charge.completed') return [];
  const id = idOf(data['subscription'], 'subscription');
  return peopleIn(recordOf(data['order']), id === undefined ? undefined : subscriptionSubject(id));
}

function peopleIn(order: Loose, subject: Subject | undefined): MarketplaceEvent['people'] {
  if (subject === undefined) return [];
  const recipients = listOf(order['recipients']).map(({ recipient }) => recipient);
  const known = new Set<string>();
  return [...recipients, order['customer']].filter(isRecord).flatMap((person) => {
    const customer = readPerson(person);
    const mark = (customer.email ?? customer.name)?.toLowerCase();
    if (mark === undefined || known.has(mark)) return [];
    known.add(mark);
    return [{ subject, customer }];
  });
}

function readPerson(person: Loose): Customer {
  const name = [textOf(person['first']), textOf(person['last'])]
    .filter((part) => part !== undefined)
    .join(' ');
  const called = name === '' ? textOf(person['company']) : name;
  return customerOf(called, textOf(person['email']));
}
