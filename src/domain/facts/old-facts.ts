/**
 * Upgrades facts of ledgers before schema 6. If a resent event repeats an old fact in today's form, the fact
 * counts once.
 */
import { subscriptionOf } from '../values/order-subject.ts';
import type { Fact, Subject } from './fact.ts';

export function readOldFacts(facts: readonly Fact[]): readonly Fact[] {
  if (!facts.some(isOld)) return facts;
  const charged = facts.map((fact) => withCharge(fact, facts));
  return charged.flatMap((fact) => (isRestated(fact, facts) ? [] : [ofCharge(fact, charged)]));
}

function isOld({ body, subject }: Fact): boolean {
  switch (body.kind) {
    case 'sold':
      return body.line === undefined;
    case 'paid':
      return body.charge === undefined;
    case 'refunded':
      return isSubscription(subject);
    default:
      return body.kind === 'returned';
  }
}

function isSubscription(subject: Subject): boolean {
  return subscriptionOf(subject) !== undefined;
}

/** The fact is also there in today's form, or with the charge itself as its subject. */
function isRestated({ body, subject, key }: Fact, facts: readonly Fact[]): boolean {
  if (body.kind === 'sold' && body.line === undefined) {
    return facts.some(
      (other) =>
        other.subject === subject &&
        other.body.kind === 'sold' &&
        other.body.line !== undefined &&
        other.body.failed !== true &&
        other.body.product === body.product,
    );
  }
  if (body.kind === 'returned')
    return facts.some((other) => other.body.kind === 'repaid' && key.startsWith(`${other.key}:`));
  return (
    body.kind === 'refunded' &&
    isSubscription(subject) &&
    facts.some((other) => other.key === key && !isSubscription(other.subject))
  );
}

/** An old payment names its charge in its key only, or in another fact of its alert. */
function withCharge(fact: Fact, facts: readonly Fact[]): Fact {
  const { body, key, subject } = fact;
  if (body.kind !== 'paid' || body.charge !== undefined) return fact;
  const charge = chargeIn(key, subject, facts);
  return charge === undefined ? fact : { ...fact, body: { ...body, charge } };
}

function chargeIn(key: string, subject: Subject, facts: readonly Fact[]): Subject | undefined {
  const request = /^request:(.+)$/.exec(key)?.[1];
  if (request !== undefined) return `order:${request}`;
  const prefix = `charge:${subscriptionOf(subject) ?? ''}:`;
  if (key.startsWith(prefix)) {
    const order = key.slice(prefix.length);
    const id: Subject = `order-id:${order}`;
    return facts.some((other) => other.subject === id) ? id : `order:${order}`;
  }
  const alert = /^alert:[^:]+:/.exec(key)?.[0];
  if (alert === undefined) return undefined;
  return facts.find(
    (other) => other.key.startsWith(alert) && (other.body.kind === 'alias' || other.body.kind === 'linked'),
  )?.subject;
}

/** An old refund of a subscription is a refund of the charge that was paid last before it. */
function ofCharge(fact: Fact, facts: readonly Fact[]): Fact {
  if (fact.body.kind !== 'refunded' || !isSubscription(fact.subject)) return fact;
  const paid = facts
    .filter(({ subject, body, at }) => subject === fact.subject && body.kind === 'paid' && at <= fact.at)
    .sort((a, b) => a.at - b.at)
    .flatMap(({ body }) => (body.kind === 'paid' && body.charge !== undefined ? [body.charge] : []));
  const last = paid.at(-1);
  return last === undefined ? fact : { ...fact, subject: last };
}
