/** What is owed of a subscription of whose sale nothing is known. */
import type { OwedLine } from '../changes.ts';
import type { CoveredLine, Fact, FactBody } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { AS_SOLD } from '../subscriptions/stated-lines.ts';
import { subscriptionSubject } from '../values/order-subject.ts';
import type { SubscriptionView, View } from '../view.ts';
import { DELIVERED_WITHIN_MILLISECONDS } from './wanted-flag.ts';

/** Lines of a subscription without a known order and without a license. Paths whose money went back are named, and not missing. */
export function orphanLines(
  subscription: SubscriptionView,
  view: View,
  evaluated: readonly Evaluated[],
): readonly OwedLine[] {
  const { id, coverage, ownLines, otherLines, facts } = subscription;
  const isKnown =
    ownLines.length + otherLines.length > 0 || evaluated.some((one) => one.subscription?.id === id);
  // The licenses of a moved subscription are where it was sold.
  if (isKnown || facts.some(({ body }) => body.kind === 'moved')) return [];
  const charges = facts.filter(({ body }) => body.kind === 'paid');
  const isPaid = charges.length > 0;
  // Some marketplaces state the lines of a subscription that nobody has paid for yet.
  if (!isPaid && facts.some(({ body }) => body.kind === 'covered')) return [];
  const since = Math.min(...facts.map(({ at }) => at));
  const due = since + DELIVERED_WITHIN_MILLISECONDS;
  const owe = (
    { line, product, quantity: stated }: Omit<CoveredLine, 'features'>,
    isMissing: boolean,
  ): OwedLine => {
    const quantity = stated === AS_SOLD ? 1 : stated;
    const missing = isMissing ? quantity : 0;
    return { order: subscriptionSubject(id), line, product, quantity, missing, since, due };
  };
  const returned = charges.filter((charge) => isMoneyBack(charge, view));
  const unnamed = isPaid ? unnamedLines(coverage.unmapped) : [];
  const lines =
    isPaid && returned.length === charges.length
      ? []
      : [...(coverage.now ?? announcedLines(subscription, view)), ...unnamed];
  const others = unnamedLines(returned).filter(({ line }) => !lines.some((each) => each.line === line));
  return [...lines.map((line) => owe(line, true)), ...others.map((line) => owe(line, false))];
}

function isMoneyBack({ body }: Fact, { money, names }: View): boolean {
  return (
    body.kind === 'paid' &&
    body.charge !== undefined &&
    money.get(names.of(body.charge))?.fullAt !== undefined
  );
}

/** Of a sale that is named, and whose own event did not come: the subscription as it was told first. An import names none. */
function announcedLines({ id, facts }: SubscriptionView, view: View): readonly CoveredLine[] {
  const sale = view.facts.find(({ body }) => body.kind === 'linked' && body.subscription === id);
  const isSold = sale !== undefined && view.factsOf(sale.subject).some(({ body }) => body.kind === 'sold');
  if (sale === undefined || isSold) return [];
  const first = facts.find(({ body }) => body.kind === 'announced')?.body;
  return first?.kind === 'announced' && first.product !== null ? [first] : [];
}

/** Stated lines without a product file, each path once. */
function unnamedLines(facts: readonly Fact[]): readonly CoveredLine[] {
  const lines = new Map<string, CoveredLine>();
  for (const { body } of facts) {
    const named = body.kind === 'resized' ? [{ line: '', ...body }] : statedIn(body);
    for (const { line, product, quantity } of named)
      if (product === null) lines.set(line, { line, product, quantity: quantity ?? AS_SOLD });
  }
  return [...lines.values()];
}

function statedIn(body: FactBody): readonly CoveredLine[] {
  if (body.kind === 'covered') return body.lines;
  return body.kind === 'paid' ? (body.covers ?? []) : [];
}
