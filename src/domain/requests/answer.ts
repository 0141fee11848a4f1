/** Decides the answer to a license request: exactly one license per unit, however often the request is repeated. */

import { type Decided, type Found, HANDED_BEFORE, type LedgerLicense } from '../changes.ts';
import { derive } from '../derive.ts';
import { Draft } from '../draft.ts';
import { readNames } from '../facts/names.ts';
import type { Issue, Renewal, Renewed } from '../ledger.ts';
import type { Rules } from '../rules.ts';
import { newestReissues } from '../subscriptions/units.ts';
import { orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import {
  answerRebill,
  followersOfCharge,
  followersOfSale,
  issueUnder,
  settleRefusal,
} from './answer-rebill.ts';
import { askedOf, heldOrder, issueUnits, licensesOf, nameCustomer } from './asked-units.ts';
import { nothingToMail, refuseFirst } from './refuse-first.ts';

/** Decides a request of the order itself: a license for each unit, or the answer given before. */
export function answerIssue(found: Found, issue: Issue, rules: Rules): Decided<Renewed> {
  const draft = new Draft(found);
  const { order, units } = issue;
  const held = licensesOf(draft, order.order, issue);
  const known = held.length === 0 ? otherNameOf(draft, issue) : undefined;
  if (known !== undefined) return answerIssue(found, { ...issue, order: { ...order, order: known } }, rules);
  const isUndelivered = held.every(({ handed }) => handed === null);
  const charged = isUndelivered
    ? (followersOfSale(draft, order) ?? (held.length === 0 ? followersOfCharge(draft, order) : undefined))
    : undefined;
  if (charged !== undefined)
    return answerRebill(draft, charged.licenses, { ...issue, subscription: charged.subscription }, rules);
  const quantity = heldQuantity(held, issue);
  if (units === 'all' && quantity !== undefined && quantity !== order.quantity && !isCovered(held, issue)) {
    return { changes: draft.changes, result: { outcome: 'conflict', heldQuantity: quantity } };
  }
  const asked = askedOf(held, issue);
  const isRepeat = units === 'all' && asked.some(({ answer }) => answer !== null);
  // Further sold units beside answered ones are flagged: a repeat gets the stored answer.
  if (isRepeat) handAgain(draft, asked);
  else if (asked.length > 0) answerHeld(draft, asked, issue);
  else issueUnits(draft, order.order, issue, rules);
  const news = draft.addFacts(issue.facts);
  // Facts from before the request apply now. A plain sale without facts needs no derivation.
  if (draft.facts.length > 0) {
    derive(draft, rules, { now: issue.at, news, codes: [] });
  }
  const now = licensesOf(draft, order.order, issue);
  const isSurplus = held.length > 0 && now.some(({ unit, state }) => unit === units && state === 'revoked');
  // Separate Multibuy, settled: a further unit would be revoked at once, so the request is a retry.
  if (asked.length === 0 && isSurplus) {
    return { changes: new Draft(found).changes, result: { outcome: 'repeated', held: heldOrder(held) } };
  }
  const isFirst = asked.every(({ answer }) => answer === null);
  const unmailed = isFirst ? nothingToMail(draft, issue, rules) : undefined;
  if (unmailed !== undefined) return refuseFirst(found, issue, rules, unmailed);
  if (asked.length === 0 && askedOf(now, issue).some(({ revision }) => revision > 0))
    return issueAsTold(found, issue, rules);
  settleRefusal(draft, issue);
  const outcome = asked.length > 0 ? 'repeated' : 'issued';
  return {
    changes: draft.changes,
    result: { outcome, held: heldOrder(now) },
  };
}

/**
 * Decides a request that names a subscription. Its first order is issued, and a further charge gets the
 * current codes. Another product of a known subscription gets a license under the subscription, because the
 * request does not tell an upgrade from an add-on.
 */
export function answerRenewal(found: Found, renewal: Renewal, rules: Rules): Decided<Renewed> {
  const { order, subscription, product } = renewal;
  const draft = new Draft(found);
  const known =
    licensesOf(draft, order.order, renewal).length === 0 ? otherNameOf(draft, renewal) : undefined;
  if (known !== undefined)
    return answerRenewal(found, { ...renewal, order: { ...order, order: known } }, rules);
  const ownOrder = subscriptionSubject(subscription);
  const following = draft.licenses.filter(
    (one) => one.subscription === subscription || one.order === ownOrder,
  );
  // A `linked` fact would make the charge's order look like the subscription's first order.
  const asked = { ...renewal, facts: renewal.facts.filter(({ body }) => body.kind === 'asked') };
  const held = licensesOf(draft, order.order, renewal);
  const isAnswered = held.some(
    (one) => one.handed !== null && (one.subscription === null || one.subscription === subscription),
  );
  const sold = isAnswered ? undefined : followersOfSale(draft, order, subscription);
  if (sold !== undefined) return answerRebill(draft, sold.licenses, asked, rules);
  const isFirst =
    following.length === 0 ||
    following.some((one) => one.order === order.order) ||
    isKnownFirst(draft, renewal, following);
  if ((isFirst || held.length > 0) && !isTwin(draft, held, renewal)) {
    return answerIssue(
      found,
      { ...renewal, facts: renewal.facts.filter(({ body }) => body.kind !== 'asked') },
      rules,
    );
  }
  const ofProduct = newestReissues(following).filter((one) => one.product === product.id);
  return ofProduct.length > 0
    ? answerRebill(draft, ofProduct, asked, rules)
    : issueUnder(draft, asked, rules);
}

/** An event links the order as the subscription's first order, and no code of later charges was handed out. */
function isKnownFirst(
  draft: Draft,
  { order, subscription }: Renewal,
  following: readonly LedgerLicense[],
): boolean {
  const ownOrder = subscriptionSubject(subscription);
  if (!following.every((one) => one.order === ownOrder && one.handed === null)) return false;
  const names = readNames(draft.facts, new Set(draft.licenses.map((license) => license.order)));
  const name = names.of(orderSubject(order.order));
  return draft.facts.some(
    ({ body, subject }) =>
      body.kind === 'linked' && body.subscription === subscription && names.of(subject) === name,
  );
}

/**
 * One path with two subscriptions in one order: the held units belong to the other subscription. A `sold`
 * fact of the order overrides this; an answered request may also use a subscription name that no event has.
 */
function isTwin(draft: Draft, held: readonly LedgerLicense[], { order, subscription }: Renewal): boolean {
  if (held.length === 0 || held.some((one) => one.subscription === null || one.subscription === subscription))
    return false;
  const subject = orderSubject(order.order);
  const ofOrder = draft.facts.filter((fact) => fact.subject === subject);
  if (ofOrder.some(({ body }) => body.kind === 'sold')) return false;
  const isLinked = ofOrder.some(({ body }) => body.kind === 'linked' && body.subscription === subscription);
  return !isLinked || draft.facts.some((fact) => fact.subject === subscriptionSubject(subscription));
}

/** Another name of the order, its internal id or its reference, that has the requested licenses. */
function otherNameOf(draft: Draft, issue: Issue): string | undefined {
  const orders = new Set(draft.licenses.map(({ order }) => order));
  const names = readNames(draft.facts, orders);
  const name = names.of(orderSubject(issue.order.order));
  return [...orders].find(
    (order) => names.of(orderSubject(order)) === name && licensesOf(draft, order, issue).length > 0,
  );
}

/**
 * The quantity that the order was answered for, else issued for; undefined for seats without an answer. Units
 * handed out one by one count as requested.
 */
function heldQuantity(held: readonly LedgerLicense[], { product }: Issue): number | undefined {
  if (held.length === 0) return undefined;
  const answered = held.filter(({ answer }) => answer !== null);
  const [first] = answered;
  if (first?.answer) return first.answer.byUnit ? answered.length : first.answer.quantity;
  return product.quantity === 'seats' ? undefined : held.length;
}

/**
 * Fewer units are asked for than were paid for, and no request was answered: the request gets all of them. A path that
 * is in an order twice is asked for twice, and the requests look the same.
 */
function isCovered(held: readonly LedgerLicense[], { order }: Issue): boolean {
  return order.quantity < held.length && held.every(({ answer }) => answer === null);
}

/** What was told before the request gives other days than its term: the answer has these. */
function issueAsTold(found: Found, issue: Issue, rules: Rules): Decided<Renewed> {
  const draft = new Draft(found);
  const { order, at } = issue;
  issueUnits(draft, order.order, issue, rules, 'unanswered');
  derive(draft, rules, { now: at, news: draft.addFacts(issue.facts), codes: [] });
  answerHeld(draft, askedOf(licensesOf(draft, order.order, issue), issue), issue);
  settleRefusal(draft, issue);
  derive(draft, rules, { now: at, news: [], codes: [] });
  const held = heldOrder(licensesOf(draft, order.order, issue));
  return { changes: draft.changes, result: { outcome: 'issued', held } };
}

/** A repeat hands out the code of a license that was reissued since. */
function handAgain(draft: Draft, held: readonly LedgerLicense[]): void {
  for (const { number, answer, handed, state } of held) {
    if (answer === null || handed !== HANDED_BEFORE || state === 'revoked') continue;
    draft.touch({ number }, { handed: answer.revision });
  }
}

function answerHeld(draft: Draft, held: readonly LedgerLicense[], issue: Issue): void {
  const { order, product, at, units } = issue;
  for (const license of held) {
    if (license.answer !== null) continue;
    nameCustomer(draft, license, issue);
    const answer = {
      quantity: order.quantity,
      message: product.message.digest,
      at,
      request: null,
      byUnit: units !== 'all',
    };
    draft.answer(draft.license(license.number), answer);
  }
}
