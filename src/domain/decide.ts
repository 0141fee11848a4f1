/** Decisions about events, operators' facts and elapsed time: facts in, changes out. */

import { withAnnouncements } from './announcements/announce.ts';
import { fetchOf, withFetch } from './announcements/fetching.ts';
import { type Decided, type Found, HANDED_BEFORE, type LedgerLicense } from './changes.ts';
import { derive } from './derive.ts';
import { Draft } from './draft.ts';
import { notAhead } from './facts/ahead.ts';
import type { MarketplaceEvent } from './facts/event.ts';
import type { Fact, FactKind } from './facts/fact.ts';
import { licenseIdText, licenseSubject } from './facts/license-subject.ts';
import { notesOfUnits } from './flags/stated-units.ts';
import { heldCodes, learnedFacts, noteHeld } from './held-codes.ts';
import type { Issue, Renewal, Renewed } from './ledger.ts';
import { reminderMoment } from './life/reminder.ts';
import { answerIssue, answerRenewal } from './requests/answer.ts';
import type { Rules } from './rules.ts';
import { unitKey } from './sales/line-key.ts';
import { nameCustomers, type OtherPeople } from './sales/name-customers.ts';
import { issueAsSold } from './sales/sold-as.ts';
import { orderSubject } from './values/order-subject.ts';

export interface EventResult {
  /** `unmatched`: the event concerns nothing in the ledger. */
  readonly outcome: 'applied' | 'unmatched';
  readonly others: readonly OtherPeople[];
}

export function decideEvent(
  found: Found,
  event: Pick<MarketplaceEvent, 'facts' | 'codes' | 'people'> & Partial<MarketplaceEvent>,
  rules: Rules,
  now: number,
): Decided<EventResult> {
  const draft = new Draft(found);
  // Facts of the other mode are decided on the data of that mode.
  const facts = event.facts
    .filter(({ mode }) => mode === found.market.mode)
    .map((fact) => notAhead(asHeld(fact, found, rules), found.facts, now));
  const held = heldCodes(draft, event.codes, rules);
  noteHeld(draft, held);
  const news = draft.addFacts([
    ...facts,
    ...notesOfUnits(facts, (fact) => draft.known(fact)),
    ...learnedFacts(found.market, held, facts, now),
  ]);
  const view = derive(draft, rules, { now, news, codes: event.codes });
  const others = nameCustomers(draft, event.people, view);
  const isMatched = event.facts.length === 0 || draft.licenses.length > 0 || view.lines.length > 0;
  const result = { outcome: isMatched ? ('applied' as const) : ('unmatched' as const), others };
  const decided = { changes: draft.changes, result };
  const fetch = fetchOf(event, found.market, rules);
  if (fetch !== undefined) return withFetch(withAnnouncements(found, decided, rules, now, 'awaited'), fetch);
  return withAnnouncements(found, decided, rules, now, event.isCompletion === true ? 'completed' : undefined);
}

export function decideIssue(found: Found, issue: Issue, rules: Rules): Decided<Renewed> {
  return withAnnouncements(
    found,
    answerIssue(found, issueAsSold(found, issue, rules), rules),
    rules,
    issue.at,
  );
}

export function decideRenewal(found: Found, renewal: Renewal, rules: Rules): Decided<Renewed> {
  const decided = answerRenewal(found, issueAsSold(found, renewal, rules), rules);
  return withAnnouncements(found, decided, rules, renewal.at);
}

/**
 * A line with licenses keeps the product that it was sold as, even if another product file lists its path now; and its name,
 * even if the marketplace names it otherwise now (a variant that was renamed).
 */
function asHeld(
  fact: Fact,
  { licenses, facts }: Pick<Found, 'licenses' | 'facts'>,
  rules: Pick<Rules, 'findProduct'>,
): Fact {
  const { body, subject, key } = fact;
  if (body.kind === 'confirmed' && body.product !== undefined) {
    const product = paidAsHeld(body.product, subject, licenses, rules);
    return { ...fact, body: { ...body, product } };
  }
  if (body.kind === 'paid' && body.part === 'first' && body.covers !== undefined) {
    const covers = body.covers.map((each) => ({
      ...each,
      product: paidAsHeld(each.product, body.charge, licenses, rules),
    }));
    return { ...fact, body: { ...body, covers } };
  }
  if ((body.kind !== 'sold' && body.kind !== 'linked') || !body.line) return fact;
  const ofOrder = licenses.filter(({ order }) => subject === orderSubject(order));
  if (ofOrder.length === 0) return fact;
  const before = facts.find((one) => one.subject === subject && one.key === key)?.body;
  const known = before?.kind === body.kind ? before.line : undefined;
  const line = ofOrder.some((license) => license.line === known) ? known : body.line;
  const held = ofOrder.filter((license) => license.line === line);
  const [first] = held;
  if (first === undefined) return fact;
  if (body.kind === 'linked') return { ...fact, body: { ...body, line: first.line } };
  const isKept = held.some(({ product }) => product === body.product);
  return { ...fact, body: { ...body, line: first.line, ...(!isKept && { product: first.product }) } };
}

