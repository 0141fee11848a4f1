/**
 * The home of a line: the order that identifies its licenses. It must not depend on the order of arrival, so
 * that license ids do not.
 * A line of a subscription's first order has that order as its home. A line sold later for the subscription
 * by another order (an add-on) has the subscription as its home, because its license request looks like an
 * upgrade's.
 */
import type { LedgerLicense } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import { isChargeOf, type Names } from '../facts/names.ts';
import { orderOf, subscriptionSubject } from '../values/order-subject.ts';
import type { SaleLine } from './sale-lines.ts';

export function withHomes(
  lines: readonly SaleLine[],
  licenses: readonly LedgerLicense[],
  told: Told,
): readonly SaleLine[] {
  const homes = lines.map((line) => ({ line, home: homeOf(line, lines, licenses, told) }));
  const sorted = [...homes].sort(({ line: a }, { line: b }) => a.at - b.at || compare(a.order, b.order));
  return homes.map(({ line, home }) => {
    if (home === line.order) return line;
    const before = sorted.slice(
      0,
      sorted.findIndex((one) => one.line === line),
    );
    const earlier = before.filter(
      (one) => one.home === home && one.line.line === line.line && one.line.product === line.product,
    );
    return { ...line, home, firstUnit: earlier.reduce((sum, one) => sum + one.line.units, 0) };
  });
}

/**
 * The first order of a subscription: the order that its events name, as long as no line of that order is known; else the
 * earliest of the orders of `following`, the lines that follow it. undefined: unknown.
 */
export function firstOrderOf(
  subscription: string,
  following: readonly SaleLine[],
  { names, facts }: Told,
): string | undefined {
  const known = following.filter(
    ({ companion, order }) => !companion && !isChargeOf(names, order, subscription),
  );
  const links = facts.flatMap(({ subject, body, at }) => {
    if (body.kind !== 'linked' || body.subscription !== subscription) return [];
    const order = orderOf(names.of(subject));
    return order === undefined || isChargeOf(names, order, subscription) ? [] : [{ order, at }];
  });
  // A line that only a request states has the time of the request, which can be days after the sale.
  const isKnown = (order: string) => known.some((line) => line.order === order);
  const dated = links.map(({ order, at }) => ({ order, at: isKnown(order) ? at : -1 }));
  const [first] = [...known, ...dated].sort((a, b) => a.at - b.at || compare(a.order, b.order));
  return first?.order;
}

/** What the lines were read from. */
export interface Told {
  readonly names: Names;
  readonly facts: readonly Fact[];
}

/** The license was issued before the home of its line was known, and its code was never handed out. */
export function isSuperseded(license: LedgerLicense, lines: readonly SaleLine[]): boolean {
  if (license.handed !== null) return false;
  const ofLine = lines.filter((line) => isIn(license, line.order, line));
  return ofLine.length > 0 && ofLine.every(({ home, order }) => home !== order);
}

function homeOf(
  line: SaleLine,
  lines: readonly SaleLine[],
  licenses: readonly LedgerLicense[],
  told: Told,
): string {
  const { names } = told;
  const { order, subscription, product } = line;
  if (subscription === null || product === null || line.line === '' || !line.isIssuedByEvent) return order;
  if (isChargeOf(names, order, subscription)) return order;
  const there = licenses.filter((license) => isIn(license, order, line));
  const brought = subscriptionSubject(subscription);
  const twins = lines.filter((other) => isSameLine(other, line));
  if (twins.length > 1) return ownerOf(twins, there) === subscription ? order : brought;
  // A handed-out license stays where it is.
  if (there.some(({ handed }) => handed !== null)) return order;
  const eldest = licenses.find(
    (one) => isIn(one, order, line) || (isIn(one, brought, line) && one.handed !== null),
  );
  if (eldest?.order === brought) return brought;
  const following = lines.filter((other) => other.subscription === subscription);
  const first = firstOrderOf(subscription, following, told);
  // Further units of the subscription's first product are no add-on.
  const isOwn = following.some((own) => own.order === first && !own.companion && own.product === product);
  return first === undefined || isOwn || first === order ? order : brought;
}

/**
 * One path with two subscriptions in one order: the order is the home of the subscription that got its
 * license first.
 */
function ownerOf(twins: readonly SaleLine[], there: readonly LedgerLicense[]): string | null {
  const ids = twins.flatMap(({ subscription }) => subscription ?? []).sort();
  const held = there.find((license) => twins.some((twin) => twin.subscription === license.subscription));
  return held?.subscription ?? ids[0] ?? null;
}

function isSameLine(a: SaleLine, b: SaleLine): boolean {
  return a.order === b.order && a.line === b.line && a.product === b.product;
}

function isIn(license: LedgerLicense, order: string, { line, product }: SaleLine): boolean {
  return license.order === order && license.line === line && license.product === product;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
