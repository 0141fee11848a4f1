/** What the acts about orders and events need. */
import type { EventHead } from '../../domain/facts/event.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import { subjectsIn } from '../../domain/facts/fact-order.ts';
import type { Issue } from '../../domain/ledger.ts';
import type { RaisedFlag } from '../../domain/values/flag.ts';
import type { OrderName } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { failedKey } from '../sqlite/acts.ts';
import { eventOf, flagOfKey, orderItem, orderLicenses } from './loads.ts';
import { type Need, namesIn } from './needs.ts';

export function needOfIssue({ order, facts }: Issue): Need & { readonly names: readonly string[] } {
  return { names: namesIn(order, [orderSubject(order.order), ...subjectsIn(facts)]), knownBy: 'license' };
}

export function needOfOrder(order: OrderName, more: Need = {}): Need {
  return { names: namesIn(order, [orderSubject(order.order)]), ...more };
}

/** What is known of the order's product is loaded, too. */
export function needOfFirst(issue: Issue): Need {
  const { order, product, marketplace, mode } = issue.order;
  const { names } = needOfIssue(issue);
  return {
    first: { order, product, marketplace, mode, names },
    loads: orderLicenses(orderItem(order, issue.order)),
    knownBy: 'license',
  };
}

export function needOfEvent({ id, marketplace, mode }: EventHead): Need {
  return {
    locks: [`${marketplace} ${mode} event:${id}`],
    loads: [eventOf({ id, marketplace, mode }), flagOfKey({ key: failedKey(id), marketplace, mode })],
  };
}

export function needOfFlag({ key, marketplace, mode }: RaisedFlag): Need {
  return {
    locks: [`${marketplace} ${mode} flag:${key}`],
    loads: [flagOfKey({ key, marketplace, mode })],
  };
}

export function namesOfFact(fact: Fact): readonly string[] {
  return namesIn(fact, subjectsIn([fact]));
}
