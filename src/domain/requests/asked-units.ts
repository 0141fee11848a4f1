/** The units of a request: existing licenses and new ones. */

import type { LedgerAnswer, LedgerLicense } from '../changes.ts';
import type { Draft } from '../draft.ts';
import { CONFIRMED_WITHIN_MILLISECONDS } from '../flags/wanted-flag.ts';
import type { HeldLicense, HeldOrder, Issue } from '../ledger.ts';
import { entitle, startOfTerm } from '../life/entitle.ts';
import { reminderTime } from '../life/reminder.ts';
import type { Rules } from '../rules.ts';
import { newestReissues } from '../subscriptions/units.ts';
import type { Customer } from '../values/order.ts';
import { subscriptionOf } from '../values/order-subject.ts';
import type { KeptTerms } from '../values/terms.ts';

/** The newest licenses of the requested line's units; licenses of ledgers before schema 6 have no line. */
export function licensesOf(
  draft: Draft,
  order: string,
  { order: { line, product } }: Issue,
): readonly LedgerLicense[] {
  const held = newestReissues(draft.licenses).filter((one) => one.order === order && one.product === product);
  const exact = held.filter((one) => one.line === line);
  const chosen = exact.length > 0 ? exact : held.filter((one) => one.line === '');
  return [...chosen].sort((a, b) => a.unit - b.unit);
}

export function askedOf(licenses: readonly LedgerLicense[], { units }: Issue): readonly LedgerLicense[] {
  return licenses.filter(({ unit }) => units === 'all' || unit === units);
}

/**
 * Whose a unit of an order is, by a request: the customer that the request names, unless the person of the order's other
 * units, or of its subscription's, was erased: nothing that is told later brings them back. null: nobody is named.
 */
export function customerOf(draft: Draft, order: string, { order: asked }: Issue): Customer | number | null {
  const subscription = subscriptionOf(order);
  const isBeside = (one: LedgerLicense) =>
    one.order === order || (subscription !== undefined && one.subscription === subscription);
  const erased = draft.licenses.find(
    (one) => one.customer !== null && one.holder === undefined && isBeside(one),
  );
  if (erased !== undefined) return erased.customer;
  const { name, email } = asked.customer;
  return name === undefined && email === undefined ? null : asked.customer;
}

export function nameCustomer(draft: Draft, license: LedgerLicense, issue: Issue): void {
  const customer = license.customer === null ? customerOf(draft, license.order, issue) : null;
  if (customer !== null) draft.touch(license, { customer });
}

/** `unanswered`: the request is refused, and the units count as not delivered. */
export function issueUnits(
  draft: Draft,
  order: string,
  issue: Issue,
  rules: Rules,
  answered: 'answered' | 'unanswered' = 'answered',
): void {
  const { product, units, at, cause, features, trialEnd, charged } = issue;
  const { quantity, soldAt, line } = issue.order;
  const customer = customerOf(draft, order, issue);
  const kept = rules.currentTerms(product.id) ?? heldTerms(draft, order, product.id, rules);
  if (kept === undefined) throw new TypeError(`product ${product.id} has no terms`);
  const { terms } = kept;
  const entitlement = entitle(terms, quantity, startOfTerm(soldAt, at), { features, trialEnd });
  const count = terms.quantity === 'seats' ? 1 : quantity;
  const isWatched = rules.expectsEvents(draft.found.market.marketplace) && draft.found.market.mode === 'live';
  const numbers = units === 'all' ? Array.from({ length: count }, (_, unit) => unit) : [units];
  const sold = { product: product.id, lastValid: entitlement.lastValid };
  const time = reminderTime(sold, draft.found.market, rules);
  const reminder = time !== undefined && time > at ? time : null;
  for (const unit of numbers) {
    const identity = { ...draft.found.market, order, line, product: product.id, unit };
    draft.issue({
      order,
      line,
      product: product.id,
      reissue: 0,
      minted: rules.minter.mint(identity, entitlement, 0),
      state: 'active',
      customer,
      subscription: null,
      terms: kept.digest,
      lastValid: entitlement.lastValid,
      at,
      cause,
      charged: charged ?? null,
      // A license under a subscription is answered under the order of the charge.
      answer:
        subscriptionOf(order) !== undefined || answered === 'unanswered'
          ? null
          : { quantity, message: product.message.digest, byUnit: units !== 'all' },
      due: earlier(isWatched && unit === 0 ? at + CONFIRMED_WITHIN_MILLISECONDS : null, reminder),
    });
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** The stored terms of the order, for further units of a product whose file was renamed. */
function heldTerms(
  draft: Draft,
  order: string,
  product: string,
  { findTerms }: Rules,
): KeptTerms | undefined {
  const held = draft.licenses.find((license) => license.order === order && license.product === product);
  const digest = held?.terms ?? null;
  const terms = digest === null ? undefined : findTerms(digest);
  return terms === undefined || digest === null ? undefined : { digest, terms };
}

export function heldOrder(licenses: readonly LedgerLicense[]): HeldOrder {
  const [first, ...others] = licenses.map(heldLicense);
  const [record] = licenses;
  if (first === undefined || record === undefined) throw new TypeError('an order without licenses');
  const isErased = record.customer !== null && record.holder === undefined;
  return { licenses: [first, ...others], customer: isErased ? undefined : (record.holder ?? NOBODY) };
}

const NOBODY: Customer = { name: undefined, email: undefined };

function heldLicense(record: LedgerLicense & { readonly answer: LedgerAnswer | null }): HeldLicense {
  const { id, line, subscription, unit, state, revision, code, answer, handed } = record;
  return { id, line, subscription, unit, state, revision, code, answer, handed };
}
