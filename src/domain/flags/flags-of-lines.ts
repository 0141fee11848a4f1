/** Flags about lines: undelivered units, paths without a product file, codes that differ from the sale. */

import type { LedgerAnswer, OwedLine } from '../changes.ts';
import type { Draft } from '../draft.ts';
import { isChargeOf } from '../facts/names.ts';
import { featureBits, MOST_SEATS } from '../life/entitle.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { isContradicted } from '../life/shared-facts.ts';
import type { Rules } from '../rules.ts';
import { AWAITED_LINES } from '../sales/awaited-lines.ts';
import { lineKey, unitKey } from '../sales/line-key.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { storedUnits } from '../sales/stored-units.ts';
import { newestReissues } from '../subscriptions/units.ts';
import { counted } from '../values/counted.ts';
import { namelessReason, pathFlagKey, unknownProductReason } from '../values/flag.ts';
import { orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import type { Terms } from '../values/terms.ts';
import type { View } from '../view.ts';
import { awaitedFlags } from './flags-of-awaited.ts';
import { otherProductFlags } from './flags-of-products.ts';
import { unitsFlags } from './stated-units.ts';
import { DELIVERED_WITHIN_MILLISECONDS, type WantedFlag } from './wanted-flag.ts';

export function lineFlags(
  draft: Draft,
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
  rules: Rules,
): WantedFlag[] {
  return [
    ...owed.flatMap(owedFlags),
    ...awaitedFlags(view.lines, draft.found.market, rules),
    ...undeliveredFlags(draft, evaluated),
    ...view.lines.flatMap((line) => differenceFlags(line, evaluated, rules)),
    ...unitsFlags(draft.facts, view, evaluated),
    ...view.lines.flatMap((line) => surplusFlags(line, view, evaluated)),
    ...spareFlags(evaluated),
    ...mailedBeforeFlags(evaluated),
    ...view.lines.flatMap((line) => modeFlags(line, view, evaluated)),
    ...view.lines.flatMap((line) => canceledFlags(line, view)),
    ...view.lines.flatMap((line) => otherProductFlags(line, draft.found.market, view, evaluated, rules)),
  ];
}

/** A path without a product file gets one flag, however many orders have it; a sale that names no path gets its own. */
function owedFlags({ order, line, product, quantity, missing, due }: OwedLine): WantedFlag[] {
  if (line === AWAITED_LINES) return [];
  // Also of a sale whose money is back: the next one of the path would not be delivered either.
  if (product === null && line !== '') {
    const reason = unknownProductReason(line, missing === 0 ? 0 : 1);
    return [{ key: pathFlagKey(line), kind: 'unknown-product', reason, order, product: line }];
  }
  if (missing === 0) return [];
  const reason =
    product === null
      ? namelessReason(order)
      : `${missing} of ${quantity} units of ${product} in order ${order} ${missing === 1 ? 'is paid for but has' : 'are paid for but have'} no license`;
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

/** Flags licenses whose code was never handed out: one flag per line. */
function undeliveredFlags(draft: Draft, evaluated: readonly Evaluated[]): WantedFlag[] {
  const newest = new Set(newestReissues(draft.licenses).map(({ number }) => number));
  const lines = new Map<string, Evaluated[]>();
  for (const one of evaluated) {
    const { license, outcome } = one;
    if (license.handed !== null || outcome.state === 'revoked' || outcome.state === 'ended') continue;
    if (!newest.has(license.number)) continue;
    const key = lineKey(license);
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  return [...lines.values()].flatMap((ofLine) => {
    const [first] = ofLine;
    if (first === undefined) return [];
    const { order, line, product } = first.license;
    const from = Math.max(...ofLine.map(({ license }) => license.at)) + DELIVERED_WITHIN_MILLISECONDS;
    const reason = `${counted(ofLine.length, 'license')} of ${product} in order ${order} ${ofLine.length === 1 ? 'was' : 'were'} not handed out`;
    return ofLine.map(({ license }) => ({
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

/** Flags an answer that differs from the sale in units or features. */
function differenceFlags(line: SaleLine, evaluated: readonly Evaluated[], { minter }: Rules): WantedFlag[] {
  const { order, product, quantity, features, failed } = line;
  // Of a failed fulfillment alone the quantity is not known.
  if (quantity === undefined || product === null || failed) return [];
  const held = evaluated.filter(
    (one) => one.line === line && one.license.answer !== null && one.license.reissue === 0,
  );
  const [first] = held;
  const answer = first?.license.answer;
  if (first === undefined || !answer) return [];
  const isSeparate = first.terms.multibuy === 'separate' && first.terms.quantity === 'codes';
  const differs = [
    !isSeparate && unitDifference(held, answer, quantity, first.terms, minter),
    features !== undefined &&
      differ(held, features, minter) &&
      'the answered features differ from the sold features',
  ].filter((text) => text !== false);
  if (differs.length === 0) return [];
  const reason = `Order ${order}, ${product}: ${differs.join('; ')}`;
  return [
    { key: `differs:${order}:${line.line}`, kind: 'differs', reason, order, product, cause: line.cause },
  ];
}

/** A request for fewer units than an event stated before it is answered with all of them. */
function unitDifference(
  held: readonly Evaluated[],
  answer: LedgerAnswer,
  sold: number,
  terms: Terms,
  minter: Rules['minter'],
): string | false {
  const requested = answer.byUnit ? held.length : answer.quantity;
  const answered =
    terms.quantity === 'seats'
      ? (unitsInCode(answer.code, terms, minter) ?? requested)
      : Math.max(requested, held.length);
  if (requested === sold && (answered <= sold || terms.quantity === 'seats')) return false;
  if (answered !== sold)
    return `${counted(answered, 'unit')} ${answered === 1 ? 'was' : 'were'} answered but ${sold} were sold`;
  return `${counted(requested, 'unit')} ${requested === 1 ? 'was' : 'were'} requested but ${sold} were sold: all paid units were answered`;
}

/** undefined: its seats do not tell, because the product limits none or a code holds no more. */
function unitsInCode(code: string, { seats }: Terms, minter: Rules['minter']): number | undefined {
  const held = minter.entitlementOf(code).seats;
  return seats === 0 || held === MOST_SEATS || held % seats !== 0 ? undefined : held / seats;
}

/** A subscription may have changed to others since its sale. */
function differ(held: readonly Evaluated[], sold: readonly string[], minter: Rules['minter']): boolean {
  return held.some(({ license, terms, outcome }) => {
    if (license.answer === null) return false;
    const answered = minter.entitlementOf(license.answer.code).features;
    const known = sold.filter((name) => terms.features.includes(name));
    return answered !== outcome.entitlement.features && answered !== featureBits(terms, known);
  });
}

/** Flags an order that has its own licenses but is a charge of a subscription. */
function surplusFlags(
  { order, subscription, product }: SaleLine,
  { names }: View,
  evaluated: readonly Evaluated[],
): WantedFlag[] {
  const charged = subscription ?? [...names.chargedTo(orderSubject(order))][0];
  if (charged === undefined || !isChargeOf(names, order, charged)) return [];
  const own = evaluated.find(({ license }) => license.order === order && license.handed !== null);
  const other = evaluated.find(
    ({ license, subscription: of }) =>
      license.order !== order &&
      license.product === own?.license.product &&
      (of?.id === charged || license.order === subscriptionSubject(charged)),
  );
  if (own === undefined || other === undefined) return [];
  const reason = `Order ${order} is a charge of subscription ${charged} but got its own licenses: nothing was revoked`;
  return [{ key: `surplus:${order}`, kind: 'surplus', reason, order, product }];
}

/** A code was mailed for a charge before the first order was known, and that order's request was mailed another. */
function mailedBeforeFlags(evaluated: readonly Evaluated[]): WantedFlag[] {
  const live = evaluated.filter(({ outcome }) => outcome.state !== 'revoked' && outcome.state !== 'ended');
  return live.flatMap(({ license, coverage, subscription }) => {
    const same = live.find((other) => unitKey(other.license) === coverage?.sameAs);
    if (same === undefined || subscription === undefined) return [];
    const { order, product } = same.license;
    const key = `mailed-before:${subscription.id}:${product}`;
    const reason = `Codes of ${product} were mailed for ${license.order}, and others for its first order ${order}: nothing was revoked`;
    return [{ key, kind: 'surplus' as const, reason, order, product }];
  });
}

/** Flags a test order whose request did not say that it was a test. */
function modeFlags(line: SaleLine, { factsOf }: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  const { order, product } = line;
  const facts = factsOf(orderSubject(order));
  const cause = evaluated.find((one) => one.line === line)?.license.cause ?? '';
  const voided = facts.find(
    (fact) => fact.body.kind === 'voided' && fact.body.test && !isContradicted(fact, facts, cause),
  );
  if (voided === undefined) return [];
  const reason = `Order ${order} is a test order, but its request did not say so: its license is void`;
  return [{ key: `mode:${order}`, kind: 'mode', reason, order, product, cause: voided.cause }];
}

/** Flags an order that is told as sold and as canceled: one of them is wrong. */
function canceledFlags({ order, product }: SaleLine, { factsOf, money, names }: View): WantedFlag[] {
  const subject = orderSubject(order);
  const facts = factsOf(subject);
  if (money.get(names.of(subject))?.fullAt !== undefined) return [];
  const canceled = facts.find(({ body }) => body.kind === 'voided' && body.unsold === true);
  if (product === null || canceled === undefined || !isContradicted(canceled, facts, '')) return [];
  const reason = `Order ${order} was completed, and is said to be canceled: nothing was revoked, since only a return takes its money back`;
  return [{ key: `canceled:${order}`, kind: 'surplus', reason, order, product, cause: canceled.cause }];
}

/** Separate Multibuy: flags more handed-out than paid units while the stored codes do not yet tell which ones count. */
function spareFlags(evaluated: readonly Evaluated[]): WantedFlag[] {
  return evaluated.flatMap(({ license, life, terms, line: sale }) => {
    // The first payment of a subscription states the units of its line.
    const paid = life.confirmed ?? sale?.quantity;
    if (terms.multibuy !== 'separate' || paid === undefined) return [];
    const { order, product, line } = license;
    const units = evaluated.filter(
      (one) => one.license.order === order && one.license.product === product && one.license.reissue === 0,
    );
    const all = evaluated.map((one) => one.license);
    if (units.length <= paid || storedUnits(life.stored, license, all).size >= paid) return [];
    if (life.confirmed === null && units.every((one) => one.coverage?.covered !== false)) return [];
    const reason = `${units.length} units of ${product} in order ${order} were handed out, but ${paid} were paid for`;
    return [{ key: `spare:${order}:${line}`, kind: 'surplus' as const, reason, order, product }];
  });
}
