/** Which units of a subscription its charges pay for. */
import { type Charge, type Item, isUndone, type Subscription } from './books.ts';

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

/** Units of the newest period that no charge pays for any more: its own, or those that were added. */
export function unpaidUnits(charged: readonly Charged[], quantity: number): number {
  const newest = charged.findLastIndex(({ charge: { kind } }) => kind === 'first' || kind === 'rebill');
  const added = charged.slice(newest + 1).filter(({ item }) => item.added !== undefined);
  const base = charged[newest];
  const isBack = ({ charge, item }: Charged) => isUndone(charge, item);
  const isOwed = (unit: number) => {
    const payer = added.find(
      ({ item: { added: of } }) => of !== undefined && unit >= of.from && unit < of.to,
    );
    const own = payer ?? base;
    return own !== undefined && isBack(own) && (payer !== undefined || added.length > 0);
  };
  return Array.from({ length: quantity }, (_, unit) => unit).filter(isOwed).length;
}
