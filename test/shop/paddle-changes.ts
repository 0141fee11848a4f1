/** Changes of a Paddle subscription by customer or seller. A change that its state does not allow has no effect. */
import { isWhollyBack, type Subscription } from './books.ts';
import { addDays, addMonths, dayOf } from './calendar.ts';
import { isKept } from './left-truth.ts';
import type { PaddleAction } from './paddle-story.ts';
import { type PaddleSubscriptions, pauseFields } from './paddle-subscriptions.ts';
import { type Ware, wareOf } from './wares.ts';

type Change = Extract<PaddleAction, { subscription: number }>;
type Doing<Kind> = Extract<Change, { do: Kind }>;

/**
 * `isDisputed`: it is not documented which dispute an extra payment lifts, so none is made. Nor does an alert tell an
 * extra payment from one for a period whose money went back.
 */
export function change(
  action: Change,
  subscription: Subscription,
  shop: PaddleSubscriptions,
  isDisputed: boolean,
) {
  switch (action.do) {
    case 'edit':
      return isDisputed || (action.billed && isPeriodBack(subscription, shop))
        ? undefined
        : edit(subscription, action, shop);
    case 'chargeExtra':
      return isDisputed || isPeriodBack(subscription, shop) ? undefined : chargeExtra(subscription, shop);
    case 'put-off':
      return putOff(subscription, action.days, shop);
    default:
      return TURNS[action.do](subscription, shop);
  }
}

const TURNS = { failCard, mendCard, cancel, pause, restart, coupon } as const;

function isOpen({ state, last, pause }: Subscription): boolean {
  return state === 'active' && last === undefined && pause === undefined;
}

function isPeriodBack(subscription: Subscription, { desk }: PaddleSubscriptions): boolean {
  const newest = desk.charges.findLast(
    ({ kind, items }) =>
      (kind === 'first' || kind === 'rebill') && items.some((item) => item.subscription === subscription),
  );
  return newest !== undefined && isWhollyBack(newest);
}

function failCard(subscription: Subscription) {
  subscription.cardWorks = false;
}

function coupon(subscription: Subscription) {
  if (subscription.state !== 'ended') subscription.isNextFree = true;
}

/** A recovery goes through `past_due`, also from a pause for failed payments, and restarts the interval. */
function mendCard(subscription: Subscription, shop: PaddleSubscriptions) {
  const { state, next, pause: announced, cardWorks, last } = subscription;
  if (cardWorks || state === 'ended' || last !== undefined) return;
  subscription.cardWorks = true;
  if (state === 'overdue') return shop.bill(subscription, next, 'past_due');
  if (state !== 'paused' || announced !== undefined) return;
  shop.update(subscription, 'past_due', 'paused', { next_bill_date: '' });
  shop.bill(subscription, dayOf(shop.desk.now), 'past_due');
}

function cancel(subscription: Subscription, shop: PaddleSubscriptions) {
  const { state, last, pause: announced, next } = subscription;
  if ((state !== 'active' && state !== 'trial') || last !== undefined || announced !== undefined) return;
  shop.cancel(subscription, next);
}

function pause(subscription: Subscription, shop: PaddleSubscriptions) {
  if (!isOpen(subscription)) return;
  const { next } = subscription;
  subscription.pause = { from: next, cycles: 0 };
  const fields = pauseFields(shop.desk.now, next, 'voluntary');
  shop.update(subscription, shop.setup.announcedPauseIs, 'active', fields);
}

/** Bills at once and begins a new cycle. For a scheduled pause this is not documented. */
function restart(subscription: Subscription, shop: PaddleSubscriptions) {
  const { state, pause: announced, cardWorks } = subscription;
  if (state === 'paused' && announced !== undefined && cardWorks) {
    shop.bill(subscription, dayOf(shop.desk.now), 'paused');
  }
}

/** Moves the payment date by hand, which gives unpaid days. */
function putOff(subscription: Subscription, days: number, shop: PaddleSubscriptions) {
  // It is not documented whether given days count after a refunded period.
  if (!isOpen(subscription) || !shop.isUntouched(subscription)) return;
  const old_next_bill_date = subscription.next;
  subscription.next = addDays(subscription.next, days);
  subscription.movedTo = subscription.next;
  shop.update(subscription, 'active', 'active', { old_next_bill_date });
}

/** Takes effect at once; only the money can wait. Another interval is billed at once, from that day on. */
function edit(
  subscription: Subscription,
  { ware: path, quantity, billed }: Doing<'edit'>,
  shop: PaddleSubscriptions,
) {
  const { ware: before, quantity: quantityBefore, next } = subscription;
  const ware = path === null ? before : wareOf(path);
  const { tellsQuantity } = shop.setup;
  const isSame = ware === before && quantity === quantityBefore;
  // Without quantity enabled, there is no quantity to change.
  const isPossible = tellsQuantity || quantity === quantityBefore;
  if (!isOpen(subscription) || isSame || !isPossible || !canBecome(before, ware)) return;
  if (!isKept(subscription, { ware, quantity }, shop.desk.charges)) return;
  const more = ware.price * quantity - before.price * quantityBefore;
  const isNewCycle = ware.every !== before.every;
  Object.assign(subscription, { ware, quantity });
  if (isNewCycle) {
    subscription.next = addMonths(dayOf(shop.desk.now), ware.every ?? 1);
    // Of a cycle that begins before the day of the next charge, given days are over.
    if (subscription.movedTo !== undefined && subscription.next < next)
      subscription.movedTo = subscription.next;
  }
  shop.update(subscription, 'active', 'active', {
    old_subscription_plan_id: String(before.paddle),
    old_next_bill_date: next,
    ...(tellsQuantity && { new_quantity: String(quantity), old_quantity: String(quantityBefore) }),
  });
  if (isNewCycle) {
    const rest = shop.setup.newIntervalCosts === 'all' ? 0 : (before.price * quantityBefore) / 2;
    // A charge of 0 is not documented to be told.
    const net = Math.max(ware.price * quantity - rest, 1);
    const { next: until } = subscription;
    shop.charge(subscription, 'rebill', { net, until, restarts: until < next });
  } else if (billed && more > 0) {
    const added =
      ware === before && quantity > quantityBefore ? { from: quantityBefore, to: quantity } : undefined;
    shop.charge(subscription, 'proration', { net: more / 2, until: next, added });
  }
}

/** Reported as a payment without a period: on no page (1.8), and as safe as any reading. */
function chargeExtra(subscription: Subscription, shop: PaddleSubscriptions) {
  if (isOpen(subscription)) shop.charge(subscription, 'extra', { net: 4, until: undefined });
}

/** As in FastSpring's shop: perpetual licenses do not change. */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(({ product, rules }) => product !== undefined && rules.term !== undefined);
}
