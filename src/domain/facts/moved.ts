/**
 * Subscriptions that were moved from another marketplace. The licenses stay where they were sold and keep their ids; what is
 * said of the new subscription, and of its charges, is said of the former one.
 */
import type { Marketplace } from '../values/order.ts';
import { subscriptionOf, subscriptionSubject } from '../values/order-subject.ts';
import type { Fact, FactBody, FactKind, Subject } from './fact.ts';

type Moved = Extract<FactBody, { kind: 'moved' }>;

/** Of these facts of one marketplace, those about moved subscriptions, as facts of the marketplace that they were moved from. */
export function factsOfMoved(facts: readonly Fact[]): readonly Fact[] {
  const moved = new Map<string, Moved>();
  for (const { subject, body } of facts) {
    if (body.kind === 'moved' && !moved.has(subject)) moved.set(subject, body);
  }
  if (moved.size === 0) return [];
  // Of each charge, the subscription that paid it.
  const payers = new Map<string, string>();
  for (const { subject, body } of facts) if (body.kind === 'alias') payers.set(subject, body.of);
  return facts.flatMap((fact) => {
    const own = moved.get(fact.subject);
    const payer = own ?? moved.get(payers.get(fact.subject) ?? '');
    return payer === undefined ? [] : [mirrored(fact, payer)];
  });
}

function mirrored(fact: Fact, { from, subscription }: Moved): Fact {
  const former = subscriptionSubject(subscription);
  const subject: Subject = subscriptionOf(fact.subject) === undefined ? fact.subject : former;
  return {
    ...fact,
    marketplace: from,
    subject,
    key: keyOfMirrored(fact.key),
    body: bodyOf(fact, former),
  };
}

function bodyOf(
  { subject, body, marketplace }: Fact,
  former: ReturnType<typeof subscriptionSubject>,
): FactBody {
  switch (body.kind) {
    case 'moved':
      return { kind: 'noted', note: `goes on as ${subject} of ${marketplace}` };
    case 'alias':
      return subscriptionOf(body.of) === undefined ? body : { ...body, of: former };
    default:
      return body;
  }
}

const MIRRORED = 'moved:';

function keyOfMirrored(key: string): string {
  return `${MIRRORED}${key}`;
}

const STATES: ReadonlySet<FactKind> = new Set(['canceled', 'deactivated', 'overdue', 'paused']);

/**
 * Without what the former marketplace says of a moved subscription's state once the new one was paid: it ends there because it goes
 * on here.
 */
export function withoutFormerStates(facts: readonly Fact[]): readonly Fact[] {
  const paidAt = new Map<Subject, number>();
  for (const { subject, key, body, at } of facts) {
    if (body.kind === 'paid' && key.startsWith(MIRRORED))
      paidAt.set(subject, Math.min(at, paidAt.get(subject) ?? at));
  }
  if (paidAt.size === 0) return facts;
  return facts.filter(
    ({ subject, key, body, at }) =>
      key.startsWith(MIRRORED) ||
      !STATES.has(body.kind) ||
      at < (paidAt.get(subject) ?? Number.POSITIVE_INFINITY),
  );
}

/** The key of the fact that ties a subscription to its former one: there is one for each. */
export function movedKey(subscription: string): string {
  return `from:${subscription}`;
}

/** The subscription as which a former one goes on, by the facts of the former; undefined: it was not moved. */
export function successorIn(facts: readonly Fact[]): string | undefined {
  const prefix = keyOfMirrored(movedKey(''));
  return facts.find(({ key }) => key.startsWith(prefix))?.key.slice(prefix.length);
}

/** Ties a subscription to the one that it was moved from. */
export function movedFact(
  to: { readonly marketplace: Marketplace; readonly mode: Fact['mode']; readonly subscription: string },
  former: { readonly marketplace: Marketplace; readonly subscription: string },
  { at, cause }: Pick<Fact, 'at' | 'cause'>,
): Fact {
  const { marketplace, mode, subscription } = to;
  return {
    marketplace,
    mode,
    subject: subscriptionSubject(subscription),
    key: movedKey(subscription),
    at,
    cause,
    body: { kind: 'moved', from: former.marketplace, subscription: former.subscription },
  };
}
