/** Which units a subscription is for: of what was sold with it and what it brought about, the first so many. */

import { isRequest } from './causes.ts';
import type { LicenseRecord } from './changes.ts';
import { AS_SOLD, type Covered } from './coverage.ts';
import { unitKey } from './line-key.ts';
import { mailedBefore } from './mailed-before.ts';
import { subscriptionOf, subscriptionSubject } from './order-subject.ts';
import type { SaleLine } from './sale-lines.ts';
import type { Terms } from './terms.ts';
import type { SubscriptionView } from './view.ts';

/** What a subscription says of one of its licenses. */
export interface UnitCoverage {
  readonly covered: boolean;
  /** Since when it is not, milliseconds since 1970-01-01. */
  readonly leftAt: number | undefined;
  /** Since when it is, where a change brought it about; undefined: as long as it was there. */
  readonly since?: number;
  /** Units behind it, where one license carries the seats of all; undefined: as sold. */
  readonly units: number | undefined;
  readonly features: readonly string[] | undefined;
  /** The key of the first order's unit that is the same (mailed-before.ts). */
  readonly sameAs?: string;
}

const AS_IT_WAS: UnitCoverage = { covered: true, leftAt: undefined, units: undefined, features: undefined };

/** The licenses that follow a subscription, newest reissues only, in the order in which they are covered. */
export function followersOf(
  { id, ownLines, otherLines }: SubscriptionView,
  licenses: readonly LicenseRecord[],
): readonly LicenseRecord[] {
  const rank = (license: LicenseRecord): number => {
    if (ownLines.some((line) => isOf(license, line))) return 0;
    return license.order === subscriptionSubject(id) ? 2 : 1;
  };
  return newestReissues(licenses)
    .filter(
      (license) =>
        license.order === subscriptionSubject(id) ||
        [...ownLines, ...otherLines].some((line) => isOf(license, line)),
    )
    .sort(
      (a, b) => rank(a) - rank(b) || compare(a.order, b.order) || compare(a.line, b.line) || a.unit - b.unit,
    );
}

/** Of each unit the license that was issued for it last. */
export function newestReissues(licenses: readonly LicenseRecord[]): readonly LicenseRecord[] {
  const newest = new Map<string, LicenseRecord>();
  for (const license of licenses) {
    const key = unitKey(license);
    const other = newest.get(key);
    if (other === undefined || other.reissue < license.reissue) newest.set(key, license);
  }
  return [...newest.values()];
}

/** Units of a product that a subscription brought about: one that was issued again is still one. */
export function broughtBy(
  subscription: string,
  product: string | null,
  licenses: readonly LicenseRecord[],
): readonly LicenseRecord[] {
  const order = subscriptionSubject(subscription);
  return newestReissues(licenses.filter((license) => license.order === order && license.product === product));
}

export function isOf(license: LicenseRecord, line: SaleLine): boolean {
  const { order, home, firstUnit, units } = line;
  if (license.order !== home || license.product !== line.product || license.line !== line.line) return false;
  return home === order || (license.unit >= firstUnit && license.unit < firstUnit + units);
}

/** What the subscription says of each of its licenses now, by the unit's key. */
export function readUnits(
  subscription: SubscriptionView,
  licenses: readonly LicenseRecord[],
  termsOf: (license: LicenseRecord) => Terms | undefined,
): ReadonlyMap<string, UnitCoverage> {
  const { coverage } = subscription;
  const following = followersOf(subscription, licenses);
  const before = mailedBefore(subscription, following, licenses);
  const followers = following.filter((license) => !before.has(unitKey(license)));
  const now = assign(coverage.now, subscription, followers, termsOf);
  const units = new Map(
    followers.map((license): [string, UnitCoverage] => {
      const key = unitKey(license);
      const covered = now.get(key) ?? AS_IT_WAS;
      const since = coveredSince(license, subscription, followers, termsOf);
      return [
        key,
        {
          ...covered,
          ...(since !== undefined && { since }),
          ...(!covered.covered && { leftAt: leftAt(key, subscription, followers, termsOf) }),
        },
      ];
    }),
  );
  for (const [key, same] of before) units.set(key, { ...(units.get(same) ?? AS_IT_WAS), sameAs: same });
  return units;
}

