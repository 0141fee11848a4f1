/** Refunds at FastSpring: the lines of a charge, their units, the amount. */
import { type Charge, type Item, isWhollyBack, pick, type Subscription, sum, TAX } from './books.ts';
import { piecesOf } from './wares.ts';

export type HowBack = 'all' | 'line' | 'unit' | 'amount' | 'rest';

export interface Returned {
  readonly item: Item;
  /** 0: by amount. */
  readonly units: number;
  readonly net: number;
  readonly isWhole: boolean;
}

/** Removes money from the books; returns the refund, or nothing where no money is left. */
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

/** Removes an amount of a line from the books, where more than that is left. */
export function takeAmount(charge: Charge, item: Item, net: number): readonly Returned[] {
  if (item.isBack || charge.disputedAt !== undefined || item.netBack + net >= item.net) return [];
  item.netBack += net;
  charge.back += net * (1 + TAX);
  return [{ item, units: 0, net, isWhole: false }];
}

/** The rest of a line: by the line, or as an amount without units. */
function rest(item: Item, isWhole: boolean): Returned {
  return { item, units: isWhole ? item.named - item.unitsBack : 0, net: item.net - item.netBack, isWhole };
}

function one(item: Item, how: 'line' | 'unit' | 'amount'): Returned[] {
  if (how === 'line') return [rest(item, true)];
  const price = unitPrice(item);
  if (how === 'unit') {
    // The price of a unit after a return by amount, and a unit of a subscription's period, are not documented.
    const isClean =
      item.subscription === undefined &&
      Math.abs(item.netBack - piecesOf(item.ware, item.unitsBack) * price) < 0.001;
    const { pack = 1 } = item.ware;
    return isClean && item.quantity - item.unitsBack > pack
      ? [{ item, units: pack, net: price, isWhole: false }]
      : [];
  }
  const net = Math.min(5, price / 4);
  return item.netBack + net < item.net ? [{ item, units: 0, net, isWhole: false }] : [];
}

/** What is refunded for one piece: whole cents. */
function unitPrice({ ware, net, quantity }: Item): number {
  return Math.floor((net / piecesOf(ware, quantity)) * 100 + 1e-6) / 100;
}

/** The effect of a return of such a charge is documented. */
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
    // Not documented: whether a trial, a period paid elsewhere, or given days count as a remaining period; and a
    // perpetual license without its first payment.
    const { imported, movedTo } = subscription;
    if (own[0]?.net === 0 || imported || movedTo !== undefined) return false;
    if (place === 0 && ware.rules.term === undefined) return false;
    // Nor whether a fallback begins where the newest period was refunded while the subscription continues.
    const goesOn = !ends && subscription.state !== 'ended';
    if (ware.rules.ended === 'fallback' && goesOn && place === own.length - 1) return false;
    if (kind === 'proration') return place === own.length - 1;
    // Nor the effect of an edit whose first period was refunded, and of a proration without its period.
    const isProrated = charges.some(
      (charge) =>
        charge.kind === 'proration' && own.slice(place).some((later) => charge.items.includes(later)),
    );
    if (isProrated) return false;
    return before === undefined || (before.ware === ware && before.quantity === quantity);
  });
}

/** A charge is for all that its subscription is for. */
type IsOfAll = (subscription: Subscription, charge: Charge) => boolean;

function isOfMain({ companion }: Subscription, { items }: Charge): boolean {
  return companion === undefined && items.every(({ role }) => role === 'main');
}

/** A chargeback's effect on add-ons, perpetual lines of a subscription, and past periods is not documented. */
export function isDisputable(charge: Charge, isOfAll: IsOfAll = isOfMain): boolean {
  const { items, total, back, disputedAt, dispute } = charge;
  const isClear = items.every(
    ({ subscription, ware }) =>
      subscription === undefined ||
      (isOfAll(subscription, charge) && ware.rules.term !== undefined && subscription.state !== 'ended'),
  );
  const isNew = disputedAt === undefined && dispute === undefined;
  return isClear && total > 0 && back === 0 && isNew;
}
