/** Flags about lines: what was not delivered, what no file names, and codes that differ from what was sold. */

import type { OwedLine } from './changes.ts';
import type { Draft } from './draft.ts';
import type { Settled } from './evaluate.ts';
import { pathFlagKey, unknownProductReason } from './flag.ts';
import { lineKey, unitKey } from './line-key.ts';
import { isChargeOf } from './names.ts';
import { orderSubject, subscriptionSubject } from './order-subject.ts';
import type { Rules } from './rules.ts';
import type { SaleLine } from './sale-lines.ts';
import { isContradicted } from './shared-facts.ts';
import { newestReissues } from './units.ts';
import type { View } from './view.ts';
import { DELIVERED_WITHIN_MILLISECONDS, type WantedFlag } from './wanted-flag.ts';

export function lineFlags(
  draft: Draft,
  view: View,
  settled: readonly Settled[],
  owed: readonly OwedLine[],
  rules: Rules,
): WantedFlag[] {
  return [
    ...owed.flatMap(owedFlags),
    ...undeliveredFlags(draft, settled),
    ...view.lines.flatMap((line) => differenceFlags(line, settled, rules)),
    ...view.lines.flatMap((line) => surplusFlags(line, view, settled)),
    ...spareFlags(settled),
    ...mailedBeforeFlags(settled),
    ...view.lines.flatMap((line) => modeFlags(line, view, settled)),
  ];
}

/** A path that no file names makes one flag, not one an order. */
function owedFlags({ order, line, product, quantity, missing, due }: OwedLine): WantedFlag[] {
  if (missing === 0) return [];
  if (product === null) {
    const reason = unknownProductReason(line, 1);
    return [{ key: pathFlagKey(line), kind: 'unknown-product', reason, order, product: line }];
  }
  const reason = `${missing} of ${quantity} units of ${product} in order ${order} were paid for and have no license`;
  return [
    {
      key: `owed:${order}:${line}`,
      kind: 'undelivered',
      reason,
      order,
      product,
      ...(due !== null && { from: due }),
    },
  ];
}

/** Licenses whose code was never handed out: one flag a line. */
function undeliveredFlags(draft: Draft, settled: readonly Settled[]): WantedFlag[] {
  const newest = new Set(newestReissues(draft.licenses).map(({ number }) => number));
  const lines = new Map<string, Settled[]>();
  for (const one of settled) {
    const { license, outcome } = one;
    if (license.handed !== null || outcome.state === 'revoked' || outcome.state === 'ended') continue;
    if (!newest.has(license.number)) continue;
    const key = lineKey(license);
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  return [...lines.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { order, line, product } = first.license;
    const from = Math.max(...alike.map(({ license }) => license.at)) + DELIVERED_WITHIN_MILLISECONDS;
    const reason = `${alike.length} licenses of ${product} in order ${order} were handed to nobody`;
    return alike.map(({ license }) => ({
      key: `undelivered:${order}:${line}`,
      kind: 'undelivered' as const,
      reason,
      order,
      product,
      from,
      license,
    }));
  });
}

/** What was answered is other than what was sold: in units or in features. */
function differenceFlags(line: SaleLine, settled: readonly Settled[], { minter }: Rules): WantedFlag[] {
  const { order, product, quantity, features } = line;
  if (quantity === undefined || product === null) return [];
  const held = settled.filter(
    (one) => one.line === line && one.license.answer !== null && one.license.reissue === 0,
  );
  const [first] = held;
  const answer = first?.license.answer;
  if (first === undefined || !answer) return [];
  const answered = answer.alone ? held.length : answer.quantity;
  const isSeparate = first.terms.multibuy === 'separate' && first.terms.quantity === 'codes';
  const differs = [
    answered !== quantity && !isSeparate && `${answered} units were answered and ${quantity} sold`,
    features !== undefined &&
      differ(held, minter) &&
      'the features that were answered are not those that were sold',
  ].filter((text) => text !== false);
  if (differs.length === 0) return [];
  const reason = `Order ${order}, ${product}: ${differs.join('; ')}`;
  return [
    { key: `differs:${order}:${line.line}`, kind: 'differs', reason, order, product, cause: line.cause },
  ];
}

function differ(held: readonly Settled[], minter: Rules['minter']): boolean {
  return held.some(({ license, outcome }) => {
    if (license.answer === null) return false;
    return minter.entitlementOf(license.answer.code).features !== outcome.entitlement.features;
  });
}

/** An order that turned out to be a charge of a subscription has licenses of its own. */
function surplusFlags(
  { order, subscription, product }: SaleLine,
  { names }: View,
  settled: readonly Settled[],
): WantedFlag[] {
  const charged = subscription ?? [...names.chargedTo(orderSubject(order))][0];
  if (charged === undefined || !isChargeOf(names, order, charged)) return [];
  const own = settled.find(({ license }) => license.order === order && license.handed !== null);
  const other = settled.find(
    ({ license, subscription: of }) =>
      license.order !== order &&
      license.product === own?.license.product &&
      (of?.id === charged || license.order === subscriptionSubject(charged)),
  );
  if (own === undefined || other === undefined) return [];
  const reason = `Order ${order} is a charge of subscription ${charged} and got licenses of its own: nothing was revoked`;
  return [{ key: `surplus:${order}`, kind: 'surplus', reason, order, product }];
}

/** A code was mailed for a charge before the first order was known, and that order's request was mailed another. */
function mailedBeforeFlags(settled: readonly Settled[]): WantedFlag[] {
  const live = settled.filter(({ outcome }) => outcome.state !== 'revoked' && outcome.state !== 'ended');
  return live.flatMap(({ license, coverage, subscription }) => {
    const same = live.find((other) => unitKey(other.license) === coverage?.sameAs);
    if (same === undefined || subscription === undefined) return [];
    const { order, product } = same.license;
    const key = `mailed-before:${subscription.id}:${product}`;
    const reason = `Codes of ${product} were mailed for ${license.order}, and others for its first order ${order}: nothing was revoked`;
    return [{ key, kind: 'surplus' as const, reason, order, product }];
  });
}

/** A request did not say that it was a test, and the order's event did. */
function modeFlags(line: SaleLine, { factsOf }: View, settled: readonly Settled[]): WantedFlag[] {
  const { order, product } = line;
  const told = factsOf(orderSubject(order));
  const cause = settled.find((one) => one.line === line)?.license.cause ?? '';
  const voided = told.find(
    (fact) => fact.body.kind === 'voided' && fact.body.test && !isContradicted(fact, told, cause),
  );
  if (voided === undefined) return [];
  const reason = `Order ${order} is a test order, and its request did not say so: its license is void`;
  return [{ key: `mode:${order}`, kind: 'mode', reason, order, product, cause: voided.cause }];
}

/** More units are out than were paid for, and it is not told yet which of them count (Separate Multibuy). */
function spareFlags(settled: readonly Settled[]): WantedFlag[] {
  return settled.flatMap(({ license, life, terms }) => {
    if (terms.multibuy !== 'separate' || life.confirmed === null) return [];
    const { order, product, line } = license;
    const units = settled.filter(
      (one) => one.license.order === order && one.license.product === product && one.license.reissue === 0,
    );
    if (units.length <= life.confirmed || life.stored.length >= life.confirmed) return [];
    const reason = `${units.length} units of ${product} in order ${order} are out and ${life.confirmed} were paid for`;
    return [{ key: `spare:${order}:${line}`, kind: 'surplus' as const, reason, order, product }];
  });
}
