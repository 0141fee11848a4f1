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
  readonly desk: {
    readonly now: number;
    /** Whose invoices are not collected now. */
    readonly uncollected?: ReadonlySet<Subscription>;
    state(type: string, of: Subscription, status: string): void;
  };
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

/** The units that a change adds, which its own charge pays for. Another product stays while the period or the change is paid. */
export function addedBy(before: Recurring | undefined, { ware, quantity }: Recurring): Item['added'] {
  if (before === undefined) return { from: 0, to: quantity };
  return before.ware.product === ware.product ? { from: before.quantity, to: quantity } : undefined;
}

/**
 * Not documented: what is paid of an item whose period went back, and not its changes; nor what pays for units after the return of a
 * change that was followed by another one, or that brought back units that the period had.
 */
export function isClearReturn(charge: Charge, charges: readonly Charge[]): boolean {
  if (!isClear(charge, { how: 'all', ends: false }, charges)) return false;
  return charge.items.every((item) => {
    const { subscription } = item;
    if (subscription === undefined) return true;
    const own = charges.filter(({ items }) => items.some((one) => one.subscription === subscription));
    const place = own.indexOf(charge);
    if (charge.kind !== 'proration') return own.slice(place + 1).every(({ kind }) => kind !== 'proration');
    const before = own.slice(0, place);
    const period = before.slice(before.findLastIndex(({ kind }) => kind !== 'proration'));
    return place === own.length - 1 && isFirstOf(item, period) && isAsCharged(item, subscription);
  });
}

/** Its units were in no charge of the period before. */
function isFirstOf({ added, ware }: Item, period: readonly Charge[]): boolean {
  if (added === undefined) return true;
  const known = period.flatMap(({ items }) => items).filter((item) => item.ware.product === ware.product);
  return known.every(({ quantity }) => quantity <= added.from);
}

function isAsCharged({ added, role, ware, quantity }: Item, subscription: Subscription): boolean {
  const [now] = recurringOf(subscription).filter((one) => one.role === role);
  return added === undefined || (now?.ware === ware && now.quantity === quantity);
}

/** What a dispute of a charge for some of the items alone says about the others is not documented. */
export function isOfAllItems(subscription: Subscription, { items }: Charge): boolean {
  const own = items.filter((item) => item.subscription === subscription);
  const now = recurringOf(subscription);
  return own.length === now.length && now.every(({ role }) => own.some((item) => item.role === role));
}

/**
 * At another price, billed in the same interval, each with days: no vendor's text decides the others. What a change added, its product
 * does not keep: it may never have been issued.
 */
export function isBeside(main: Ware, other: Ware): boolean {
  const isSame = main.every !== undefined && main.every === other.every;
  return isSame && main !== other && isDated(main) && isDated(other) && other.rules.ended !== 'fallback';
}

function isDated({ product, rules }: Ware): boolean {
  return product !== undefined && rules.term !== undefined;
}

/** Takes effect at once; only the money can wait for the next period. */
export function changeItems(action: ItemAction, subscription: Subscription, shop: ItemShop) {
  const { state, last, pause, next, companion } = subscription;
  const isOpen = state === 'active' && last === undefined && pause === undefined;
  if (
    !isOpen ||
    shop.desk.uncollected?.has(subscription) ||
    !shop.isUntouched(subscription) ||
    next === dayOf(shop.desk.now)
  )
    return;
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
