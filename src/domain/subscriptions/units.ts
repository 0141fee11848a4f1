/** Which units a subscription covers: of its sold and issued units, the first up to the quantity. */

import type { LedgerLicense } from '../changes.ts';
import { unitKey } from '../sales/line-key.ts';
import { mailedBefore } from '../sales/mailed-before.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { isRequest } from '../values/causes.ts';
import { subscriptionOf, subscriptionSubject } from '../values/order-subject.ts';
import type { Terms } from '../values/terms.ts';
import type { SubscriptionView } from '../view.ts';
import type { Coverage } from './coverage.ts';
import { beforeOf, nowOf, type Stated, unitsOf } from './covered-units.ts';
import { type Withdrawals, withdrawnLast } from './withdrawn-units.ts';

/** What a subscription says about one of its licenses. */
export interface UnitCoverage {
  readonly covered: boolean;
  /** When the coverage ended, milliseconds since 1970-01-01. */
  readonly leftAt: number | undefined;
  /** When a change began the coverage; undefined: covered since the license was issued. */
  readonly since?: number;
  /** Units behind a license that carries the seats of all units; undefined: as sold. */
  readonly units: number | undefined;
  readonly features: readonly string[] | undefined;
  /** The key of the first order's unit that is the same (mailed-before.ts). */
  readonly sameAs?: string;
}

const AS_IT_WAS: UnitCoverage = { covered: true, leftAt: undefined, units: undefined, features: undefined };

/**
 * The newest licenses of a subscription's units, in the order in which the quantity covers them, each with the time and the
 * cause of its unit: a reissue is no news of what the subscription is for.
 */
export function followersOf(
  { id, ownLines, otherLines }: SubscriptionView,
  licenses: readonly LedgerLicense[],
): readonly LedgerLicense[] {
  const rank = (license: LedgerLicense): number => {
    if (ownLines.some((line) => belongsTo(license, line))) return 0;
    return license.order === subscriptionSubject(id) ? 2 : 1;
  };
  return newestReissues(licenses)
    .filter(
      (license) =>
        license.order === subscriptionSubject(id) ||
        [...ownLines, ...otherLines].some((line) => belongsTo(license, line)),
    )
    .map((license) => asBegun(license, licenses))
    .sort(
      (a, b) => rank(a) - rank(b) || compare(a.order, b.order) || compare(a.line, b.line) || a.unit - b.unit,
    );
}

function asBegun(license: LedgerLicense, licenses: readonly LedgerLicense[]): LedgerLicense {
  if (license.reissue === 0) return license;
  const first = licenses.find((one) => one.reissue === 0 && unitKey(one) === unitKey(license));
  return first === undefined ? license : { ...license, at: first.at, cause: first.cause };
}

/** The newest license of each unit. */
export function newestReissues<T extends Parameters<typeof unitKey>[0] & { readonly reissue: number }>(
  licenses: readonly T[],
): readonly T[] {
  const newest = new Map<string, T>();
  for (const license of licenses) {
    const key = unitKey(license);
    const other = newest.get(key);
    if (other === undefined || other.reissue < license.reissue) newest.set(key, license);
  }
  return [...newest.values()];
}

/** The units of a product that a subscription issued; a reissued unit counts once. */
export function unitsOfSubscription(
  subscription: string,
  product: string | null,
  licenses: readonly LedgerLicense[],
): readonly LedgerLicense[] {
  const order = subscriptionSubject(subscription);
  return newestReissues(licenses.filter((license) => license.order === order && license.product === product));
}

export function belongsTo(license: LedgerLicense, line: SaleLine): boolean {
  const { order, home, firstUnit, units } = line;
  if (license.order !== home || license.product !== line.product || license.line !== line.line) return false;
  return home === order || (license.unit >= firstUnit && license.unit < firstUnit + units);
}

/** What is known of each license. */
interface Known {
  readonly termsOf: (license: LedgerLicense) => Terms | undefined;
  readonly withdrawals: Withdrawals;
}

/** The current coverage of each of the subscription's licenses, by unit key. */
export function readUnits(
  subscription: SubscriptionView,
  licenses: readonly LedgerLicense[],
  known: Known,
): ReadonlyMap<string, UnitCoverage> {
  const following = followersOf(subscription, licenses);
  const before = mailedBefore(subscription, following, licenses);
  const followers = following.filter((license) => !before.has(unitKey(license)));
  const now = assign(nowOf(subscription), subscription, followers, known);
  const units = new Map(
    followers.map((license): [string, UnitCoverage] => {
      const key = unitKey(license);
      const covered = now.get(key) ?? AS_IT_WAS;
      const since = coveredSince(license, subscription, followers, known);
      return [
        key,
        {
          ...covered,
          ...(since !== undefined && { since }),
          ...(!covered.covered && { leftAt: leftAt(key, subscription, followers, known) }),
        },
      ];
    }),
  );
  for (const [key, same] of before) units.set(key, { ...(units.get(same) ?? AS_IT_WAS), sameAs: same });
  return units;
}

