/** How money goes back: which lines of a charge, how many units, how much. */
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
