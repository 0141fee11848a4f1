/** A first license request whose license is no code to mail: refused, and flagged. */
import type { Decided, Found, LedgerLicense } from '../changes.ts';
import { derive } from '../derive.ts';
import { Draft } from '../draft.ts';
import { actKey } from '../flags/act-keys.ts';
import type { Issue, Renewed } from '../ledger.ts';
import type { Rules } from '../rules.ts';
import { dayOf } from '../values/day.ts';
import { askedOf, issueUnits, licensesOf, nameCustomer } from './asked-units.ts';

/** The requested units that are not revoked are all suspended, or ended with a code that is not valid any more. */
export function nothingToMail(
  draft: Draft,
  issue: Issue,
  { minter }: Pick<Rules, 'minter'>,
): 'suspended' | 'ended' | undefined {
  const asked = askedOf(licensesOf(draft, issue.order.order, issue), issue);
  const now = asked.filter(({ state }) => state !== 'revoked');
  const today = dayOf(issue.at);
  const isExpired = (code: string) => (minter.entitlementOf(code).lastValid ?? today) < today;
  const isNothing = ({ state, code }: LedgerLicense) =>
    state === 'suspended' || (state === 'ended' && isExpired(code));
  if (now.length === 0 || !now.every(isNothing)) return undefined;
  return now.some(({ state }) => state === 'suspended') ? 'suspended' : 'ended';
}

/** Keeps the sale without an answer: a request after the suspension, or the end, was lifted is answered as the first one. */
export function refuseFirst(
  found: Found,
  issue: Issue,
  rules: Rules,
  outcome: 'suspended' | 'ended',
): Decided<Renewed> {
  const draft = new Draft(found);
  const { order, product, at } = issue;
  const held = askedOf(licensesOf(draft, order.order, issue), issue);
  for (const license of held) nameCustomer(draft, license, issue);
  if (held.length === 0) issueUnits(draft, order.order, issue, rules, 'unanswered');
  derive(draft, rules, { now: at, news: draft.addFacts(issue.facts), codes: [] });
  const kind = 'revoked-but-paid';
  draft.raise({
    ...found.market,
    key: actKey(kind, order.order),
    kind,
    reason: `Order ${order.order} asks for its license of ${product.id}, which ${outcome === 'ended' ? 'has ended' : 'is suspended'}: it was answered with an error`,
    order: order.order,
    product: product.id,
    event: null,
    at,
  });
  return { changes: draft.changes, result: { outcome } };
}
