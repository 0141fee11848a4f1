/** Changes of a Stripe subscription by customer or seller. A change that its state does not allow has no effect. */
import { newItem, type Subscription } from './books.ts';
import { addMonths, dayOf } from './calendar.ts';
import { addedBy, changeItems, isBeside } from './recurring-items.ts';
import { VOID } from './stripe-desk.ts';
import type { StripeAction } from './stripe-story.ts';
import type { StripeSubscriptions } from './stripe-subscriptions.ts';
import { type Ware, wareOf } from './wares.ts';

type Change = Extract<StripeAction, { subscription: number }>;
type Doing<Kind> = Extract<Change, { do: Kind }>;

export function change(action: Change, subscription: Subscription, shop: StripeSubscriptions) {
  switch (action.do) {
    case 'edit':
      return edit(subscription, action, shop);
    case 'charge':
      return charge(subscription, action.ware, shop);
    case 'addItem':
    case 'editItem':
    case 'dropItem':
      return changeItems(action, subscription, shop);
    default:
      return TURNS[action.do](subscription, shop);
  }
}

const TURNS = { failCard, mendCard, cancel, uncancel, endNow, touch, stopCollecting, collect } as const;

/** Active, and no end is scheduled. */
function isOpen({ state, last }: Subscription): boolean {
  return state === 'active' && last === undefined;
}

function failCard(subscription: Subscription) {
  subscription.cardWorks = false;
}

function mendCard(subscription: Subscription, shop: StripeSubscriptions) {
  shop.mend(subscription);
}

function cancel(subscription: Subscription, shop: StripeSubscriptions) {
  const { state, last, next } = subscription;
  if ((state !== 'active' && state !== 'trial') || last !== undefined) return;
  subscription.last = next;
  shop.desk.state('updated', subscription, state === 'trial' ? 'trialing' : 'active', { cancels: true });
}

function uncancel(subscription: Subscription, shop: StripeSubscriptions) {
  if (subscription.last === undefined || subscription.state === 'ended') return;
  subscription.last = undefined;
  shop.desk.state('updated', subscription, subscription.state === 'trial' ? 'trialing' : 'active');
}

function endNow(subscription: Subscription, shop: StripeSubscriptions) {
  if (isOpen(subscription)) shop.end(subscription, dayOf(shop.desk.now));
}

/** Another card, another address: `updated` without anything that concerns a license. */
function touch(subscription: Subscription, shop: StripeSubscriptions) {
  if (isOpen(subscription)) shop.desk.state('updated', subscription, 'active');
}

/** The seller serves for free: periods pass, and their invoices are void. */
function stopCollecting(subscription: Subscription, { desk }: StripeSubscriptions) {
  if (!isOpen(subscription) || desk.uncollected.has(subscription)) return;
  subscription.isUncollected = true;
  desk.uncollected.add(subscription);
  desk.state('updated', subscription, 'active', { previous: { pause_collection: null } });
}

function collect(subscription: Subscription, { desk }: StripeSubscriptions) {
  if (!isOpen(subscription) || !desk.uncollected.delete(subscription)) return;
  desk.state('updated', subscription, 'active', { previous: { pause_collection: VOID } });
}

/** Takes effect at once; only the money can wait. Another interval is billed at once, from that day on. */
function edit(
  subscription: Subscription,
  { ware: path, quantity, billed, fails }: Doing<'edit'>,
  shop: StripeSubscriptions,
) {
  const { ware: before, quantity: quantityBefore } = subscription;
  const ware = path === null ? before : wareOf(path);
  const isSame = ware === before && quantity === quantityBefore;
  const today = dayOf(shop.desk.now);
  const isCharged = isOpen(subscription) && !shop.desk.uncollected.has(subscription);
  const isPossible = isCharged && shop.isUntouched(subscription) && subscription.next !== today;
  // A shorter interval: whether the longer period that was paid before stays is not documented.
  const isShorter = (ware.every ?? 1) < (before.every ?? 1);
  const { companion, isWithoutMain } = subscription;
  const isApart = companion === undefined || isBeside(ware, companion.ware);
  if (!isPossible || isSame || isShorter || isWithoutMain || !isApart || !canBecome(before, ware)) return;
  const more = ware.price * quantity - before.price * quantityBefore;
  const isNewCycle = ware.every !== before.every;
  const added = addedBy({ ware: before, quantity: quantityBefore }, { ware, quantity });
  Object.assign(subscription, { ware, quantity });
  if (isNewCycle) subscription.next = addMonths(today, ware.every ?? 1);
  shop.desk.state('updated', subscription, 'active');
  if (isNewCycle) shop.chargeChange(subscription, 'rebill', { net: ware.price * quantity, added });
  else if (billed && more > 0) shop.chargeChange(subscription, 'proration', { net: more / 2, added }, fails);
}

/** Goods that are billed on a subscription: a sale of their own, if a product file names them. */
function charge(subscription: Subscription, path: string, shop: StripeSubscriptions) {
  const ware = wareOf(path);
  const { desk } = shop;
  if (!isOpen(subscription) || desk.uncollected.has(subscription) || ware.product === undefined) return;
  const sale = desk.book(desk.names('extra'), [newItem(ware, 1)]);
  desk.paid(sale, subscription, 'manual', { until: dayOf(desk.now) });
}

/** As in the other shops: changes that no vendor's text decides do not happen. */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(
    ({ product, rules }) => product !== undefined && rules.term !== undefined && rules.ended !== 'fallback',
  );
}
