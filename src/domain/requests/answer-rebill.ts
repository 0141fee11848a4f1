/** Decides the answer to a request for a further charge of a subscription: the current codes, fixed once per order. */

import type { Decided, LedgerLicense } from '../changes.ts';
import { derive } from '../derive.ts';
import type { Draft } from '../draft.ts';
import type { Fact } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import { readNames } from '../facts/names.ts';
import { actKey } from '../flags/act-keys.ts';
import { hasFailed } from '../flags/answered-failures.ts';
import { rebillKey } from '../flags/answered-rebills.ts';
import type { Issue, Renewal, Renewed } from '../ledger.ts';
import { termsFor } from '../life/terms-of.ts';
import { chargedLine } from '../money/charged-lines.ts';
import { isTaken } from '../money/returned-lines.ts';
import type { Rules } from '../rules.ts';
import { unitKey } from '../sales/line-key.ts';
import { belongsTo, newestReissues, readUnits } from '../subscriptions/units.ts';
import { readWithdrawals } from '../subscriptions/withdrawn-units.ts';
import { BY_ITSELF, type Flag, firstKey, nextKey } from '../values/flag.ts';
import { orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import { readView, type View } from '../view.ts';
import { heldOrder, issueUnits, licensesOf } from './asked-units.ts';

/** The licenses that the order pays for, if it is known as a further charge of a subscription and so is no new sale. */
export function followersOfCharge(
  draft: Draft,
  { order, product }: Issue['order'],
): { readonly subscription: string; readonly licenses: readonly LedgerLicense[] } | undefined {
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

/** The units of a sold line whose licenses are identified by its subscription (homes.ts). */
export function followersOfSale(
  draft: Draft,
  { order, product, line }: Issue['order'],
  asked?: string,
): { readonly subscription: string; readonly licenses: readonly LedgerLicense[] } | undefined {
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
  // Lines whose licenses are identified by the order are answered as the order's own.
  if (sales.some(({ home }) => home === order)) return undefined;
  for (const sale of sales) {
    const licenses = newestReissues(draft.licenses).filter((license) => belongsTo(license, sale));
    if (licenses.length > 0 && sale.subscription !== null)
      return { subscription: sale.subscription, licenses };
  }
  return undefined;
}

/** Issues a license under the subscription, for a product that the subscription is not known to cover. */
export function issueUnder(draft: Draft, renewal: Renewal, rules: Rules): Decided<Renewed> {
  const ownOrder = subscriptionSubject(renewal.subscription);
  issueUnits(draft, ownOrder, renewal, rules);
  const { changes, result } = answerRebill(draft, licensesOf(draft, ownOrder, renewal), renewal, rules);
  return { changes, result: 'held' in result ? { ...result, outcome: 'issued' } : result };
}

/** Answers a further charge with the current codes; a repeat of the order gets the same codes. */
function handOut(
  draft: Draft,
  licenses: readonly LedgerLicense[],
  { order, product, at }: Renewal,
): readonly LedgerLicense[] {
  const request = order.order;
  const message = product.message.digest;
  return licenses.map(({ number }) => {
    if (draft.rebill(number, request) === undefined) {
      draft.answer(draft.license(number), { quantity: order.quantity, message, at, request, byUnit: false });
    }
    const record = draft.license(number);
    return { ...record, answer: draft.rebill(number, request) ?? record.answer };
  });
}

/** Answers with the current codes of known licenses; a repeat of the order gets the same codes. */
export function answerRebill(
  draft: Draft,
  licenses: readonly LedgerLicense[],
  renewal: Renewal,
  rules: Rules,
): Decided<Renewed> {
  const { order, at, product } = renewal;
  const answeredBefore = licenses.filter(({ number }) => draft.rebill(number, order.order) !== undefined);
  const before = answeredBefore[0] && draft.rebill(answeredBefore[0].number, order.order);
  if (before !== undefined && before.quantity !== order.quantity)
    return { changes: draft.changes, result: { outcome: 'conflict', heldQuantity: before.quantity } };
  const news = draft.addFacts(renewal.facts);
  const view = derive(draft, rules, { now: at, news, codes: [] });
  const now = licenses.map(({ number }) => draft.license(number));
  if (now.length > 0 && now.every((license) => isTakenBack(license, renewal, { draft, view, rules })))
    return { changes: draft.changes, result: { outcome: 'revoked' } };
  const repeated = now.filter(
    ({ number, state }) => state !== 'revoked' && answeredBefore.some((one) => one.number === number),
  );
  // A repeat gets the stored answer; only a revocation changes that.
  if (repeated.length > 0) {
    const held = heldOrder(handOut(draft, repeated, renewal));
    return { changes: draft.changes, result: { outcome: 'repeated', held } };
  }
  const live = now.filter(({ state }) => state === 'active');
  if (live.length === 0) {
    const is = (wanted: LedgerLicense['state']) => now.some(({ state }) => state === wanted);
    const outcome = is('suspended') ? 'suspended' : is('ended') ? 'ended' : 'revoked';
    const flag = { kind: 'revoked-but-paid', key: actKey('revoked-but-paid', order.order) } as const;
    raise(draft, renewal, flag, `${outcome}: it was answered with an error`);
    return { changes: draft.changes, result: { outcome } };
  }
  const isSeats = product.quantity === 'seats';
  if (!isSeats && order.quantity > live.length) {
    const asked = `for ${live.length} units, and ${order.quantity} were asked for`;
    // A returned, revoked or suspended unit keeps no code of the others from the customer.
    const left = unitsLeft(renewal.subscription, { draft, view, rules });
    const known = now.filter((one) => one.state !== 'ended' && !left.has(unitKey(one))).length;
    if (order.quantity > known) {
      raise(draft, renewal, { kind: 'too-many-units', key: actKey('too-many-units', order.order) }, asked);
      return { changes: draft.changes, result: { outcome: 'too many units', known: live.length } };
    }
    const flag = { kind: 'revoked-but-paid', key: actKey('fewer-units', order.order) } as const;
    raise(draft, renewal, flag, `${asked}: the codes of those were sent`);
  }
  const held = handOut(draft, isSeats ? live : pick(live, renewal, view), renewal);
  settleRefusal(draft, renewal);
  // What waited for this answer is settled with it.
  if (hasFailed(order.order, view)) draft.addFacts([answeredNote(renewal)]);
  if (draft.found.flags.some(isWaiting)) derive(draft, rules, { now: at, news: [], codes: [] });
  return { changes: draft.changes, result: { outcome: 'repeated', held: heldOrder(held) } };
}

interface Derived {
  readonly draft: Draft;
  readonly view: View;
  readonly rules: Rules;
}

/** The keys of units that the subscription was for, and is no more: `ended: revoke` revokes them. */
function unitsLeft(id: string, { draft, view, rules }: Derived): ReadonlySet<string> {
  const subscription = view.subscriptions.get(id);
  if (subscription === undefined) return new Set();
  const termsOf = (license: LedgerLicense) => termsFor(license, view, draft.licenses, rules);
  const withdrawals = readWithdrawals(view.facts);
  const units = readUnits(subscription, draft.licenses, { termsOf, withdrawals });
  return new Set([...units].flatMap(([key, { leftAt }]) => (leftAt === undefined ? [] : [key])));
}

/** A charge for a change within a period asks for the units that it added: those that nobody was given. */
function pick(
  live: readonly LedgerLicense[],
  { order, subscription }: Renewal,
  { names, subscriptions }: View,
): readonly LedgerLicense[] {
  const charge = names.of(orderSubject(order.order));
  const isChange = subscriptions
    .get(subscription)
    ?.facts.some(
      ({ body }) =>
        body.kind === 'paid' &&
        body.part === 'proration' &&
        body.charge !== undefined &&
        names.of(body.charge) === charge,
    );
  const isGiven = ({ handed }: LedgerLicense) => isChange === true && handed !== null;
  const wanted = [...live.filter((one) => !isGiven(one)), ...live.filter(isGiven)].slice(0, order.quantity);
  return live.filter((one) => wanted.includes(one));
}

function answeredNote({ order: { marketplace, mode, order, product }, at }: Renewal): Fact {
  return {
    marketplace,
    mode,
    subject: orderSubject(order),
    key: rebillKey(order, product, at),
    at,
    cause: `license request ${order}`,
    body: { kind: 'noted', note: 'the license request was answered' },
  };
}

function isWaiting({ kind, settledAt }: Flag): boolean {
  return settledAt === null && (kind === 'undelivered' || kind === 'refused');
}

/** The request's own charge was returned, so a code of its period must not be mailed again. */
function isTakenBack(
  license: LedgerLicense,
  { order, subscription }: Renewal,
  { draft, view, rules }: Derived,
): boolean {
  const charge = view.names.of(orderSubject(order.order));
  const money = view.money.get(charge);
  if (money === undefined) return false;
  const isUndone = view
    .factsOf(licenseSubject(license.id))
    .some(({ body, at }) => body.kind === 'reinstated' && at >= (money.fullAt ?? money.lastAt));
  const terms = termsFor(license, view, draft.licenses, rules);
  return (
    !isUndone &&
    terms !== undefined &&
    isTaken(money, terms, chargedLine(charge, order.line || license.line, subscription, view))
  );
}

/** The error that an earlier request of the order was answered with is over. */
export function settleRefusal(draft: Draft, { order, at }: Pick<Issue, 'order' | 'at'>): void {
  const over = [actKey('revoked-but-paid', order.order), actKey('too-many-units', order.order)];
  for (const { id, key, settledAt } of draft.found.flags)
    if (settledAt === null && over.includes(firstKey(key))) draft.clear(id, at, ANSWERED);
}

const ANSWERED = `${BY_ITSELF}: the request was answered`;

function raise(
  draft: Draft,
  { order, subscription, at, product }: Renewal,
  { kind, key }: { readonly kind: 'revoked-but-paid' | 'too-many-units'; readonly key: string },
  what: string,
): void {
  // An error after an answer is news; a retry of a request that was refused is none.
  const next = nextKey(key, draft.found.flags, ({ settledBy }) => settledBy === ANSWERED);
  if (next === undefined) return;
  const reason = `Order ${order.order} asks for a charge of subscription ${subscription}, whose license of ${product.id} is ${what}`;
  draft.raise({
    ...draft.found.market,
    key: next,
    kind,
    reason,
    order: order.order,
    product: product.id,
    event: null,
    at,
  });
}
