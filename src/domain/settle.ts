/**
 * Settles a story: issues the licenses that are missing, and makes each license what all facts of it add up to. Pure: the
 * same story gives the same changes, in whatever order its facts arrived.
 */

import type { LicenseRecord } from './changes.ts';
import { addPeriod, type Day, dayOf } from './day.ts';
import type { Draft } from './draft.ts';
import type { Fact, Subject } from './fact.ts';
import { type Entitlement, isSameEntitlement, type LicenseState } from './license.ts';
import { licenseSubject } from './license-subject.ts';
import { countingFacts, type Life, lifeOf } from './life.ts';
import { issueMissing } from './missing.ts';
import { isLineReturned, readMoney, unitsReturned } from './money.ts';
import { type Outcome, outcomeOfLife } from './outcome.ts';
import type { Rules } from './rules.ts';
import type { SaleLine } from './sale-lines.ts';
import type { Terms } from './terms.ts';
import { termsFor } from './terms-of.ts';
import { isOf, readUnits, type UnitCoverage, unitKey } from './units.ts';
import { chargesOf, readView, SUBSCRIPTION_ORDER, type SubscriptionView, type View } from './view.ts';
import { watch } from './watch.ts';

/** Why a story is settled now. */
export interface Occasion {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** Facts that were not known before: they stand in the history of each license that they concern. */
  readonly news: readonly Fact[];
  /** Codes that a marketplace holds: one that is genuine is adopted where a license is missing. */
  readonly codes: readonly string[];
}

/** What one license was settled with, for flags and due dates. */
export interface Settled {
  readonly license: LicenseRecord;
  readonly terms: Terms;
  readonly line: SaleLine | undefined;
  readonly subscription: SubscriptionView | undefined;
  readonly coverage: UnitCoverage | undefined;
  readonly life: Life;
  readonly outcome: Outcome;
}

/** Two bytes (license-code-v1: revision). */
const LAST_REVISION = 65_535;

export function settle(draft: Draft, rules: Rules, occasion: Occasion): void {
  issueMissing(draft, rules, occasion);
  const view = readView(draft.facts, draft.licenses);
  const settled = settleLicenses(draft, view, rules, occasion);
  watch(draft, view, settled, rules, occasion);
}

function settleLicenses(draft: Draft, view: View, rules: Rules, occasion: Occasion): readonly Settled[] {
  const termsOf = (license: LicenseRecord) => termsFor(license, view, draft.licenses, rules);
  const units = new Map<string, UnitCoverage>();
  for (const subscription of view.subscriptions.values()) {
    for (const [key, unit] of readUnits(subscription, draft.licenses, termsOf)) units.set(key, unit);
  }
  const shared = new Map<string, Shared>();
  const newsKeys = new Set(occasion.news.map(({ key }) => key));
  return draft.licenses.flatMap((license) => {
    const terms = termsOf(license);
    // The rules are gone: nothing is decided of it (products check and the start say so).
    if (terms === undefined) return [];
    const line = view.lines.find((candidate) => isOf(license, candidate));
    const key = JSON.stringify([license.order, license.line, license.product]);
    const known = shared.get(key) ?? readShared(license, line, view);
    shared.set(key, known);
    const coverage = units.get(unitKey(license));
    const settled = evaluate(
      license,
      { terms, line, coverage, shared: known, view, draft, rules },
      occasion.now,
    );
    record(draft, settled, known, newsKeys, occasion, rules);
    return [{ ...settled, license: draft.record(license.number) }];
  });
}

/** What all licenses of a line share. */
interface Shared {
  readonly subscription: SubscriptionView | undefined;
  readonly ownCharge: Subject | undefined;
  readonly facts: readonly Fact[];
}

function readShared(license: LicenseRecord, line: SaleLine | undefined, view: View): Shared {
  const { names, factsOf } = view;
  const isBroughtAbout = license.order.startsWith(SUBSCRIPTION_ORDER);
  const id = isBroughtAbout
    ? license.order.slice(SUBSCRIPTION_ORDER.length)
    : (line?.subscription ?? undefined);
  const subscription = id === undefined ? undefined : view.subscriptions.get(id);
  const ownCharge = isBroughtAbout ? undefined : names.of(`order:${license.order}`);
  const subjects = new Set<Subject>();
  if (ownCharge !== undefined) subjects.add(ownCharge);
  if (subscription !== undefined) {
    subjects.add(`subscription:${subscription.id}`);
    for (const charge of chargesOf(subscription, view)) subjects.add(charge);
  }
  const facts = [...subjects].flatMap((subject) =>
    factsOf(subject).filter((fact) => isAbout(fact, subject, ownCharge)),
  );
  return { subscription, ownCharge, facts };
}

