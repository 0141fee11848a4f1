/** The recurring items of one subscription, at Stripe and at Paddle Billing: they share its days. */
import type { ItemAction } from './billing-story.ts';
import type { Charge, Item, Recurring, Subscription } from './books.ts';
import { dayOf } from './calendar.ts';
import { isClear } from './returns.ts';
import { type Ware, wareOf } from './wares.ts';

/** An item that is charged for a change. */
export type ChangedItem = Recurring & Pick<Item, 'role' | 'net' | 'added'>;

/** What the shops do alike. */
export interface ItemShop {
  readonly desk: { readonly now: number; state(type: string, of: Subscription, status: string): void };
  isUntouched(subscription: Subscription): boolean;
  /** Charged at once, for the rest of the period. */
  chargeItem(subscription: Subscription, item: ChangedItem): void;
}

/** What it is for now, by role. */
export function recurringOf(subscription: Subscription): (Recurring & Pick<Item, 'role'>)[] {
  const { ware, quantity, companion, isWithoutMain } = subscription;
  return [
    ...(isWithoutMain ? [] : [{ ware, quantity, role: 'main' as const }]),
    ...(companion === undefined ? [] : [{ ...companion, role: 'companion' as const }]),
  ];
}

/** What a change adds, which its own charge pays for: all units of another product, or those that are more. */
export function addedBy(before: Recurring | undefined, { ware, quantity }: Recurring): Item['added'] {
  const isMore = before !== undefined && before.ware.product === ware.product;
  return { from: isMore ? before.quantity : 0, to: quantity };
}

/** What is paid of an item whose period went back, and not its changes, is not documented; nor what an earlier change is for. */
export function isClearReturn(charge: Charge, charges: readonly Charge[]): boolean {
  const { kind, items } = charge;
  if (!isClear(charge, { how: 'all', ends: false }, charges)) return false;
  return items.every(({ subscription }) => {
    if (subscription === undefined) return true;
    const own = charges.filter((one) => one.items.some((item) => item.subscription === subscription));
    const later = own.slice(own.indexOf(charge) + 1);
    return kind === 'proration' ? later.length === 0 : later.every((one) => one.kind !== 'proration');
  });
}

/** What a dispute of a charge for some of the items alone says about the others is not documented. */
export function isOfAllItems(subscription: Subscription, { items }: Charge): boolean {
  const own = items.filter((item) => item.subscription === subscription);
  const now = recurringOf(subscription);
  return own.length === now.length && now.every(({ role }) => own.some((item) => item.role === role));
}

/** Of another product, billed in the same interval, each with days of its own kind: no vendor's text decides the others. */
export function isBeside(one: Ware, other: Ware): boolean {
  return (
    one.every !== undefined &&
    one.every === other.every &&
    one.product !== other.product &&
    isDated(one, other)
  );
}

function isDated(...wares: readonly Ware[]): boolean {
  return wares.every(
    ({ product, rules }) => product !== undefined && rules.term !== undefined && rules.ended !== 'fallback',
  );
}

/** Takes effect at once; only the money can wait for the next period. */
export function changeItems(action: ItemAction, subscription: Subscription, shop: ItemShop) {
  const { state, last, pause, next, companion } = subscription;
  const isOpen = state === 'active' && last === undefined && pause === undefined;
  if (!isOpen || !shop.isUntouched(subscription) || next === dayOf(shop.desk.now)) return;
  if (action.do === 'dropItem') return drop(subscription, action.item, shop);
  const isAdded = action.do === 'addItem';
  if (isAdded !== (companion === undefined)) return;
  const item = { ware: wareOf(action.ware), quantity: action.quantity };
  if (!isBeside(subscription.ware, item.ware)) return;
  const isSame = companion?.ware === item.ware && companion.quantity === item.quantity;
  if (isSame) return;
  const worth = (one: Recurring | undefined) => (one === undefined ? 0 : one.ware.price * one.quantity);
  subscription.companion = item;
  shop.desk.state('updated', subscription, 'active');
  const more = worth(item) - worth(companion);
  const added = addedBy(companion, item);
  if (action.billed && more > 0)
    shop.chargeItem(subscription, { ...item, role: 'companion', net: more / 2, added });
}

/** One item stays at least. */
function drop(subscription: Subscription, item: Item['role'], { desk }: ItemShop) {
  if (recurringOf(subscription).length < 2) return;
  if (item === 'main') subscription.isWithoutMain = true;
  else subscription.companion = undefined;
  desk.state('updated', subscription, 'active');
}
