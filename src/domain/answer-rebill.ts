/** Decides what a request for a further charge of a subscription is answered with: the codes of now, once an order. */

import { heldOrder, issueUnits, licensesOf } from './asked-units.ts';
import type { Decided, LicenseRecord } from './changes.ts';
import type { Draft } from './draft.ts';
import type { Fact } from './fact.ts';
import type { Issue, Renewal, Renewed } from './ledger.ts';
import { licenseSubject } from './license-subject.ts';
import { isTaken } from './money.ts';
import { readNames } from './names.ts';
import { orderSubject, subscriptionSubject } from './order-subject.ts';
import type { Rules } from './rules.ts';
import { settle } from './settle.ts';
import { termsFor } from './terms-of.ts';
import { isOf, newestReissues } from './units.ts';
import { readView, type View } from './view.ts';

/** An order that is known as a further charge of a subscription is no new sale: the licenses that it pays for. */
export function followersOfCharge(
  draft: Draft,
  { order, product }: Issue['order'],
): { readonly subscription: string; readonly licenses: readonly LicenseRecord[] } | undefined {
  if (draft.facts.length === 0) return undefined;
  const names = readNames(draft.facts, new Set(draft.licenses.map((license) => license.order)));
  for (const subscription of names.chargedTo(orderSubject(order))) {
    const licenses = newestReissues(draft.licenses).filter(
      (one) =>
        one.product === product &&
        (one.subscription === subscription || one.order === subscriptionSubject(subscription)),
    );
    if (licenses.length > 0) return { subscription, licenses };
  }
  return undefined;
}

/** The units of a line that was sold, where they are at home in its subscription (homes.ts). */
export function followersOfSale(
  draft: Draft,
  { order, product, line }: Issue['order'],
  asked?: string,
): { readonly subscription: string; readonly licenses: readonly LicenseRecord[] } | undefined {
  const isFollowing = ({ body }: Fact) =>
    body.kind === 'linked' || (body.kind === 'sold' && body.subscription !== undefined);
  if (!draft.facts.some(isFollowing)) return undefined;
  const sales = readView(draft.facts, draft.licenses).lines.filter(
    (sale) =>
      sale.order === order &&
      sale.product === product &&
      (line === '' || line === sale.line) &&
      (asked === undefined || asked === sale.subscription),
  );
  // What is at home in the order is answered as the order's own.
  if (sales.some(({ home }) => home === order)) return undefined;
  for (const sale of sales) {
    const licenses = newestReissues(draft.licenses).filter((license) => isOf(license, sale));
    if (licenses.length > 0 && sale.subscription !== null)
      return { subscription: sale.subscription, licenses };
  }
  return undefined;
}

/** A license of its own under the subscription: for a product that it is not known to be for. */
export function issueUnder(draft: Draft, renewal: Renewal, rules: Rules): Decided<Renewed> {
  const brought = subscriptionSubject(renewal.subscription);
  issueUnits(draft, brought, renewal, rules);
  const { changes, result } = answerRebill(draft, licensesOf(draft, brought, renewal), renewal, rules);
  return { changes, result: 'held' in result ? { ...result, outcome: 'issued' } : result };
}

/** Answers a further charge with the codes of now: the same again for the same order. */
function handOut(
  draft: Draft,
  licenses: readonly LicenseRecord[],
  { order, product, at }: Renewal,
): readonly LicenseRecord[] {
  const request = order.order;
  const message = product.message.digest;
  return licenses.map(({ number }) => {
    if (draft.rebill(number, request) === undefined) {
      draft.answer(draft.record(number), { quantity: order.quantity, message, at, request, alone: false });
    }
    const record = draft.record(number);
    return { ...record, answer: draft.rebill(number, request) ?? record.answer };
  });
}

/** The codes of now of licenses that are known, and the same again for the same order. */
export function answerRebill(
  draft: Draft,
  alike: readonly LicenseRecord[],
  renewal: Renewal,
  rules: Rules,
): Decided<Renewed> {
  const { order, at, product } = renewal;
  const given = alike.filter(({ number }) => draft.rebill(number, order.order) !== undefined);
  const before = given[0] && draft.rebill(given[0].number, order.order);
  if (before !== undefined && before.quantity !== order.quantity)
    return { changes: draft.changes, result: { outcome: 'conflict', heldQuantity: before.quantity } };
  const news = draft.addFacts(renewal.facts);
  const view = settle(draft, rules, { now: at, news, codes: [] });
  const now = alike.map(({ number }) => draft.record(number));
  if (now.length > 0 && now.every((license) => isTakenBack(license, renewal, { draft, view, rules })))
    return { changes: draft.changes, result: { outcome: 'revoked' } };
  const repeated = now.filter(
    ({ number, state }) => state !== 'revoked' && given.some((one) => one.number === number),
  );
  // A repeat gets what it got before, whatever came since but a revocation.
  if (repeated.length > 0) {
    const held = heldOrder(handOut(draft, repeated, renewal));
    return { changes: draft.changes, result: { outcome: 'repeated', held } };
  }
  const live = now.filter(({ state }) => state === 'active');
  if (live.length === 0) {
    const isSuspended = now.some(({ state }) => state === 'suspended');
    raise(
      draft,
      renewal,
      'revoked-but-paid',
      `${isSuspended ? 'suspended' : 'revoked or ended'}: it was answered with an error`,
    );
    return { changes: draft.changes, result: { outcome: isSuspended ? 'suspended' : 'revoked' } };
  }
  const isSeats = product.quantity === 'seats';
  if (!isSeats && order.quantity > live.length) {
    raise(draft, renewal, 'too-many-units', `for ${live.length} units, and ${order.quantity} were asked for`);
    return { changes: draft.changes, result: { outcome: 'too many units', known: live.length } };
  }
  const held = handOut(draft, isSeats ? live : live.slice(0, order.quantity), renewal);
  return { changes: draft.changes, result: { outcome: 'repeated', held: heldOrder(held) } };
}

/** The money of the request's own charge went back: a code of its period must not be mailed again. */
function isTakenBack(
  license: LicenseRecord,
  { order, subscription }: Renewal,
  { draft, view, rules }: { readonly draft: Draft; readonly view: View; readonly rules: Rules },
): boolean {
  const money = view.money.get(view.names.of(orderSubject(order.order)));
  if (money === undefined) return false;
  const isUndone = view
    .factsOf(licenseSubject(license.id))
    .some(({ body, at }) => body.kind === 'reinstated' && at >= (money.fullAt ?? money.lastAt));
  const terms = termsFor(license, view, draft.licenses, rules);
  return (
    !isUndone &&
    terms !== undefined &&
    isTaken(money, terms, { line: order.line || license.line, subscription })
  );
}

function raise(
  draft: Draft,
  { order, subscription, at, product }: Renewal,
  kind: 'revoked-but-paid' | 'too-many-units',
  what: string,
): void {
  const key = `act:${kind}:${order.order}`;
  const reason = `Order ${order.order} asks for a charge of subscription ${subscription}, whose license of ${product.id} is ${what}`;
  draft.raise({
    ...draft.story.market,
    key,
    kind,
    reason,
    order: order.order,
    product: product.id,
    event: null,
    at,
  });
}
