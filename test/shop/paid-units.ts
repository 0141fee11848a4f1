/** Which units of a subscription its charges pay for. */
import { type Charge, type Item, isUndone, type Subscription } from './books.ts';
import type { Day } from './calendar.ts';
import type { Books } from './truth.ts';

export interface Charged {
  readonly charge: Charge;
  readonly item: Item;
}

export function chargesOf(
  subscription: Subscription,
  charges: readonly Charge[],
  role: Item['role'],
): Charged[] {
  return charges.flatMap((charge) =>
    charge.items
      .filter((item) => item.subscription === subscription && item.role === role)
      .map((item) => ({ charge, item })),
  );
}

/** The charge of the newest period, and what was paid within it. */
export function newestPeriod(charged: readonly Charged[]) {
  const newest = charged.findLastIndex(({ charge: { kind } }) => kind === 'first' || kind === 'rebill');
  return {
    base: charged[newest],
    within: charged.slice(newest + 1),
    before: charged.slice(0, Math.max(newest, 0)),
  };
}

/** Of a product with several paths, units were charged that no first order sold. */
export function isNamedByPath(charged: readonly Charged[], { product }: Item['ware']): boolean {
  const own = charged.filter(({ item }) => item.ware.product === product);
  const paths = new Set(own.map(({ item }) => item.ware.path));
  const sold = own.find(({ charge }) => charge.kind === 'first')?.item.quantity ?? 0;
  return paths.size > 1 && own.some(({ item }) => item.quantity > sold);
}

/** Units of the newest period that no charge pays for any more: its own, or those that were added. */
export function unpaidUnits(charged: readonly Charged[], quantity: number): number {
  const { base, within } = newestPeriod(charged);
  const isAdded = within.some(({ item }) => item.added !== undefined);
  const isOwed = (unit: number) => {
    const payers = payersOf(unit, within);
    if (payers.length > 0) return payers.every(isBack);
    return base !== undefined && isAdded && isBack(base);
  };
  return Array.from({ length: quantity }, (_, unit) => unit).filter(isOwed).length;
}

/** Units of the newest period that were added, and whose own charges went back. */
export function returnedUnits(charged: readonly Charged[], quantity: number): number {
  const { within } = newestPeriod(charged);
  const isReturned = (unit: number) => {
    const payers = payersOf(unit, within);
    return payers.length > 0 && payers.every(isBack);
  };
  return Array.from({ length: quantity }, (_, unit) => unit).filter(isReturned).length;
}

function payersOf(unit: number, within: readonly Charged[]): Charged[] {
  return within.filter(({ item: { added } }) => added !== undefined && unit >= added.from && unit < added.to);
}

/** The money of the newest period went back, and something within it stays paid. */
export function isHalfPaid(charged: readonly Charged[], ware: Item['ware']): boolean {
  const { base, within } = newestPeriod(charged);
  // What a return takes is up to the product that the subscription is for now.
  const isGone = base !== undefined && isUndone(base.charge, { ...base.item, ware });
  return isGone && within.some((one) => !isBack(one));
}

/** A further change was charged after the money of one for more units within the period went back. */
export function isChangedSince(charged: readonly Charged[]): boolean {
  const { within } = newestPeriod(charged);
  const undone = within.findIndex((one) => one.item.added !== undefined && isBack(one));
  return undone >= 0 && within.slice(undone + 1).some((one) => !isBack(one));
}

/**
 * The day to which the units before a changed interval stay paid, where the change's money went back and a further change was charged: that
 * pays for its own units alone.
 */
export function formerUntil(charged: readonly Charged[]): Day | undefined {
  const { former, further } = sinceInterval(charged);
  if (further.length === 0) return undefined;
  return former
    .flatMap(({ item }) => item.until ?? [])
    .sort()
    .at(-1);
}

/** A further change cost nothing: whether the returned money paid for it, or the period, is not documented. */
export function isFreeSinceInterval(charged: readonly Charged[]): boolean {
  return sinceInterval(charged).further.some(({ item }) => item.net === 0);
}

/** The charges that stand, before and after a changed interval whose money went back within the newest period. */
function sinceInterval(charged: readonly Charged[]) {
  const { within } = newestPeriod(charged);
  const isOtherInterval = ({ item }: Charged, before: Charged | undefined) =>
    item.ware.every !== before?.item.ware.every;
  const undone = charged.findIndex(
    (one, place) => within.includes(one) && isBack(one) && isOtherInterval(one, charged[place - 1]),
  );
  const stands = (one: Charged) => !isBack(one);
  if (undone < 0) return { former: [], further: [] };
  return {
    former: charged.slice(0, undone).filter(stands),
    further: charged.slice(undone + 1).filter(stands),
  };
}

/** Its changes since were of the quantity alone, and the money of the period stays. */
export function isOfUnits(charged: readonly Charged[]): boolean {
  const { base, within } = newestPeriod(charged);
  if (base === undefined || isBack(base)) return false;
  return within.every(({ item: { ware } }) => ware.product === base.item.ware.product);
}

function isBack({ charge, item }: Charged): boolean {
  return isUndone(charge, item);
}

/** Where Paddle requests no codes, the service may make the license from alerts, or leave that to the seller. */
export function isNeverAsked(subscription: Subscription, { marketplace, calls }: Books): boolean {
  return (
    marketplace === 'paddle-classic' &&
    !calls.some((call) => call.kind === 'request' && call.item.subscription === subscription)
  );
}
