/** Decides what a license request is answered with: exactly one license a unit, whatever is repeated. */
import type { AnswerRecord, Decided, LicenseRecord, Story } from './changes.ts';
import { Draft } from './draft.ts';
import { entitle, startOfTerm } from './entitle.ts';
import type { HeldLicense, HeldOrder, Issue, Renewal, Renewed } from './ledger.ts';
import { readNames } from './names.ts';
import type { Customer } from './order.ts';
import type { Rules } from './rules.ts';
import { settle } from './settle.ts';
import { newestReissues } from './units.ts';
import { SUBSCRIPTION_ORDER } from './view.ts';
import { CONFIRMED_WITHIN_MILLISECONDS } from './watch.ts';

/** The order's own request: a license for each unit, or the answer that was given before. */
export function decideIssue(story: Story, issue: Issue, rules: Rules): Decided<Renewed> {
  const draft = new Draft(story);
  const { order, units } = issue;
  const held = licensesOf(draft, order.order, issue);
  const charged = held.length === 0 ? followersOfCharge(draft, order) : undefined;
  if (charged !== undefined)
    return answerRebill(draft, charged.licenses, { ...issue, subscription: charged.subscription }, rules);
  const quantity = heldQuantity(held, issue);
  if (units === 'all' && quantity !== undefined && quantity !== order.quantity) {
    return { changes: draft.changes, result: { outcome: 'conflict', heldQuantity: quantity } };
  }
  const asked = units === 'all' ? held : held.filter(({ unit }) => unit === units);
  if (asked.length > 0) answerHeld(draft, asked, issue);
  else issueUnits(draft, order.order, issue, rules);
  const news = draft.addFacts(issue.facts);
  // What was told before the request came has waited for it. A plain sale has nothing to settle.
  if (draft.facts.length > 0) {
    settle(draft, rules, { now: issue.at, news, codes: [] });
  }
  const outcome = asked.length > 0 ? 'repeated' : 'issued';
  return {
    changes: draft.changes,
    result: { outcome, held: heldOrder(licensesOf(draft, order.order, issue)) },
  };
}

/** An order that is known as a further charge of a subscription is no new sale: the licenses that it pays for. */
function followersOfCharge(
  draft: Draft,
  { order, product }: Issue['order'],
): { readonly subscription: string; readonly licenses: readonly LicenseRecord[] } | undefined {
  if (draft.facts.length === 0) return undefined;
  const names = readNames(draft.facts, new Set(draft.licenses.map((license) => license.order)));
  for (const subscription of names.chargedTo(`order:${order}`)) {
    const licenses = newestReissues(draft.licenses).filter(
      (one) =>
        one.product === product &&
        (one.subscription === subscription || one.order === `${SUBSCRIPTION_ORDER}${subscription}`),
    );
    if (licenses.length > 0) return { subscription, licenses };
  }
  return undefined;
}

/**
 * A request that names a subscription: of its first order; of a further charge (then the codes of now); or for another
 * product of a known subscription, which it cannot tell from an add-on (then a license of its own under the subscription).
 */
export function decideRenewal(story: Story, renewal: Renewal, rules: Rules): Decided<Renewed> {
  const { order, subscription, product } = renewal;
  const draft = new Draft(story);
  const brought = `${SUBSCRIPTION_ORDER}${subscription}`;
  const following = draft.licenses.filter(
    (one) => one.subscription === subscription || one.order === brought,
  );
  const isFirst = following.length === 0 || following.some((one) => one.order === order.order);
  if (isFirst || licensesOf(draft, order.order, renewal).length > 0) {
    return decideIssue(
      story,
      { ...renewal, facts: renewal.facts.filter(({ body }) => body.kind !== 'asked') },
      rules,
    );
  }
  // A link would make the charge's order look like the subscription's first one.
  const asked = { ...renewal, facts: renewal.facts.filter(({ body }) => body.kind === 'asked') };
  const alike = newestReissues(following).filter((one) => one.product === product.id);
  return alike.length > 0
    ? answerRebill(draft, alike, asked, rules)
    : issueUnder(draft, brought, asked, rules);
}

function issueUnder(draft: Draft, brought: string, renewal: Renewal, rules: Rules): Decided<Renewed> {
  issueUnits(draft, brought, renewal, rules);
  const news = draft.addFacts(renewal.facts);
  settle(draft, rules, { now: renewal.at, news, codes: [] });
  const held = licensesOf(draft, brought, renewal);
  return { changes: draft.changes, result: { outcome: 'issued', held: heldOrder(held) } };
}

