/** Evaluates one license: its life, its returned money and its subscription's coverage. */
import type { LedgerLicense } from '../changes.ts';
import type { Draft } from '../draft.ts';
import type { Fact, Subject } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import { chargedLine } from '../money/charged-lines.ts';
import type { ChargeMoney } from '../money/money.ts';
import { isTaken, unitsReturned } from '../money/returned-lines.ts';
import type { Rules } from '../rules.ts';
import { unitKey } from '../sales/line-key.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { storedUnits } from '../sales/stored-units.ts';
import { isBeyond } from '../subscriptions/charge-days.ts';
import { newestReissues, type UnitCoverage } from '../subscriptions/units.ts';
import { isUnitReturned, type Withdrawals } from '../subscriptions/withdrawn-units.ts';
import { addPeriod, type Day, dayOf } from '../values/day.ts';
import type { Entitlement } from '../values/license.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { Terms } from '../values/terms.ts';
import type { SubscriptionView, View } from '../view.ts';
import { countingFacts, countingMoney } from './counting.ts';
import { lifeOf } from './life.ts';
import type { Life } from './life-state.ts';
import { type Outcome, outcomeOfLife } from './outcome.ts';
import type { Shared } from './shared-facts.ts';

/** The evaluation of one license, for flags and due dates. */
export interface Evaluated {
  readonly license: LedgerLicense;
  readonly terms: Terms;
  readonly line: SaleLine | undefined;
  readonly subscription: SubscriptionView | undefined;
  readonly coverage: UnitCoverage | undefined;
  readonly life: Life;
  readonly outcome: Outcome;
  /** Returned units of the line that took units then, also where a later period is paid for since. */
  readonly unitsBack: number;
}

export interface Context {
  readonly terms: Terms;
  readonly line: SaleLine | undefined;
  readonly coverage: UnitCoverage | undefined;
  readonly shared: Shared;
  readonly view: View;
  readonly draft: Draft;
  readonly rules: Rules;
  readonly withdrawals: Withdrawals;
}

export function evaluate(license: LedgerLicense, context: Context, now: number): Evaluated {
  const { terms, line, coverage, shared, view, draft, rules } = context;
  const own = view.factsOf(licenseSubject(license.id));
  const reinstatedAt = Math.max(-1, ...own.map(({ body, at }) => (body.kind === 'reinstated' ? at : -1)));
  const isReinstated = reinstatedAt >= 0;
  const all = own.length === 0 ? shared.facts : [...shared.facts, ...own];
  const counting = isReinstated ? countingFacts(all, terms.ended) : all;
  const leftAt = coverage?.covered === false ? (coverage.leftAt ?? 0) : undefined;
  const facts = leftAt === undefined ? counting : counting.filter((fact) => countsFor(fact, leftAt));
  const money = isReinstated
    ? countingMoney(counting, reinstatedAt, { view, line, licenses: draft.licenses })
    : (charge: Subject) => view.money.get(charge);
  const issued = rules.minter.entitlementOf(license.firstCode);
  const follows = shared.subscription !== undefined;
  const firstUntil = firstUntilOf(issued, terms);
  const ofCharges = shared.subscription?.coverage;
  const life = lifeOf(facts, {
    terms,
    names: view.names,
    issued,
    firstUntil,
    ownCharge: shared.ownCharge,
    firstCharge: firstChargeOf(shared.subscription, view),
    joined: shared.joined,
    // A request may have issued the license before the charge of it was told.
    broughtAt:
      coverage?.since ?? (shared.ownCharge === undefined ? ofCharges?.addedAt.get(terms.id) : undefined),
    beside: ofCharges?.beside,
    changesPaid: view.changesPaid,
    follows,
    trial: line?.trial === true || isShortened(issued, terms) || (follows && isFree(shared.ownCharge, money)),
  });
  const returned = returnedOf(license, context, money, life);
  const outcome = outcomeOfLife(
    life,
    {
      terms,
      issued,
      firstUntil,
      follows,
      ownCharge: shared.ownCharge,
      returnedAt: returned.returnedAt,
      unitReturned: returned.unit,
      covered: leftAt === undefined || reinstatedAt > leftAt,
      undone: leftAt === 0 && !isReinstated,
      surplus: isSurplus(life, license, terms, draft.licenses),
      units: returned.unitsLeft,
      features: shared.subscription?.coverage.features.get(terms.id) ?? coverage?.features ?? line?.features,
    },
    dayOf(now),
  );
  const { unitsBack } = returned;
  return { license, terms, line, subscription: shared.subscription, coverage, life, outcome, unitsBack };
}

function firstChargeOf(subscription: SubscriptionView | undefined, { names }: View): Subject | undefined {
  const [first] = subscription?.ownLines ?? [];
  return first && names.of(orderSubject(first.order));
}

