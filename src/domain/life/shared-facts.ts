/** The facts that the licenses of one line share: facts of their order, their subscription and its charges. */
import type { LedgerLicense } from '../changes.ts';
import type { Fact, Subject } from '../facts/fact.ts';
import { isPartOf } from '../money/money.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { UNMARKED_REQUEST } from '../values/causes.ts';
import { type Day, dayOf } from '../values/day.ts';
import { orderSubject, subscriptionOf, subscriptionSubject } from '../values/order-subject.ts';
import { chargesOf, type SubscriptionView, type View } from '../view.ts';

/** Data that all licenses of a line share. */
export interface Shared {
  readonly subscription: SubscriptionView | undefined;
  readonly ownCharge: Subject | undefined;
  readonly facts: readonly Fact[];
  /** For a line sold later beside the subscription's own product; undefined: none. */
  readonly joined: Joined | undefined;
}

/** The subscription when the line was sold. */
export interface Joined {
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Earlier payments and dates: they pay nothing for the line, and lift what they lifted. */
  readonly paid: readonly Fact[];
  /** The next charge date known then. */
  readonly until: Day | undefined;
}

/** The day from which a line is paid for: a request that comes days after its sale issues the license later. */
export function startOf(joined: Joined | undefined, issued: Day): Day {
  const sold = joined === undefined ? issued : dayOf(joined.at);
  return sold < issued ? sold : issued;
}

export function readShared(license: LedgerLicense, line: SaleLine | undefined, view: View): Shared {
  const { names, factsOf } = view;
  const ownSubscription = subscriptionOf(license.order);
  const id = ownSubscription ?? line?.subscription ?? undefined;
  const subscription = id === undefined ? undefined : view.subscriptions.get(id);
  const sale = ownSubscription !== undefined ? line?.order : license.order;
  const ownCharge = sale === undefined ? undefined : names.of(orderSubject(sale));
  // An add-on bought later: refunds and disputes of the first order do not concern it.
  const isCompanion =
    subscription !== undefined &&
    !subscription.ownLines.some(({ order, product }) => order === sale || product === license.product) &&
    !subscription.named.has(license.product);
  const subjects = new Set<Subject>();
  if (ownCharge !== undefined) subjects.add(ownCharge);
  if (subscription !== undefined) {
    subjects.add(subscriptionSubject(subscription.id));
    for (const charge of chargesOf(subscription, view)) {
      if (!isCompanion || names.chargedTo(charge).has(subscription.id)) subjects.add(charge);
    }
  }
  const ofOthers = askedForOthers(subscription, license.product);
  const ofSubjects = [...subjects].flatMap((subject) =>
    factsOf(subject).filter(
      (fact, _, all) =>
        isAbout(fact, subject, ownCharge) &&
        !isContradicted(fact, all, license.cause) &&
        !isPartOf(fact.body, view.money.get(names.of(fact.subject))) &&
        !isOfSale(fact, view) &&
        !ofOthers.has(fact.key),
    ),
  );
  if (!isCompanion || line === undefined) {
    return { subscription, ownCharge, facts: ofSubjects, joined: undefined };
  }
  const paid = ofSubjects.filter((fact) => isPeriodBefore(fact, line));
  return {
    subscription,
    ownCharge,
    facts: ofSubjects.filter((fact) => !paid.includes(fact)),
    joined: { at: line.at, paid, until: lastUntil(paid) },
  };
}

/**
 * A test order voids the license of a request that did not tell test from live, unless a live event names the
 * order. An order that an event tells as sold was not canceled before.
 */
export function isContradicted({ body }: Fact, ofOrder: readonly Fact[], cause: string): boolean {
  if (body.kind !== 'voided') return false;
  if (body.unsold === true)
    return ofOrder.some((fact) => fact.body.kind === 'sold' && fact.body.failed !== true);
  if (body.test !== true) return false;
  if (cause !== UNMARKED_REQUEST) return true;
  return ofOrder.some((fact) => fact.body.kind === 'sold' || fact.body.kind === 'charged');
}

/** Requests for other products: a plan that the subscription leaves is not paid by the request for the next one. */
function askedForOthers(subscription: SubscriptionView | undefined, product: string): ReadonlySet<string> {
  const asked = (subscription?.facts ?? []).filter(
    ({ body }) => body.kind === 'asked' && body.product !== product,
  );
  return new Set(asked.map(({ key }) => key));
}

/** A request for a line that an event states as sold for the subscription: it is no further charge. */
function isOfSale({ body, subject }: Fact, { names, factsOf }: View): boolean {
  if (body.kind !== 'asked') return false;
  const order = orderSubject(body.order);
  if (names.chargedTo(order).has(subscriptionOf(subject) ?? '')) return false;
  return factsOf(order).some(({ body: said }) => said.kind === 'sold' && said.failed !== true);
}

/** A period that was paid before the line was sold does not pay for the line. */
function isPeriodBefore({ body, at }: Fact, line: SaleLine): boolean {
  return at < line.at && (body.kind === 'paid' || body.kind === 'dated' || body.kind === 'asked');
}

/** The latest stated date; the facts of one subject are ordered by time. */
function lastUntil(facts: readonly Fact[]): Day | undefined {
  const dates = facts.flatMap(({ body }) => ('until' in body ? [body.until] : []));
  return dates.findLast((until) => until !== null) ?? undefined;
}

/**
 * Of a further charge only returned or disputed money concerns the license, not a failure or review of its
 * own order.
 */
function isAbout({ body }: Fact, subject: Subject, ownCharge: Subject | undefined): boolean {
  if (subject === ownCharge || subscriptionOf(subject) !== undefined) return true;
  return [
    'refunded',
    'repaid',
    'return-undone',
    'returned',
    'charged-back',
    'disputed',
    'dispute-won',
    'dispute-lost',
  ].includes(body.kind);
}