/** A payment names no line: its product may be the sold one under the new name of its file. */
function paidAsHeld(
  product: string | null | undefined,
  order: Fact['subject'] | undefined,
  licenses: Found['licenses'],
  { findProduct }: Pick<Rules, 'findProduct'>,
): string | null {
  const held = licenses.filter((license) => order === orderSubject(license.order));
  if (held.some((license) => license.product === product)) return product ?? null;
  const renamed = held.find((license) => findProduct(license.product) === undefined);
  return renamed?.product ?? product ?? null;
}

/** Decisions about one license, which are about the newest of its unit. */
const DECISIONS: ReadonlySet<FactKind> = new Set([
  'set-until',
  'set-updates',
  'stopped',
  'reinstated',
  'withdrawn',
]);

/** A reissue came between a decision and its act: two licenses of a unit are never active. */
function isOfReplaced({ subject, body }: Fact, { licenses }: Found): boolean {
  if (!DECISIONS.has(body.kind)) return false;
  const decided = licenses.find(({ id }) => licenseSubject(id) === subject);
  return (
    decided !== undefined &&
    licenses.some((one) => one.reissue > decided.reissue && unitKey(one) === unitKey(decided))
  );
}

/**
 * Decides facts of an operator, or of a code seen outside. True: a license changed. A decision about a license that was
 * reissued is dropped.
 */
export function decideFacts(
  found: Found,
  facts: readonly Fact[],
  rules: Rules,
  now: number,
): Decided<boolean> {
  const draft = new Draft(found);
  const before = new Map(found.licenses.map(({ number, state, revision }) => [number, { state, revision }]));
  const news = draft.addFacts(facts.filter((fact) => !isOfReplaced(fact, found)));
  if (news.length > 0) derive(draft, rules, { now, news, codes: [] });
  const changed = draft.licenses.some(({ number, state, revision }) => {
    const was = before.get(number);
    return was === undefined || was.state !== state || was.revision !== revision;
  });
  return withAnnouncements(found, { changes: draft.changes, result: changed }, rules, now);
}

/**
 * Ends a license and issues a successor for the same unit with the entitlement of the first code. Returns the
 * new id; for a license that has a successor, that of the newest, and changes nothing.
 */
export function decideReissue(found: Found, id: Uint8Array, fact: Fact, rules: Rules): Decided<Uint8Array> {
  const draft = new Draft(found);
  const old = found.licenses.find((license) => Buffer.compare(license.id, id) === 0);
  if (old === undefined) throw new TypeError('the license was not loaded');
  const { minter } = rules;
  const ofUnit = found.licenses.filter((license) => unitKey(license) === unitKey(old));
  const newest = ofUnit.reduce((last, license) => (license.reissue > last.reissue ? license : last), old);
  if (newest !== old) return { changes: draft.changes, result: newest.id };
  const reissue = old.reissue + 1;
  const { order, line, product, unit } = old;
  const entitlement = minter.entitlementOf(old.firstCode);
  const minted = minter.mint({ ...found.market, order, line, product, unit, reissue }, entitlement, 0);
  const news = draft.addFacts([fact]);
  const fresh = draft.issue({
    order,
    line,
    product,
    reissue,
    minted,
    state: 'active',
    customer: old.customer,
    subscription: old.subscription,
    terms: old.terms ?? rules.currentTerms(product)?.digest ?? '',
    lastValid: entitlement.lastValid,
    at: fact.at,
    cause: `${fact.cause} (in place of ${licenseIdText(id)})`,
    charged: old.charged,
    answer: null,
    due: null,
  });
  inheritDecisions(draft, old, fresh, reissue);
  if (old.handed !== null) draft.touch(fresh, { handed: HANDED_BEFORE });
  derive(draft, rules, { now: fact.at, news, codes: [] });
  // From now on a repeat of the order's request gets the successor's code, always the same.
  if (old.answer !== null) {
    const { quantity, message, byUnit } = old.answer;
    const answer = { quantity, message, byUnit, at: fact.at, request: null, isAhead: true } as const;
    draft.answer(draft.license(fresh.number), answer);
  }
  return withAnnouncements(found, { changes: draft.changes, result: minted.id }, rules, fact.at);
}

/** Copies an operator's decisions of before the reissue from the old license to the new one: what was revoked stays revoked. */
function inheritDecisions(draft: Draft, old: LedgerLicense, fresh: LedgerLicense, reissue: number): void {
  const subject = licenseSubject(fresh.id);
  const decisions = draft.found.facts.filter(
    (fact) =>
      fact.subject === licenseSubject(old.id) && fact.body.kind !== 'learned' && fact.body.kind !== 'handed',
  );
  draft.addFacts(decisions.map((fact) => ({ ...fact, subject, key: `${fact.key}:${reissue}` })));
}

/**
 * Decides changes that are due by time alone. A reminder is settled as of its own time: what is due after it keeps its
 * own day, and is settled by the next call.
 */
export function decideDue(found: Found, rules: Rules, now: number): Decided<undefined> {
  const draft = new Draft(found);
  derive(draft, rules, { now: reminderMoment(found, rules, now) ?? now, news: [], codes: [] });
  return withAnnouncements(found, { changes: draft.changes, result: undefined }, rules, now);
}
