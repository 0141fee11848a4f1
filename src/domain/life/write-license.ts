/** Writes the changes of one license. */
import type { LedgerLicense } from '../changes.ts';
import type { Draft } from '../draft.ts';
import type { Fact } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { Occasion } from '../occasion.ts';
import type { Rules } from '../rules.ts';
import { type Entitlement, isOnlyShorter, isSameEntitlement, type LicenseState } from '../values/license.ts';
import type { Evaluated } from './evaluate.ts';
import type { Shared } from './shared-facts.ts';

/** The largest value of two bytes (license-code-v1: revision). */
const LAST_REVISION = 65_535;

/** Writes a new code if the entitlement changed, and a history row if anything changed. */
export function writeLicense(
  draft: Draft,
  { license, outcome, life, subscription }: Evaluated,
  shared: Shared,
  newsKeys: ReadonlySet<string>,
  { news, now }: Occasion,
  rules: Rules,
): void {
  const { state, entitlement } = outcome;
  const id = subscription?.id ?? null;
  if (id !== license.subscription) draft.touch(license, { subscription: id });
  const newFacts = newsKeys.size === 0 ? [] : newsOf(license, draft, shared, newsKeys, news);
  if (life.handed > (license.handed ?? -1)) draft.touch(license, { handed: life.handed });
  const floor = Math.max(license.revision, life.learned);
  const differs =
    state !== 'revoked' && !isSameEntitlement(entitlement, rules.minter.entitlementOf(license.code));
  const renewed = differs && floor < LAST_REVISION;
  // The license can still be revoked; a new code takes a reissue.
  const exhausted = differs && !renewed ? ' (no further code: its revisions are used up)' : '';
  // The first history row of a new license already states its cause.
  const isInFirstRow = license.number < 0 && newFacts.every(({ cause }) => cause === license.cause);
  if (!renewed && state === license.state && (newFacts.length === 0 || isInFirstRow)) return;
  const next = renewed ? mintNext(draft, license, entitlement, floor + 1, rules) : undefined;
  if (next !== undefined) handOver(draft, license, entitlement, next.revision, rules);
  draft.change(draft.license(license.number), {
    state,
    revision: next?.revision ?? license.revision,
    code: next?.code,
    lastValid:
      next === undefined ? rules.minter.entitlementOf(license.code).lastValid : entitlement.lastValid,
    at: changeTime(license, state, newFacts, now),
    cause: `${[...new Set(newFacts.map(({ cause }) => cause))].join('; ') || causeWithoutFact(license, now)}${exhausted}`,
  });
}

function causeWithoutFact(license: LedgerLicense, now: number): string {
  if (isDue(license, now)) return 'the day has come';
  const isReplacement = license.number < 0 && license.reissue > 0;
  // What holds or extends the former license holds for its replacement at once.
  return isReplacement ? `${license.cause}; ${KNOWN}` : KNOWN;
}

const KNOWN = 'what is known of the order';

/** A shorter code is owed to nobody who has the longer one: it counts as handed out. */
function handOver(
  draft: Draft,
  { number, code, revision }: LedgerLicense,
  entitlement: Entitlement,
  next: number,
  { minter }: Pick<Rules, 'minter'>,
): void {
  const license = draft.license(number);
  if (license.handed === revision && isOnlyShorter(entitlement, minter.entitlementOf(code)))
    draft.touch(license, { handed: next });
}

/** The new facts that concern a license. A path that is another product's does not. */
function newsOf(
  { id, product }: LedgerLicense,
  draft: Draft,
  { facts }: Shared,
  newsKeys: ReadonlySet<string>,
  news: readonly Fact[],
): readonly Fact[] {
  const name = licenseSubject(id);
  const own = draft.facts.filter(({ subject }) => subject === name);
  const concerned = [...facts, ...own].filter(({ key }) => newsKeys.has(key));
  const isAnothers = ({ body }: Fact) => body.kind === 'mapped' && body.product !== product;
  return news.filter((fact) => !isAnothers(fact) && concerned.some(({ key }) => key === fact.key));
}

/** A change by time alone is dated to the day on which it was due. */
function changeTime(
  license: LedgerLicense,
  state: LicenseState,
  newFacts: readonly Fact[],
  now: number,
): number {
  if (newFacts.length > 0 || state === license.state || !isDue(license, now)) return now;
  return license.due ?? now;
}

function isDue({ due }: LedgerLicense, now: number): boolean {
  return due !== null && due <= now;
}

function mintNext(
  draft: Draft,
  license: LedgerLicense,
  entitlement: Entitlement,
  revision: number,
  rules: Rules,
) {
  const { order, line, product, unit, reissue } = license;
  const identity = { ...draft.found.market, order, line, product, unit, reissue };
  return rules.minter.mint(identity, entitlement, revision);
}