/** Returned money and units of a license's own line, and returned charges of its subscription. */
interface Returned {
  readonly returnedAt: (charge: string) => number | undefined;
  readonly unit: boolean;
  /** Units behind the license; undefined: as issued. */
  readonly unitsLeft: number | undefined;
  readonly unitsBack: number;
}

function returnedOf(
  license: LedgerLicense,
  { terms, line, coverage, shared, view, draft, withdrawals }: Context,
  money: (charge: Subject) => ChargeMoney | undefined,
  life: Life,
): Returned {
  const lineName = line?.path || license.line;
  const subscription = shared.subscription?.id;
  const own = shared.ownCharge === undefined ? undefined : money(shared.ownCharge);
  const units = line?.units ?? 1;
  const { shared: ofAll } =
    shared.ownCharge === undefined || own === undefined
      ? {}
      : chargedLine(shared.ownCharge, lineName, subscription, view);
  const { price, per, trial } = line ?? {};
  const sale = { line: lineName, quantity: units, price, per, trial, subscription, shared: ofAll };
  const isWhole = isTaken(own, terms, sale);
  const returnedAt = (charge: string) => {
    const of = money(charge as Subject);
    if (of === undefined) return undefined;
    const charged = of === own ? sale : chargedLine(charge as Subject, lineName, subscription, view);
    return isTaken(of, terms, charged) ? (of.fullAt ?? of.lastAt) : undefined;
  };
  // A returned charge of a subscription takes its own period; the sale of a perpetual license has no period.
  const isPeriod = shared.subscription !== undefined && terms.term !== 'perpetual';
  // A quantity stated after the return already excludes the returned units.
  const statedAt = shared.subscription?.coverage.statedAt ?? -1;
  // Once a later period is paid, a return of the first charge concerns the first period only.
  const later = isPeriod ? life.periods.paidBeside(shared.ownCharge, returnedAt) : undefined;
  const counts = (at: number) => at > statedAt && (later === undefined || dayOf(at) < later);
  const countAt = (time: number) =>
    terms.refund === 'keep'
      ? 0
      : unitsReturned(own, sale, (at) => at <= time && counts(at)) +
        (life.returnedAt > statedAt && life.returnedAt <= time ? life.returnedUnits : 0);
  const returned = countAt(Number.POSITIVE_INFINITY);
  const isNext = later !== undefined && statedAt >= 0 && !isBeyond(later, dayOf(statedAt));
  const unitsBack =
    terms.refund === 'keep' || !isNext ? returned : unitsReturned(own, sale, (at) => dayOf(at) < later);
  const times = [...(own?.lineReturns ?? []).map(({ at }) => at), own?.lastAt ?? -1, life.returnedAt];
  const beside = () => unitsBeside(license, draft.licenses);
  const isUnit = isUnitReturned(license, { units, times, countAt }, beside, withdrawals);
  const covered = coverage?.units ?? (line?.quantity === undefined && returned === 0 ? undefined : units);
  return {
    returnedAt,
    unit: isPeriod ? !isWhole && isUnit : isWhole || isUnit,
    unitsLeft: isWhole ? coverage?.units : covered && covered - returned,
    unitsBack,
  };
}

/** The newest licenses of the units of the license's line. */
function unitsBeside(
  { order, line, product }: LedgerLicense,
  licenses: readonly LedgerLicense[],
): readonly LedgerLicense[] {
  return newestReissues(
    licenses.filter((one) => one.order === order && one.line === line && one.product === product),
  );
}

/** A license that its subscription no longer covers gets no more days; returns of earlier payments still count. */
function countsFor({ body, at }: Fact, leftAt: number): boolean {
  return at < leftAt || !(body.kind === 'paid' || body.kind === 'dated' || body.kind === 'asked');
}

/** The last day of the first code, without grace. */
function firstUntilOf({ issued, lastValid }: Entitlement, { term, grace }: Terms): Day | null {
  if (term === 'perpetual') return lastValid;
  const until = addPeriod(issued, term);
  return addPeriod(until, grace) === lastValid ? until : lastValid;
}

/** Nothing was charged: its period gives access, and is no payment. */
function isFree(charge: Subject | undefined, money: (charge: Subject) => ChargeMoney | undefined): boolean {
  return charge !== undefined && money(charge)?.total === 0;
}

/** A trial limited the first code. */
function isShortened({ issued, lastValid }: Entitlement, { term }: Terms): boolean {
  return term !== 'perpetual' && lastValid !== null && lastValid < addPeriod(issued, term);
}

/**
 * Separate Multibuy: an unconfirmed code is a surplus only once as many codes are confirmed as units were
 * bought, because a dead code at a customer is worse than a spare code.
 */
function isSurplus(
  life: Life,
  license: LedgerLicense,
  { multibuy }: Terms,
  licenses: readonly LedgerLicense[],
): boolean {
  if (multibuy !== 'separate' || life.confirmed === null) return false;
  const stored = storedUnits(life.stored, license, licenses);
  return stored.size >= life.confirmed && !stored.has(unitKey(license));
}