/** Of a further charge only what became of its money concerns the license: its own order may have failed, or be under review. */
function isAbout({ body }: Fact, subject: Subject, ownCharge: Subject | undefined): boolean {
  if (subject === ownCharge || subject.startsWith(SUBSCRIPTION_ORDER)) return true;
  return [
    'refunded',
    'repaid',
    'returned',
    'charged-back',
    'disputed',
    'dispute-won',
    'dispute-lost',
  ].includes(body.kind);
}

interface Context {
  readonly terms: Terms;
  readonly line: SaleLine | undefined;
  readonly coverage: UnitCoverage | undefined;
  readonly shared: Shared;
  readonly view: View;
  readonly draft: Draft;
  readonly rules: Rules;
}

function evaluate(license: LicenseRecord, context: Context, now: number): Settled {
  const { terms, line, coverage, shared, view, draft, rules } = context;
  const own = view.factsOf(licenseSubject(license.id));
  const isReinstated = own.some(({ body }) => body.kind === 'reinstated');
  const all = own.length === 0 ? shared.facts : [...shared.facts, ...own];
  const counting = isReinstated ? countingFacts(all) : all;
  const leftAt = coverage?.covered === false ? (coverage.leftAt ?? 0) : undefined;
  const facts = leftAt === undefined ? counting : counting.filter((fact) => concernsUntil(fact, leftAt));
  const money = isReinstated
    ? readMoney([...view.facts.filter(isCharge), ...counting], view.names)
    : view.money;
  const issued = rules.minter.entitlementOf(license.firstCode);
  const follows = shared.subscription !== undefined;
  const firstUntil = firstUntilOf(issued, terms);
  const life = lifeOf(facts, {
    terms,
    names: view.names,
    issued,
    firstUntil,
    ownCharge: shared.ownCharge,
    follows,
    trial: line?.trial === true || isShortened(issued, terms),
  });
  const lineName = line?.line ?? license.line;
  const ownMoney = shared.ownCharge === undefined ? undefined : money.get(shared.ownCharge);
  const isRestated =
    shared.subscription !== undefined && isRestatedSince(shared.subscription, ownMoney?.lastAt ?? 0);
  const units = line?.units ?? 1;
  const returned = isRestated
    ? 0
    : unitsReturned(ownMoney, lineName, { quantity: units, price: line?.price }) + life.returnedUnits;
  const isWholeReturned = isLineReturned(ownMoney, lineName, line?.price);
  const seats = terms.quantity === 'seats';
  const unitReturned = follows
    ? !isWholeReturned && returned > 0 && (seats ? returned >= units : license.unit >= units - returned)
    : isWholeReturned || (returned > 0 && (seats ? returned >= units : license.unit >= units - returned));
  const soldSeats = line?.quantity === undefined && returned === 0 ? undefined : units - returned;
  const outcome = outcomeOfLife(
    life,
    {
      terms,
      issued,
      firstUntil,
      follows,
      broughtAbout: shared.ownCharge === undefined,
      isReturned: (charge) => isLineReturned(money.get(charge as Subject), lineName, undefined),
      unitReturned,
      covered: coverage?.covered ?? true,
      surplus: isSurplus(life, license, terms, draft.licenses),
      units: coverage?.units ?? (isWholeReturned ? undefined : soldSeats),
      features: coverage?.features ?? line?.features,
    },
    dayOf(now),
  );
  return { license, terms, line, subscription: shared.subscription, coverage, life, outcome };
}

/** A license that its subscription has left gets no more days; what becomes of the money paid before still counts. */
function concernsUntil({ body, at }: Fact, leftAt: number): boolean {
  return at < leftAt || !(body.kind === 'paid' || body.kind === 'dated' || body.kind === 'asked');
}

