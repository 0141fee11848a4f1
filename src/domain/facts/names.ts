/** Names: which subjects are the same order, and which orders are charges of which subscription. */
import { orderIdOf, orderOf, orderSubject, subscriptionOf } from '../values/order-subject.ts';
import { areApart, codeAliases, isByCode } from './code-aliases.ts';
import type { Fact, Subject } from './fact.ts';
import { subjectsIn } from './fact-order.ts';
import { readFirstCharges } from './first-charges.ts';

export interface Names {
  /** The canonical name of an order, charge or case: the order's reference if known. Other subjects name themselves. */
  of(subject: Subject): Subject;
  /** The subscriptions of which the order is a further charge. */
  chargedTo(order: Subject): ReadonlySet<string>;
}

/**
 * `licensed`: the orders with licenses, whose names take precedence. A request may name an order by its
 * internal id, which then is the name of its licenses.
 */
export function readNames(facts: readonly Fact[], licensed: ReadonlySet<string>): Names {
  const parents = new Map<Subject, Subject>();
  const rootOf = (name: Subject): Subject => {
    let root = name;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  const unite = (one: Subject, two: Subject) => {
    const [a, b] = [rootOf(one), rootOf(two)];
    if (a === b) return;
    const [winner, other] = isBetterName(a, b, licensed) ? [a, b] : [b, a];
    parents.set(other, winner);
  };
  for (const { subject, body, key } of facts) {
    const id = orderIdOf(subject);
    if (id !== undefined && licensed.has(id)) unite(subject, orderSubject(id));
    if (body.kind === 'alias' && subscriptionOf(body.of) === undefined && !isByCode(key))
      unite(subject, body.of);
  }
  for (const { sale, other } of codeAliases(facts))
    if (!areApart(sale, other, facts, licensed, rootOf)) unite(sale, other);
  const sales = new Set<Subject>([
    ...[...licensed].map((order) => rootOf(orderSubject(order))),
    ...facts.flatMap(({ subject, body }) => (body.kind === 'sold' ? [rootOf(subject)] : [])),
  ]);
  const charges = new Map<Subject, Set<string>>();
  for (const { subject, body } of readFirstCharges(facts, licensed, rootOf)) {
    const subscription = body.kind === 'alias' ? subscriptionOf(body.of) : undefined;
    if (subscription === undefined) continue;
    const order = rootOf(subject);
    if (body.kind === 'alias' && body.unsold === true && sales.has(order)) continue;
    const subscriptions = charges.get(order) ?? new Set();
    charges.set(order, subscriptions.add(subscription));
  }
  return { of: rootOf, chargedTo: (order) => charges.get(rootOf(order)) ?? NONE };
}

/** The order is known as a further charge of the subscription, so it is no new sale. */
export function isChargeOf(names: Names, order: string, subscription: string): boolean {
  return names.chargedTo(orderSubject(order)).has(subscription);
}

/** The names of orders, charges and subscriptions in a fact. */
export function namesTold(fact: Fact): readonly Subject[] {
  const { body } = fact;
  const asked = body.kind === 'asked' ? [orderSubject(body.order)] : [];
  const charge = body.kind === 'paid' && body.charge !== undefined ? [body.charge] : [];
  return [...subjectsIn([fact]), ...asked, ...charge];
}

const NONE: ReadonlySet<string> = new Set();

/** Precedence: an order with licenses, a reference, an internal id, a case; equal ranks by text order. */
function isBetterName(a: Subject, b: Subject, licensed: ReadonlySet<string>): boolean {
  const [rankA, rankB] = [rank(a, licensed), rank(b, licensed)];
  return rankA === rankB ? a < b : rankA < rankB;
}

function rank(name: Subject, licensed: ReadonlySet<string>): number {
  const order = orderOf(name);
  if (order !== undefined) return licensed.has(order) ? 0 : 1;
  return orderIdOf(name) === undefined ? 3 : 2;
}