/** The codes of now of licenses that are known, and the same again for the same order. */
function answerRebill(
  draft: Draft,
  alike: readonly LicenseRecord[],
  renewal: Renewal,
  rules: Rules,
): Decided<Renewed> {
  const { order, at, product } = renewal;
  const given = alike.filter(({ number }) => draft.rebill(number, order.order) !== undefined);
  const news = draft.addFacts(renewal.facts);
  settle(draft, rules, { now: at, news, codes: [] });
  const now = alike.map(({ number }) => draft.record(number));
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
  if (given.length === 0 && !isSeats && order.quantity > live.length) {
    raise(draft, renewal, 'too-many-units', `for ${live.length} units, and ${order.quantity} were asked for`);
    return { changes: draft.changes, result: { outcome: 'too many units', known: live.length } };
  }
  const chosen =
    given.length > 0
      ? live.filter(({ number }) => given.some((one) => one.number === number))
      : isSeats
        ? live
        : live.slice(0, order.quantity);
  for (const license of chosen) {
    if (draft.rebill(license.number, order.order) !== undefined) continue;
    draft.answer(license, {
      quantity: order.quantity,
      message: product.message.digest,
      at,
      request: order.order,
      alone: false,
    });
  }
  const held = chosen.map(({ number }) => {
    const record = draft.record(number);
    return { ...record, answer: draft.rebill(number, order.order) ?? record.answer };
  });
  return { changes: draft.changes, result: { outcome: 'repeated', held: heldOrder(held) } };
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

/** The licenses of the line that is asked for, of each unit the newest; those of a ledger before schema 6 have no line. */
function licensesOf(
  draft: Draft,
  order: string,
  { order: { line, product } }: Issue,
): readonly LicenseRecord[] {
  const held = newestReissues(draft.licenses).filter((one) => one.order === order && one.product === product);
  const exact = held.filter((one) => one.line === line);
  const chosen = exact.length > 0 ? exact : held.filter((one) => one.line === '');
  return [...chosen].sort((a, b) => a.unit - b.unit);
}

/**
 * For how many units an order was answered, else issued; unknown for seats that were never answered. Where units were
 * handed out one by one before, only as many count as were asked for.
 */
function heldQuantity(held: readonly LicenseRecord[], { product }: Issue): number | undefined {
  if (held.length === 0) return undefined;
  const answered = held.filter(({ answer }) => answer !== null);
  const [first] = answered;
  if (first?.answer) return first.answer.alone ? answered.length : first.answer.quantity;
  return product.quantity === 'seats' ? undefined : held.length;
}

function answerHeld(draft: Draft, held: readonly LicenseRecord[], issue: Issue): void {
  const { order, product, at, units } = issue;
  for (const license of held) {
    if (license.answer !== null) continue;
    if (license.customer === null && isSomebody(order.customer)) {
      draft.touch(license, { customer: order.customer });
    }
    const answer = {
      quantity: order.quantity,
      message: product.message.digest,
      at,
      request: null,
      alone: units !== 'all',
    };
    draft.answer(draft.record(license.number), answer);
  }
}

function isSomebody({ name, email }: Issue['order']['customer']): boolean {
  return name !== undefined || email !== undefined;
}

function issueUnits(draft: Draft, order: string, issue: Issue, rules: Rules): void {
  const { product, units, at, cause, features, trialEnd, charged } = issue;
  const { quantity, soldAt, customer, line } = issue.order;
  const kept = rules.currentTerms(product.id);
  if (kept === undefined) throw new TypeError(`product ${product.id} has no terms`);
  const { terms } = kept;
  const entitlement = entitle(terms, quantity, startOfTerm(soldAt, at), { features, trialEnd });
  const count = terms.quantity === 'seats' ? 1 : quantity;
  const isWatched = rules.expectsEvents(draft.story.market.marketplace) && draft.story.market.mode === 'live';
  const numbers = units === 'all' ? Array.from({ length: count }, (_, unit) => unit) : [units];
  for (const unit of numbers) {
    const identity = { ...draft.story.market, order, line, product: product.id, unit };
    draft.issue({
      order,
      line,
      product: product.id,
      reissue: 0,
      minted: rules.minter.mint(identity, entitlement, 0),
      state: 'active',
      customer: isSomebody(customer) ? customer : null,
      subscription: null,
      terms: kept.digest,
      lastValid: entitlement.lastValid,
      at,
      cause,
      charged: charged ?? null,
      answer: { quantity, message: product.message.digest, alone: units !== 'all' },
      due: isWatched && unit === 0 ? at + CONFIRMED_WITHIN_MILLISECONDS : null,
    });
  }
}

function heldOrder(licenses: readonly LicenseRecord[]): HeldOrder {
  const [first, ...others] = licenses.map(heldLicense);
  const [record] = licenses;
  if (first === undefined || record === undefined) throw new TypeError('an order without licenses');
  const isErased = record.customer !== null && record.holder === undefined;
  return { licenses: [first, ...others], customer: isErased ? undefined : (record.holder ?? NOBODY) };
}

const NOBODY: Customer = { name: undefined, email: undefined };

export function heldLicense(record: LicenseRecord & { readonly answer: AnswerRecord | null }): HeldLicense {
  const { id, line, unit, state, revision, code, answer } = record;
  return { id, line, unit, state, revision, code, answer };
}
