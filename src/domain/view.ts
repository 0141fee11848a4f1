/** A view of loaded facts: names, money, the lines of orders, and subscriptions. */

import type { LedgerLicense } from './changes.ts';
import type { Fact, Subject } from './facts/fact.ts';
import { byTime } from './facts/fact-order.ts';
import { readFirstCharges } from './facts/first-charges.ts';
import { withoutFormerStates } from './facts/moved.ts';
import { isChargeOf, type Names, readNames } from './facts/names.ts';
import { readOldFacts } from './facts/old-facts.ts';
import { type ChargeMoney, readMoney } from './money/money.ts';
import { firstOrderOf, withHomes } from './sales/homes.ts';
import { withPacks } from './sales/packs.ts';
import { readSaleLines, type SaleLine } from './sales/sale-lines.ts';
import { factsAsSold, namedIn } from './sales/sold-as.ts';
import { type ChangePaid, readChangePayments } from './subscriptions/change-payments.ts';
import type { Coverage } from './subscriptions/coverage.ts';
import { datePayments } from './subscriptions/date-payments.ts';
import { readCoverage } from './subscriptions/read-coverage.ts';
import type { SoldPath } from './subscriptions/stated-features.ts';
import { withUntoldProrations } from './subscriptions/untold-prorations.ts';
import { orderSubject, subscriptionOf, subscriptionSubject } from './values/order-subject.ts';

export interface SubscriptionView {
  readonly id: string;
  /** Facts whose subject is the subscription. */
  readonly facts: readonly Fact[];
  readonly coverage: Coverage;
  /** Lines of the subscription's first order; empty: the first order is unknown. */
  readonly ownLines: readonly SaleLine[];
  /** Lines of later orders, and lines that follow another line's subscription. */
  readonly otherLines: readonly SaleLine[];
  /** Every product that a fact ever named for the subscription. */
  readonly named: ReadonlySet<string>;
}

export interface View {
  readonly facts: readonly Fact[];
  readonly names: Names;
  readonly money: ReadonlyMap<Subject, ChargeMoney>;
  /** What payments for a change pay for, by the key of the payment's fact. */
  readonly changesPaid: ReadonlyMap<string, ChangePaid>;
  readonly lines: readonly SaleLine[];
  readonly subscriptions: ReadonlyMap<string, SubscriptionView>;
  /** Facts by the canonical name of their subject, in the order of their times. */
  readonly factsOf: (subject: Subject) => readonly Fact[];
}

/** Whether the terms of a sale say that a refund takes nothing (`refund: keep`). */
export type KeepsRefunds = (
  sale: { readonly order: string; readonly product: string },
  view: Pick<View, 'factsOf'>,
) => boolean;

export function readView(
  kept: readonly Fact[],
  licenses: readonly LedgerLicense[],
  keepsRefunds: KeepsRefunds = () => false,
): View {
  const licensed = new Set(licenses.map(({ order }) => order));
  const told = withoutFormerStates(readOldFacts(kept));
  const names = readNames(told, licensed);
  const once = eachOnce(readFirstCharges(told, licensed, names.of), names);
  const dated = withUntoldProrations(datePayments(once), names);
  const money = readMoney(dated, names, licenses);
  const { facts, changesPaid } = readChangePayments(dated, money, names);
  const lines = withHomes(readSaleLines(facts, licenses, names), licenses, { names, facts });
  const bySubject = new Map<Subject, Fact[]>();
  for (const fact of facts) {
    const name = names.of(fact.subject);
    const list = bySubject.get(name);
    if (list === undefined) bySubject.set(name, [fact]);
    else list.push(fact);
  }
  const factsOf = (subject: Subject) => bySubject.get(names.of(subject)) ?? [];
  const view = { facts, names, money, changesPaid, lines, factsOf };
  return { ...view, subscriptions: readSubscriptions(view, licenses, keepsRefunds) };
}

