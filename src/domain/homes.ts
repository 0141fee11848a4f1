/**
 * Where the licenses of a line are at home: by which order they are identified, so that the order of arrival changes no id.
 * A line of a subscription's first order is at home in that order. A line that was sold to the subscription later, by an
 * order of its own (an add-on), is at home in the subscription: its license request cannot be told from that of an upgrade.
 */
import type { LicenseRecord } from './changes.ts';
import { isChargeOf, type Names } from './names.ts';
import { subscriptionSubject } from './order-subject.ts';
import type { SaleLine } from './sale-lines.ts';

export function withHomes(
  lines: readonly SaleLine[],
  licenses: readonly LicenseRecord[],
  names: Names,
): readonly SaleLine[] {
  if (lines.every(({ subscription }) => subscription === null)) return lines;
  const homes = lines.map((line) => ({ line, home: homeOf(line, lines, licenses, names) }));
  const moved = homes.filter(({ line, home }) => line.order !== home);
  if (moved.length === 0) return lines;
  moved.sort(({ line: a }, { line: b }) => a.at - b.at || compare(a.order, b.order));
  return homes.map(({ line, home }) => {
    if (home === line.order) return line;
    const before = moved.slice(
      0,
      moved.findIndex((one) => one.line === line),
    );
    const alike = before.filter(
      (one) => one.home === home && one.line.line === line.line && one.line.product === line.product,
    );
    return { ...line, home, firstUnit: alike.reduce((sum, one) => sum + one.line.units, 0) };
  });
}

/** The order that a subscription began with, of the lines that follow it; undefined where that is not known. */
export function firstOrderOf(following: readonly SaleLine[], names: Names): string | undefined {
  const [first] = following
    .filter(
      ({ companion, order, subscription }) =>
        !companion && (subscription === null || !isChargeOf(names, order, subscription)),
    )
    .sort((a, b) => a.at - b.at || compare(a.order, b.order));
  return first?.order;
}

/** Nobody holds its code, and the line that it was issued for is at home elsewhere: its place was not known at first. */
export function isSuperseded(license: LicenseRecord, lines: readonly SaleLine[]): boolean {
  if (license.handed !== null) return false;
  const alike = lines.filter((line) => isIn(license, line.order, line));
  return alike.length > 0 && alike.every(({ home, order }) => home !== order);
}

function homeOf(
  line: SaleLine,
  lines: readonly SaleLine[],
  licenses: readonly LicenseRecord[],
  names: Names,
): string {
  const { order, subscription, product } = line;
  if (subscription === null || product === null || line.line === '' || !line.isIssuedByEvent) return order;
  if (isChargeOf(names, order, subscription)) return order;
  const there = licenses.filter((license) => isIn(license, order, line));
  const brought = subscriptionSubject(subscription);
  const twins = lines.filter((other) => isSameLine(other, line));
  if (twins.length > 1) return ownerOf(twins, there) === subscription ? order : brought;
  // What somebody holds stays what it is.
  if (there.some(({ handed }) => handed !== null)) return order;
  const mailed = licenses.findIndex((one) => isIn(one, brought, line) && one.handed !== null);
  if (mailed >= 0 && there.every((license) => mailed < licenses.indexOf(license))) return brought;
  const following = lines.filter((other) => other.subscription === subscription);
  const first = firstOrderOf(following, names);
  // Further units of what the subscription began with are no add-on.
  const isOwn = following.some((own) => own.order === first && !own.companion && own.product === product);
  return first === undefined || isOwn || first === order ? order : brought;
}

/** The same path for two subscriptions in one order: the order's own is the one that its license was issued for first. */
function ownerOf(twins: readonly SaleLine[], there: readonly LicenseRecord[]): string | null {
  const ids = twins.flatMap(({ subscription }) => subscription ?? []).sort(compare);
  const held = there.find(({ subscription }) => subscription !== null && ids.includes(subscription));
  return held?.subscription ?? ids[0] ?? null;
}

function isSameLine(a: SaleLine, b: SaleLine): boolean {
  return a.order === b.order && a.line === b.line && a.product === b.product;
}

function isIn(license: LicenseRecord, order: string, { line, product }: SaleLine): boolean {
  return license.order === order && license.line === line && license.product === product;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
