/** Issues missing licenses that an event or a subscription calls for. */

import type { LedgerLicense } from '../changes.ts';
import type { Draft } from '../draft.ts';
import { isChargeOf } from '../facts/names.ts';
import type { Occasion } from '../occasion.ts';
import type { Rules } from '../rules.ts';
import { unitKey } from '../sales/line-key.ts';
import { mailedBefore } from '../sales/mailed-before.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { unitsOf } from '../subscriptions/covered-units.ts';
import { belongsTo, followersOf } from '../subscriptions/units.ts';
import { ADOPTED } from '../values/causes.ts';
import { addPeriod, type Day } from '../values/day.ts';
import { LARGEST_QUANTITY } from '../values/order.ts';
import { subscriptionOf, subscriptionSubject } from '../values/order-subject.ts';
import type { KeptTerms } from '../values/terms.ts';
import type { SubscriptionView, View } from '../view.ts';
import { entitle, startOfTerm } from './entitle.ts';
import { keptTermsFor } from './terms-of.ts';

export function issueMissing(draft: Draft, view: View, rules: Rules, occasion: Occasion): void {
  for (const line of view.lines) issueLine(draft, line, view, rules, occasion);
  for (const subscription of view.subscriptions.values())
    issueCovered(draft, subscription, view, rules, occasion);
}

/** Issues a license for each unit of a line that an event reports as sold. */
function issueLine(draft: Draft, line: SaleLine, view: View, rules: Rules, occasion: Occasion): void {
  const { order, product, subscription, quantity } = line;
  if (!line.isIssuedByEvent || product === null || quantity === undefined) return;
  if (subscription !== null && isChargeOf(view.names, order, subscription)) return;
  const kept = keptTermsFor({ order, product, terms: null }, view, draft.licenses, rules);
  if (kept === undefined) return;
  const count = kept.terms.quantity === 'seats' ? 1 : quantity;
  if (count > LARGEST_QUANTITY) return;
  const there = new Set(draft.licenses.filter((license) => belongsTo(license, line)).map(({ unit }) => unit));
  if (there.size >= count) return;
  const known = draft.licenses.find((license) =>
    line.home === order ? license.order === order : belongsTo(license, line),
  );
  // All units of an order start on the same day, including units added later.
  const sold =
    known === undefined
      ? startOfTerm(line.at, occasion.now)
      : rules.minter.entitlementOf(known.firstCode).issued;
  for (let unit = line.firstUnit; unit < line.firstUnit + count; unit++) {
    if (there.has(unit)) continue;
    issueUnit(
      draft,
      { order: line.home, line: line.line, product, unit, kept, quantity, sold, cause: line.cause },
      line,
      rules,
      occasion,
    );
  }
}

/** Issues the units that a subscription covers beyond its existing licenses. */
function issueCovered(
  draft: Draft,
  subscription: SubscriptionView,
  view: View,
  rules: Rules,
  occasion: Occasion,
): void {
  const { coverage, facts, id } = subscription;
  if (coverage.now === null) return;
  const following = followersOf(subscription, draft.licenses);
  const before = mailedBefore(subscription, following, draft.licenses);
  const followers = following.filter((license) => !before.has(unitKey(license)));
  const isKnown = followers.length > 0 || subscription.ownLines.some((line) => line.isIssuedByEvent);
  // An imported subscription has no order in the ledger; only its paid charges show that it exists.
  const isCharged = facts.some(
    ({ body }) =>
      body.kind === 'mapped' || (body.kind === 'paid' && body.covers !== undefined && body.part !== 'first'),
  );
  if (!isKnown && !isCharged) return;
  // Units of each product that no earlier line has used up.
  const spare = new Map<string, number>();
  for (const covered of coverage.now) {
    const { line, product, features } = covered;
    const order = subscriptionSubject(id);
    const held = followers.filter((license) => license.product === product);
    // Further units of a sold product get the terms of its sale, even if the product file has changed.
    const kept = keptTermsFor(held[0] ?? { order, product, terms: null }, view, draft.licenses, rules);
    if (kept === undefined) continue;
    const isSeats = kept.terms.quantity === 'seats';
    const quantity = unitsOf(covered, subscription);
    const wanted = isSeats ? 1 : quantity;
    if (wanted > LARGEST_QUANTITY) continue;
    // Units of a known order without licenses yet belong to that order.
    const promised = promisedUnits(subscription, product, held);
    const units = draft.licenses.filter(
      (license) => license.order === order && license.product === product && license.line === line,
    );
    let unit = Math.max(-1, ...units.map((license) => license.unit));
    const known = spare.get(product) ?? held.length + promised;
    // One license carries the seats of all lines.
    spare.set(product, isSeats ? 1 : Math.max(0, known - wanted));
    for (let count = known; count < wanted; count++) {
      unit += 1;
      const sold = startOfTerm(coverage.before.at(-1)?.until ?? occasion.now, occasion.now);
      const cause = `what subscription ${id} is for`;
      issueUnit(
        draft,
        {
          order,
          line,
          product,
          unit,
          kept,
          quantity,
          sold,
          cause,
        },
        { features, trial: false },
        rules,
        occasion,
      );
    }
  }
}

function promisedUnits(
  { ownLines }: SubscriptionView,
  product: string,
  held: readonly LedgerLicense[],
): number {
  return ownLines
    .filter((line) => line.product === product && !line.isIssuedByEvent)
    .reduce(
      (sum, line) =>
        sum + Math.max(0, line.units - held.filter((license) => belongsTo(license, line)).length),
      0,
    );
}

interface WantedUnit {
  readonly order: string;
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly kept: KeptTerms;
  readonly quantity: number;
  readonly sold: Day;
  readonly cause: string;
}

function issueUnit(
  draft: Draft,
  { order, line, product, unit, kept, quantity, sold, cause }: WantedUnit,
  { features, trial }: Pick<SaleLine, 'features' | 'trial'>,
  rules: Rules,
  { now, codes }: Occasion,
): void {
  const { minter } = rules;
  const identity = { ...draft.found.market, order, line, product, unit };
  const [adopted] = codes
    .flatMap((code) => minter.recognize(code, identity) ?? [])
    .sort((a, b) => b.revision - a.revision);
  const { trialTerm } = kept.terms;
  const trialEnd = trial && trialTerm !== undefined ? addPeriod(sold, trialTerm) : undefined;
  const entitlement = entitle(kept.terms, quantity, sold, { features, trialEnd });
  const minted = adopted ?? minter.mint(identity, entitlement, 0);
  const known = draft.licenses.filter((license) => license.customer !== null);
  const isBroughtAbout = subscriptionOf(order) !== undefined;
  const customer =
    (known.find((license) => license.order === order) ?? (isBroughtAbout ? known[0] : undefined))?.customer ??
    null;
  const record = draft.issue({
    order,
    line,
    product,
    reissue: 0,
    minted,
    state: 'active',
    customer,
    subscription: null,
    terms: kept.digest,
    lastValid: minter.entitlementOf(minted.code).lastValid,
    at: now,
    cause: adopted === undefined ? cause : `${cause}${ADOPTED}`,
    charged: null,
    answer: null,
    due: null,
  });
  // A code that the marketplace holds was already delivered.
  if (adopted !== undefined) draft.touch(record, { handed: adopted.revision });
}