/**
 * Sorts facts by time, so that the order of arrival does not matter, and drops repeats under other names of
 * one order.
 */
function eachOnce(facts: readonly Fact[], names: Names): readonly Fact[] {
  const seen = new Set<string>();
  return [...facts].sort(byTime).filter(({ subject, key }) => {
    const name = `${names.of(subject)}\n${key}`;
    return seen.size < seen.add(name).size;
  });
}

function readSubscriptions(
  { names, money, lines, factsOf, facts }: Omit<View, 'subscriptions'>,
  licenses: readonly LedgerLicense[],
  keepsRefunds: KeepsRefunds,
): ReadonlyMap<string, SubscriptionView> {
  const ids = new Set<string>();
  for (const { subscription } of lines) if (subscription !== null) ids.add(subscription);
  for (const name of [...licenses.map(({ order }) => order), ...facts.map(({ subject }) => subject)]) {
    const id = subscriptionOf(name);
    if (id !== undefined) ids.add(id);
  }
  return new Map([...ids].map((id) => [id, readSubscription(id)]));

  function readSubscription(id: string): SubscriptionView {
    const following = lines.filter(({ subscription }) => subscription === id);
    // What a path of its orders was said to be holds for its charges too.
    const mappings = following.flatMap(({ order }) =>
      factsOf(orderSubject(order)).filter(({ body }) => body.kind === 'mapped'),
    );
    const told = withPacks(factsOf(subscriptionSubject(id)), following);
    const own = factsAsSold(told, following, mappings);
    const first = firstOrderOf(id, following, { names, facts });
    const ownLines = following.filter(({ order, companion }) => order === first && !companion);
    const otherLines = following.filter((line) => !ownLines.includes(line));
    const sales = otherLines.flatMap(({ order, product, units, at }) =>
      product === null || isChargeOf(names, order, id) ? [] : [{ product, units, at }],
    );
    const sold = new Map<string, number>();
    for (const { product, units } of ownLines)
      if (product !== null) sold.set(product, (sold.get(product) ?? 0) + units);
    // Units that the subscription issued belong to no other order.
    const soldIn = (product: string) =>
      [...ownLines, ...following].find((line) => line.product === product)?.order ?? subscriptionSubject(id);
    return {
      id,
      facts: own,
      coverage: readCoverage(
        own,
        money,
        names,
        (product) => keepsRefunds({ order: soldIn(product), product }, { factsOf }),
        sold,
        sales,
        soldPaths(ownLines),
      ),
      ownLines,
      otherLines,
      named: namedProducts(own, facts, id),
    };
  }
}

/** How each product was sold that was sold by one path alone. */
function soldPaths(lines: readonly SaleLine[]): ReadonlyMap<string, SoldPath> {
  const paths = new Map<string, SoldPath>();
  const several = new Set<string>();
  for (const { product, path, features } of lines) {
    if (product === null || path === '') continue;
    if ((paths.get(product)?.path ?? path) !== path) several.add(product);
    paths.set(product, { path, features });
  }
  for (const product of several) paths.delete(product);
  return paths;
}

function namedProducts(own: readonly Fact[], facts: readonly Fact[], id: string): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { body } of own)
    for (const { product } of namedIn(body)) if (product !== null) named.add(product);
  for (const { body } of facts) {
    if (
      body.kind === 'linked' &&
      body.subscription === id &&
      body.line === undefined &&
      body.product !== undefined
    )
      named.add(body.product);
  }
  return named;
}

/** The charges of a subscription, including its first order: facts about them concern its licenses. */
export function chargesOf(subscription: SubscriptionView, { names, facts }: View): ReadonlySet<Subject> {
  const charges = new Set<Subject>(subscription.ownLines.map(({ order }) => names.of(orderSubject(order))));
  for (const { subject } of facts) {
    const name = names.of(subject);
    if (names.chargedTo(name).has(subscription.id)) charges.add(name);
  }
  return charges;
}