function isCharge({ body }: Fact): boolean {
  return (
    body.kind === 'charged' || body.kind === 'confirmed' || body.kind === 'paid' || body.kind === 'alias'
  );
}

/** The quantity was told after the units came back: it includes them. */
function isRestatedSince({ coverage }: SubscriptionView, at: number): boolean {
  const changed = coverage.before.at(-1)?.until;
  return changed !== undefined && changed >= at;
}

/** The last day of the first code, without grace. */
function firstUntilOf({ issued, lastValid }: Entitlement, { term, grace }: Terms): Day | null {
  if (lastValid === null || term === 'perpetual') return lastValid;
  const until = addPeriod(issued, term);
  return addPeriod(until, grace) === lastValid ? until : lastValid;
}

/** Its first code was bounded by a trial. */
function isShortened({ issued, lastValid }: Entitlement, { term }: Terms): boolean {
  return term !== 'perpetual' && lastValid !== null && lastValid < addPeriod(issued, term);
}

/**
 * Separate Multibuy (DESIGN.md): only when as many codes are confirmed as units were bought is an unconfirmed one a
 * surplus; a customer with a dead code is worse than a spare one.
 */
function isSurplus(
  life: Life,
  license: LicenseRecord,
  { multibuy }: Terms,
  licenses: readonly LicenseRecord[],
): boolean {
  if (multibuy !== 'separate' || life.confirmed === null || life.stored.length < life.confirmed) return false;
  // The code of the unit's first license is the one that a marketplace stores.
  const first =
    licenses.find((other) => other.reissue === 0 && unitKey(other) === unitKey(license)) ?? license;
  return !life.stored.includes(licenseSubject(first.id).slice('license:'.length));
}

/** Writes what a license becomes: a new code where it entitles to something else, a row of history where anything changed. */
function record(
  draft: Draft,
  { license, outcome, life, subscription }: Settled,
  shared: Shared,
  newsKeys: ReadonlySet<string>,
  { news, now }: Occasion,
  rules: Rules,
): void {
  const { state, entitlement } = outcome;
  const id = subscription?.id ?? null;
  if (id !== license.subscription) draft.touch(license, { subscription: id });
  const own =
    newsKeys.size === 0 ? [] : draft.facts.filter(({ subject }) => subject === licenseSubject(license.id));
  const concerned =
    newsKeys.size === 0 ? [] : [...shared.facts, ...own].filter(({ key }) => newsKeys.has(key));
  const told = news.filter((fact) => concerned.some(({ key }) => key === fact.key));
  const floor = Math.max(license.revision, life.learned);
  const differs =
    state !== 'revoked' && !isSameEntitlement(entitlement, rules.minter.entitlementOf(license.code));
  const renewed = (differs || floor > license.revision) && floor < LAST_REVISION && state !== 'revoked';
  // It can still be revoked; a new code takes a reissue.
  const lacking = differs && !renewed ? ' (no further code: its revisions are used up)' : '';
  if (!renewed && state === license.state && told.length === 0) return;
  const next = renewed ? mintNext(draft, license, entitlement, floor + 1, rules) : undefined;
  draft.change(draft.record(license.number), {
    state,
    revision: next?.revision ?? license.revision,
    code: next?.code,
    lastValid:
      next === undefined ? rules.minter.entitlementOf(license.code).lastValid : entitlement.lastValid,
    at: turnedAt(license, state, told, now),
    cause: `${[...new Set(told.map(({ cause }) => cause))].join('; ') || (told.length === 0 && isTimely(license, now) ? 'the day has come' : 'what is known of the order')}${lacking}`,
  });
}

/** A change by time alone is dated the day on which it was due. */
function turnedAt(license: LicenseRecord, state: LicenseState, told: readonly Fact[], now: number): number {
  if (told.length > 0 || state === license.state || !isTimely(license, now)) return now;
  return license.due ?? now;
}

function isTimely({ due }: LicenseRecord, now: number): boolean {
  return due !== null && due <= now;
}

function mintNext(
  draft: Draft,
  license: LicenseRecord,
  entitlement: Entitlement,
  revision: number,
  rules: Rules,
) {
  const { order, line, product, unit, reissue } = license;
  const identity = { ...draft.story.market, order, line, product, unit, reissue };
  return rules.minter.mint(identity, entitlement, revision);
}