/** The start of the earliest coverage that contains a unit issued by the subscription. */
function coveredSince(
  license: LedgerLicense,
  subscription: SubscriptionView,
  followers: readonly LedgerLicense[],
  known: Known,
): number | undefined {
  if (subscriptionOf(license.order) === undefined) return undefined;
  const key = unitKey(license);
  const first = [...beforeOf(subscription), nowOf(subscription)].find(
    (stated) => assign(stated, subscription, followers, known).get(key)?.covered !== false,
  );
  return first?.from;
}

/** The end of the latest coverage that contained the unit. */
function leftAt(
  key: string,
  subscription: SubscriptionView,
  followers: readonly LedgerLicense[],
  known: Known,
): number | undefined {
  return beforeOf(subscription).findLast(
    (stated) => assign(stated, subscription, followers, known).get(key)?.covered !== false,
  )?.until;
}

function assign(
  { lines, from }: Stated,
  subscription: SubscriptionView,
  followers: readonly LedgerLicense[],
  { termsOf, withdrawals }: Known,
): ReadonlyMap<string, UnitCoverage> {
  const result = new Map<string, UnitCoverage>();
  if (lines === null) return asSold(subscription, followers);
  const sold = lines.some(({ besideSold }) => besideSold) ? asSold(subscription, followers) : undefined;
  const changedAt = Math.max(...subscription.coverage.before.map(({ until }) => until));
  const left = new Map<string, { quantity: number; features: readonly string[] | undefined }>();
  for (const line of lines) {
    const { product, features } = line;
    const counted = unitsOf(line, subscription);
    left.set(product, { quantity: (left.get(product)?.quantity ?? 0) + counted, features });
  }
  for (const license of withdrawnLast(followers, from, withdrawals)) {
    const key = unitKey(license);
    const covered = left.get(license.product);
    if ((covered === undefined || covered.quantity < 1) && isSoldSince(license, subscription, changedAt)) {
      result.set(key, AS_IT_WAS);
    } else if (covered === undefined) {
      const beside = sold?.get(key);
      const isMain = subscription.named.has(license.product) || isOnlyProduct(subscription, license.product);
      result.set(key, beside ?? (isMain ? NOT_COVERED : AS_IT_WAS));
    } else if (covered.quantity < 1) result.set(key, NOT_COVERED);
    else if (termsOf(license)?.quantity === 'seats') {
      result.set(key, {
        covered: true,
        leftAt: undefined,
        units: covered.quantity,
        features: covered.features,
      });
      covered.quantity = 0;
    } else {
      result.set(key, { covered: true, leftAt: undefined, units: undefined, features: covered.features });
      covered.quantity -= 1;
    }
  }
  return result;
}

const NOT_COVERED: UnitCoverage = {
  covered: false,
  leftAt: undefined,
  units: undefined,
  features: undefined,
};

/** Before any change the subscription covers the units sold with it; units that it issued later did not exist yet. */
function asSold(
  { id, ownLines, otherLines, coverage }: SubscriptionView,
  followers: readonly LedgerLicense[],
): ReadonlyMap<string, UnitCoverage> {
  const lines = [...ownLines, ...otherLines];
  // Also covered: units that a request asked for, units of its lines, and all units if no line of its own is
  // known.
  const isSold = (license: LedgerLicense) =>
    license.order !== subscriptionSubject(id) ||
    ownLines.length === 0 ||
    isRequested(license, coverage) ||
    lines.some((line) => belongsTo(license, line));
  return new Map(followers.map((license) => [unitKey(license), isSold(license) ? AS_IT_WAS : NOT_COVERED]));
}

/** A request issued the license, before an event stated what the subscription is for, and what it asked for was not undone. */
function isRequested({ cause, product }: LedgerLicense, { undone }: Coverage): boolean {
  return isRequest(cause) && !undone.has(product);
}

/**
 * The license was requested, or sold by an order of its own, after the marketplace stated the subscription's lines. A charge
 * says itself what its late request was for.
 */
function isSoldSince(
  license: LedgerLicense,
  { id, otherLines, coverage }: SubscriptionView,
  changedAt: number,
): boolean {
  const line = otherLines.find((one) => one.home !== one.order && belongsTo(license, one));
  if (line !== undefined) return line.at > Math.max(changedAt, coverage.statedAt);
  return (
    license.order === subscriptionSubject(id) &&
    isRequested(license, coverage) &&
    !coverage.told.has(license.product) &&
    license.at > changedAt
  );
}

/** Whether the subscription began with this product only. */
function isOnlyProduct({ ownLines }: SubscriptionView, product: string): boolean {
  const products = new Set(ownLines.map((line) => line.product));
  return products.size === 1 && products.has(product);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
