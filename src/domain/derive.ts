/**
 * Derives licenses from all loaded facts: issues missing licenses and brings each license up to date. Pure:
 * the same facts give the same changes, in any order of arrival.
 */

import type { LedgerLicense } from './changes.ts';
import type { Draft } from './draft.ts';
import { watch } from './flags/watch.ts';
import { type Evaluated, evaluate } from './life/evaluate.ts';
import { issueMissing } from './life/missing.ts';
import { readShared, type Shared } from './life/shared-facts.ts';
import { termsFor } from './life/terms-of.ts';
import { writeLicense } from './life/write-license.ts';
import type { Occasion } from './occasion.ts';
import type { Rules } from './rules.ts';
import { isSuperseded } from './sales/homes.ts';
import { lineKey, unitKey } from './sales/line-key.ts';
import { belongsTo, readUnits, type UnitCoverage } from './subscriptions/units.ts';
import { readWithdrawals } from './subscriptions/withdrawn-units.ts';
import { subscriptionOf } from './values/order-subject.ts';
import { type KeepsRefunds, readView, type View } from './view.ts';

/**
 * Returns the view that the licenses were derived from. Licenses issued here do not change the view
 * (test/domain/view-once.test.ts).
 */
export function derive(draft: Draft, rules: Rules, occasion: Occasion): View {
  const keepsRefunds: KeepsRefunds = (sale, names) =>
    termsFor({ ...sale, terms: null }, names, draft.licenses, rules)?.refund === 'keep';
  const view = readView(draft.facts, draft.licenses, keepsRefunds);
  issueMissing(draft, view, rules, occasion);
  const evaluated = deriveLicenses(draft, view, rules, occasion);
  nameHolders(draft);
  watch(draft, view, evaluated, rules, occasion);
  return view;
}

/** A superseded license counts as never covered. */
const SUPERSEDED: UnitCoverage = { covered: false, leftAt: undefined, units: undefined, features: undefined };

/**
 * A unit that a subscription issued before its customer was known belongs to the customer of the
 * subscription's other units.
 */
function nameHolders(draft: Draft): void {
  for (const license of draft.licenses) {
    const { order, subscription, customer, holder } = license;
    if (subscriptionOf(order) === undefined || customer !== null || holder !== undefined) continue;
    const known = draft.licenses.find(
      (other) =>
        other.subscription === subscription && (other.customer !== null || other.holder !== undefined),
    );
    const theirs = known?.customer ?? known?.holder;
    if (theirs !== undefined) draft.touch(license, { customer: theirs });
  }
}

function deriveLicenses(draft: Draft, view: View, rules: Rules, occasion: Occasion): readonly Evaluated[] {
  const termsOf = (license: LedgerLicense) => termsFor(license, view, draft.licenses, rules);
  const withdrawals = readWithdrawals(view.facts);
  const units = new Map<string, UnitCoverage>();
  for (const subscription of view.subscriptions.values()) {
    for (const [key, unit] of readUnits(subscription, draft.licenses, { termsOf, withdrawals }))
      units.set(key, unit);
  }
  const shared = new Map<string, Shared>();
  const newsKeys = new Set(occasion.news.map(({ key }) => key));
  return draft.licenses.flatMap((license) => {
    const terms = termsOf(license);
    // Neither terms nor product file exist, so nothing is decided; the start and `products check` report it.
    if (terms === undefined) return [];
    const line = view.lines.find((candidate) => belongsTo(license, candidate));
    const key = `${lineKey(license)} ${line?.order ?? ''}`;
    const known = shared.get(key) ?? readShared(license, line, view);
    shared.set(key, known);
    const coverage = isSuperseded(license, view.lines) ? SUPERSEDED : units.get(unitKey(license));
    const evaluated = evaluate(
      license,
      { terms, line, coverage, shared: known, view, draft, rules, withdrawals },
      occasion.now,
    );
    writeLicense(draft, evaluated, known, newsKeys, occasion, rules);
    return [{ ...evaluated, license: draft.license(license.number) }];
  });
}
