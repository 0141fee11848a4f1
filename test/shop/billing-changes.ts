/** Changes of a Paddle Billing subscription by customer or seller. A change that its state does not allow has no effect. */
import type { BillingAction } from './billing-story.ts';
import type { BillingSubscriptions } from './billing-subscriptions.ts';
import { newItem, type Subscription } from './books.ts';
import { addMonths, dayOf } from './calendar.ts';
import { addedBy, changeItems, isBeside } from './recurring-items.ts';
import { type Ware, wareOf } from './wares.ts';

type Change = Extract<BillingAction, { subscription: number }>;
type Doing<Kind> = Extract<Change, { do: Kind }>;

export function change(action: Change, subscription: Subscription, shop: BillingSubscriptions) {
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

const TURNS = {
  failCard,
  mendCard,
  cancel,
  uncancel,
  pause,
  pauseNow,
  resume,
  endNow,
  touch,
  storeCard,
} as const;

/** Active, and nothing scheduled. */
function isOpen({ state, last, pause: scheduled }: Subscription): boolean {
  return state === 'active' && last === undefined && scheduled === undefined;
}

function failCard(subscription: Subscription) {
  subscription.cardWorks = false;
}

function mendCard(subscription: Subscription, shop: BillingSubscriptions) {
  subscription.cardWorks = true;
  if (subscription.state === 'overdue') shop.bill(subscription, subscription.next);
}

function cancel(subscription: Subscription, shop: BillingSubscriptions) {
  const { state, last, pause: scheduled, next } = subscription;
  if ((state !== 'active' && state !== 'trial') || last !== undefined || scheduled !== undefined) return;
  subscription.last = next;
  const status = state === 'trial' ? 'trialing' : 'active';
  shop.desk.state('updated', subscription, status, { scheduled: { action: 'cancel', on: next } });
}

function uncancel(subscription: Subscription, shop: BillingSubscriptions) {
  if (subscription.last === undefined || subscription.state === 'ended') return;
  subscription.last = undefined;
  shop.desk.state('updated', subscription, subscription.state === 'trial' ? 'trialing' : 'active');
}

function pause(subscription: Subscription, shop: BillingSubscriptions) {
  if (!isOpen(subscription)) return;
  const { next } = subscription;
  subscription.pause = { from: next, cycles: 0 };
  shop.desk.state('updated', subscription, 'active', { scheduled: { action: 'pause', on: next } });
}

function pauseNow(subscription: Subscription, shop: BillingSubscriptions) {
  if (isOpen(subscription)) shop.pauseNow(subscription);
}

function resume(subscription: Subscription, shop: BillingSubscriptions) {
  const { state, pause: scheduled, cardWorks } = subscription;
  if (scheduled === undefined || !cardWorks || state === 'ended') return;
  shop.resume(subscription);
}

function endNow(subscription: Subscription, shop: BillingSubscriptions) {
  if (isOpen(subscription)) shop.end(subscription, dayOf(shop.desk.now));
}

/** Another card, another price: `updated` without anything that concerns a license. */
function touch(subscription: Subscription, shop: BillingSubscriptions) {
  if (isOpen(subscription)) shop.desk.state('updated', subscription, 'active');
}

/** Another card for the charges to come: a transaction of 0, of what the subscription is for. */
function storeCard(subscription: Subscription, shop: BillingSubscriptions) {
  if (subscription.state !== 'ended') shop.desk.stored?.(subscription);
}

/** Takes effect at once; only the money can wait. Another interval is billed at once, from that day on. */
function edit(
  subscription: Subscription,
  { ware: path, quantity, billed }: Doing<'edit'>,
  shop: BillingSubscriptions,
) {
  const { ware: before, quantity: quantityBefore } = subscription;
  const ware = path === null ? before : wareOf(path);
  const isSame = ware === before && quantity === quantityBefore;
  const today = dayOf(shop.desk.now);
  // Not documented: what a charge for a change says about a dispute.
  const isPossible = isOpen(subscription) && shop.isUntouched(subscription) && subscription.next !== today;
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
  else if (billed && more > 0) shop.chargeChange(subscription, 'proration', { net: more / 2, added });
}

/** Goods that are charged on a subscription: a sale of their own. */
function charge(subscription: Subscription, path: string, shop: BillingSubscriptions) {
  if (!isOpen(subscription)) return;
  const { desk } = shop;
  const sale = desk.book(desk.names('extra'), [newItem(wareOf(path), 1)]);
  desk.completed(sale, 'subscription_charge', subscription, subscription.next);
}

/** As in FastSpring's shop: changes that no vendor's text decides do not happen. */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(
    ({ product, rules }) => product !== undefined && rules.term !== undefined && rules.ended !== 'fallback',
  );
}
