/** How money goes back at FastSpring: which lines of a charge, how many units, how much. */
import { type Charge, type Item, isWhollyBack, pick, sum, TAX } from './books.ts';

export type HowBack = 'all' | 'line' | 'unit' | 'amount' | 'rest';

export interface Returned {
  readonly item: Item;
  /** 0: by amount. */
  readonly units: number;
  readonly net: number;
  readonly isWhole: boolean;
}

/** Takes money out of the books; what went back, or nothing where there is none left for that. */
export function takeBack(charge: Charge, line: number, how: HowBack): readonly Returned[] {
  if (charge.total === 0 || isWhollyBack(charge) || charge.disputedAt !== undefined) return [];
  const left = charge.items.filter(({ isBack, netBack, net }) => !isBack && netBack < net);
  const item = pick(left, line);
  if (item === undefined) return [];
  const isAll = how === 'all' || how === 'rest';
  const returned = isAll ? left.map((each) => rest(each, how === 'all')) : one(item, how);
  for (const each of returned) {
    each.item.netBack += each.net;
    each.item.unitsBack += each.units;
    if (each.isWhole) each.item.isBack = true;
  }
  charge.back += sum(returned.map(({ net }) => net)) * (1 + TAX);
  return returned;
}

/** What is left of a line: by the line, or as an amount that names no unit. */
function rest(item: Item, isWhole: boolean): Returned {
  return { item, units: isWhole ? item.quantity - item.unitsBack : 0, net: item.net - item.netBack, isWhole };
}

function one(item: Item, how: 'line' | 'unit' | 'amount'): Returned[] {
  if (how === 'line') return [rest(item, true)];
  const price = item.net / item.quantity;
  if (how === 'unit') {
    // What a unit costs behind a return by amount, and what a unit of a subscription's period is, is not documented.
    const isClean = item.subscription === undefined && item.netBack === item.unitsBack * price;
    return isClean && item.quantity - item.unitsBack > 1
      ? [{ item, units: 1, net: price, isWhole: false }]
      : [];
  }
  const net = Math.min(5, price / 4);
  return item.netBack + net < item.net ? [{ item, units: 0, net, isWhole: false }] : [];
}

/** What the return of such a charge comes to follows from what is documented. */
export function isClear(
  { kind, items }: Charge,
  { how, ends }: { readonly how: HowBack; readonly ends: boolean },
  charges: readonly Charge[],
): boolean {
  if (how === 'amount') return true;
  return items.every(({ subscription, ware, quantity, role }) => {
    if (subscription === undefined || role === 'companion') return true;
    const own = charges.flatMap((charge) =>
      charge.items.filter((item) => item.subscription === subscription && item.role === 'main'),
    );
    const place = own.findIndex((item) => items.includes(item));
    const before = own[place - 1];
    // Not said: whether a trial, what was paid elsewhere, or days that were given are a period that is left; and what a
    // perpetual license is without its first payment.
    const { imported, movedTo } = subscription;
    if (own[0]?.net === 0 || imported || movedTo !== undefined) return false;
    if (place === 0 && ware.rules.term === undefined) return false;
    // Nor whether a fallback begins where the newest period went back, while the subscription goes on.
    const goesOn = !ends && subscription.state !== 'ended';
    if (ware.rules.ended === 'fallback' && goesOn && place === own.length - 1) return false;
    if (kind === 'proration') return place === own.length - 1;
    // Nor whether an edit holds whose first period went back, and what a proration is worth without its period.
    const isProrated = charges.some(
      (charge) =>
        charge.kind === 'proration' && own.slice(place).some((later) => charge.items.includes(later)),
    );
    if (isProrated) return false;
    return before === undefined || (before.ware === ware && before.quantity === quantity);
  });
}

/** What a bank does to add-ons, to what is sold for good with a subscription, and to what is over, is not said. */
export function isDisputable({ items, total, back, disputedAt }: Charge): boolean {
  const isClear = items.every(
    ({ subscription, ware, role }) =>
      subscription === undefined ||
      (role === 'main' &&
        subscription.companion === undefined &&
        ware.rules.term !== undefined &&
        subscription.state !== 'ended'),
  );
  return isClear && total > 0 && back === 0 && disputedAt === undefined;
}