/** When a unit that the subscription brought about was covered first: the beginning of the earliest coverage that has it. */
function coveredSince(
  license: LicenseRecord,
  subscription: SubscriptionView,
  followers: readonly LicenseRecord[],
  termsOf: (license: LicenseRecord) => Terms | undefined,
): number | undefined {
  if (subscriptionOf(license.order) === undefined) return undefined;
  const { before, now } = subscription.coverage;
  const key = unitKey(license);
  const first = [...before.map(({ lines }) => lines), now].findIndex(
    (lines) => assign(lines, subscription, followers, termsOf).get(key)?.covered !== false,
  );
  return before[first - 1]?.until;
}

/** When it was covered last: the end of the latest coverage that had it. */
function leftAt(
  key: string,
  subscription: SubscriptionView,
  followers: readonly LicenseRecord[],
  termsOf: (license: LicenseRecord) => Terms | undefined,
): number | undefined {
  for (const { lines, until } of [...subscription.coverage.before].reverse()) {
    if (assign(lines, subscription, followers, termsOf).get(key)?.covered !== false) return until;
  }
  return undefined;
}

function assign(
  lines: readonly Covered[] | null,
  subscription: SubscriptionView,
  followers: readonly LicenseRecord[],
  termsOf: (license: LicenseRecord) => Terms | undefined,
): ReadonlyMap<string, UnitCoverage> {
  const result = new Map<string, UnitCoverage>();
  if (lines === null) return asSold(subscription, followers);
  const changedAt = Math.max(...subscription.coverage.before.map(({ until }) => until));
  const left = new Map<string, { quantity: number; features: readonly string[] | undefined }>();
  for (const { product, quantity, features } of lines) {
    const counted = quantity === AS_SOLD ? soldQuantity(subscription, product) : quantity;
    left.set(product, { quantity: (left.get(product)?.quantity ?? 0) + counted, features });
  }
  for (const license of followers) {
    const key = unitKey(license);
    const covered = left.get(license.product);
    if ((covered === undefined || covered.quantity < 1) && isForetold(license, subscription, changedAt)) {
      result.set(key, AS_IT_WAS);
    } else if (covered === undefined) {
      const isMain = subscription.named.has(license.product) || isOnlyProduct(subscription, license.product);
      result.set(key, isMain ? NOT_COVERED : AS_IT_WAS);
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

/** Before any change: what was sold with it; what it brought about later was not there yet. */
function asSold(
  { id, ownLines, otherLines }: SubscriptionView,
  followers: readonly LicenseRecord[],
): ReadonlyMap<string, UnitCoverage> {
  const lines = [...ownLines, ...otherLines];
  // A request brought it about, an order sold it, or nothing else is known: what the subscription is for is told later.
  const isMeant = (license: LicenseRecord) =>
    license.order !== subscriptionSubject(id) ||
    ownLines.length === 0 ||
    isAskedFor(license) ||
    lines.some((line) => isOf(license, line));
  return new Map(followers.map((license) => [unitKey(license), isMeant(license) ? AS_IT_WAS : NOT_COVERED]));
}

/** A request brought it about: what the subscription is for is told later. */
function isAskedFor({ cause }: LicenseRecord): boolean {
  return isRequest(cause);
}

/** Asked for, or sold by an order of its own, since the marketplace said what the subscription is for. */
function isForetold(
  license: LicenseRecord,
  { id, otherLines, coverage }: SubscriptionView,
  changedAt: number,
): boolean {
  const line = otherLines.find((one) => one.home !== one.order && isOf(license, one));
  if (line !== undefined) return line.at > Math.max(changedAt, coverage.statedAt);
  return license.order === subscriptionSubject(id) && isAskedFor(license) && license.at > changedAt;
}

/** The units of a product as they were sold with the subscription; of one that it changed to, those of what it began with. */
export function soldQuantity({ ownLines }: SubscriptionView, product: string): number {
  const sold = ownLines.filter((line) => line.product === product);
  const [first] = sold.length > 0 ? sold : ownLines;
  return first?.units ?? 1;
}

/** What a subscription is for, where it began with one product and nothing named another one. */
function isOnlyProduct({ ownLines }: SubscriptionView, product: string): boolean {
  const products = new Set(ownLines.map((line) => line.product));
  return products.size === 1 && products.has(product);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
