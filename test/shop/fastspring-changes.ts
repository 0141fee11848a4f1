/** Changes of a FastSpring subscription by customer or seller. A change that its state does not allow has no effect. */
import { newItem, type Subscription } from './books.ts';
import { addDays, addMonths, dayOf, HOUR } from './calendar.ts';
import { orderData } from './fastspring-shapes.ts';
import type { Action } from './fastspring-story.ts';
import type { Subscriptions } from './fastspring-subscriptions.ts';
import { isKept } from './left-truth.ts';
import { EXTRA, siblingOf, unitsIn, type Ware, wareOf } from './wares.ts';

type Change = Extract<Action, { subscription: number }>;
type Doing<Kind> = Extract<Change, { do: Kind }>;

export function change(action: Change, subscription: Subscription, shop: Subscriptions) {
  switch (action.do) {
    case 'edit': {
      edit(subscription, action, shop);
      const { again: quantity, prorated } = action;
      if (quantity === null) return;
      // A charge belongs to the nearer edit; in the same second nothing tells which that is.
      shop.desk.now += HOUR / 60;
      return edit(subscription, { ware: null, quantity, prorated }, shop);
    }
    case 'pause':
      return pause(subscription, action.cycles, shop);
    case 'add-on':
      return addOn(subscription, action.quantity, shop);
    case 'put-off':
      return putOff(subscription, action.days, shop);
    case 'endNow':
      return shop.endNow(subscription);
    default:
      return TURNS[action.do](subscription, shop);
  }
}

const TURNS = {
  failCard,
  mendCard,
  cancel,
  uncancel,
  resume,
  touch,
  charge,
  switchRenewal,
  payByHand,
  coupon,
} as const;

/** Active, and nothing scheduled. */
function isOpen({ state, last, pause, managed, isManual }: Subscription): boolean {
  return state === 'active' && last === undefined && pause === undefined && !managed && !isManual;
}

function failCard(subscription: Subscription) {
  subscription.cardWorks = false;
}

function mendCard(subscription: Subscription, shop: Subscriptions) {
  subscription.cardWorks = true;
  if (subscription.state === 'overdue' && !subscription.isManual)
    shop.rebill(subscription, subscription.next);
}

function cancel(subscription: Subscription, shop: Subscriptions) {
  const { state, last, pause, next, managed } = subscription;
  // According to the page, a managed subscription can only be ended at once.
  if ((state !== 'active' && state !== 'trial') || last !== undefined || pause !== undefined || managed)
    return;
  subscription.last = shop.setup.endsOnNext ? next : addDays(next, -1);
  shop.tell('canceled', subscription);
}

function uncancel(subscription: Subscription, shop: Subscriptions) {
  if (subscription.last === undefined || subscription.state === 'ended') return;
  subscription.last = undefined;
  shop.tell('uncanceled', subscription);
}

function pause(subscription: Subscription, cycles: number, shop: Subscriptions) {
  if (!isOpen(subscription)) return;
  subscription.pause = { from: subscription.next, cycles };
  shop.tell('paused', subscription);
  shop.tell('updated', subscription);
}

function resume(subscription: Subscription, shop: Subscriptions) {
  const { state, pause: announced, cardWorks } = subscription;
  if (announced === undefined || !cardWorks || state === 'ended') return;
  if (state === 'paused' || shop.setup.withdrawalCharges) return shop.resume(subscription, true);
  subscription.pause = undefined;
  shop.tell('resumed', subscription);
}

/** Another card, another price: `updated` without anything that concerns a license. */
function touch(subscription: Subscription, shop: Subscriptions) {
  if (subscription.state !== 'ended') shop.tell('updated', subscription);
}

/** The seller requests the payment of a managed subscription. */
function charge(subscription: Subscription, shop: Subscriptions) {
  const { managed, state, next } = subscription;
  const today = dayOf(shop.desk.now);
  // It is not documented whether a charge before the end of a period begins another period.
  if (managed && state === 'active' && next <= today) shop.rebill(subscription, today);
}

/** The buyer turns the automatic renewal off where it is on, and pays for the next period. */
function payByHand(subscription: Subscription, shop: Subscriptions) {
  if (!subscription.isManual) switchRenewal(subscription, shop);
  const { isManual, state, last, next } = subscription;
  if (!isManual || last !== undefined || (state !== 'active' && state !== 'overdue')) return;
  // Before the day of renewal, the page says, it renews for one period; after it the page does not say from when on.
  const today = dayOf(shop.desk.now);
  shop.rebill(subscription, next < today ? today : next);
}

/** The buyer turns the automatic renewal off, or on again. */
function switchRenewal(subscription: Subscription, shop: Subscriptions) {
  const { isManual, state } = subscription;
  const isPossible = isManual
    ? state === 'active'
    : isOpen(subscription) && shop.isManualFit(subscription.ware);
  if (!isPossible) return;
  subscription.isManual = !isManual;
  shop.tell('updated', subscription);
}

function coupon(subscription: Subscription) {
  if (subscription.state !== 'ended') subscription.isNextFree = true;
}

/** Moves the date of the next charge, which gives unpaid days. */
function putOff(subscription: Subscription, days: number, shop: Subscriptions) {
  // It is not documented whether given days count after a refunded period.
  if (!isOpen(subscription) || !shop.isUntouched(subscription)) return;
  subscription.next = addDays(subscription.next, days);
  subscription.movedTo = subscription.next;
  shop.tell('updated', subscription);
}

/** With a proration, it takes effect and is paid at once; otherwise with the next charge. */
function edit(
  subscription: Subscription,
  { ware: path, quantity: pieces, prorated }: Pick<Doing<'edit'>, 'ware' | 'quantity' | 'prorated'>,
  shop: Subscriptions,
) {
  const { ware: before, pending, next } = subscription;
  const present = pending?.ware ?? before;
  const ware = path === null ? present : path === 'sibling' ? siblingOf(present) : wareOf(path);
  const quantity = unitsIn(ware, pieces);
  const { expands, editShows } = shop.setup;
  // An unexpanded charge names neither product nor quantity, so nothing tells that it is for an edit that no event told before.
  const isTold = expands || prorated || editShows === 'new';
  const isPossible = isOpen(subscription) && canBecome(before, ware) && shop.isSold(ware);
  if (!isPossible || !isTold || next === dayOf(shop.desk.now)) return;
  // Nor which days an add-on has after a shorter interval begins at once.
  const isShorter = prorated && (ware.every ?? 1) < (before.every ?? 1);
  if (isShorter && subscription.companion !== undefined) return;
  if (!isKept(subscription, { ware, quantity }, shop.desk.charges)) return;
  // The license ids of units that no first order sold name the path that is heard of first (docs/life.md).
  if (ware !== before && ware.product === before.product && subscription.imported) return;
  if (ware !== before) subscription.hasOtherPath = true;
  if (!prorated) {
    subscription.pending = { ware, quantity };
    return shop.tell('updated', subscription);
  }
  prorate(subscription, { ware, quantity }, shop);
}

/** Takes effect at once: the difference for the rest of the period is charged, or credited. */
function prorate(
  subscription: Subscription,
  { ware, quantity }: Pick<Subscription, 'ware' | 'quantity'>,
  shop: Subscriptions,
) {
  const { setup, desk } = shop;
  const { ware: before, quantity: unitsBefore, next, pending } = subscription;
  const more = ware.price * quantity - before.price * unitsBefore;
  const isOtherInterval = ware.every !== before.every;
  if (ware === before && quantity === unitsBefore) return;
  Object.assign(subscription, { ware, quantity, pending: undefined });
  const isCharged = more > 0 || isOtherInterval || setup.creditIs === 'a charge of 0';
  if (!isCharged) return credit(subscription, -more / 2, shop);
  const begins = isOtherInterval && setup.intervalBegins === 'at the change';
  if (begins) shop.moveTo(subscription, addMonths(dayOf(desk.now), ware.every ?? 1));
  const isPart = setup.prorationNames === 'changed units' && ware === before;
  // More units, or another product, are paid to the next charge, also where the period's money went back.
  const isAdded = ware === before && quantity > unitsBefore;
  const isOfCodes = isAdded && ware.rules.quantity !== 'seats';
  const isPaidOn = more > 0 && (isOfCodes || ware.product !== before.product);
  const item = newItem(ware, quantity, {
    subscription,
    net: Math.max(more / 2, 0),
    ...(isPaidOn && { until: next }),
    ...(isAdded && { added: { from: unitsBefore, to: quantity } }),
    ...(isPart && { named: Math.abs(quantity - unitsBefore) }),
    ...(begins && { until: subscription.next, restarts: subscription.next < next }),
  });
  // Without the edit no quantity is lowered before the next charge.
  const isLost =
    setup.expands &&
    setup.losesProratedEdits &&
    setup.prorationShows === 'new' &&
    more > 0 &&
    quantity >= Math.max(unitsBefore, pending?.quantity ?? 0);
  // An unexpanded charge before its edit looks like a rebill, where no event told the day of the next charge since the last.
  const isLate = setup.tellsEditAfterCharge && setup.expands;
  if (!isLost && !isLate) shop.tell('updated', subscription);
  const proration = desk.book(desk.names('proration'), [item]);
  if (!isLost && isLate) shop.tell('updated', subscription);
  // Nobody is asked for codes of the units that are credited.
  const isAsked = more > 0 || !isPart;
  if (setup.asksAtProrations && isAsked && !subscription.imported) desk.ask(proration, item, 'never');
  const shown = setup.prorationShows === 'old' ? { ware: before, quantity: unitsBefore } : {};
  shop.tellCharge(proration, subscription, shown);
}

/** Without a charge nothing says that the edit holds already: until the next charge the customer keeps what was paid. */
function credit(subscription: Subscription, net: number, shop: Subscriptions) {
  shop.tell('updated', subscription);
  if (shop.setup.creditIs === 'a return') shop.giveBack(subscription, net);
}

/** An add-on that is bought later, by an order of its own or within the subscription. */
function addOn(subscription: Subscription, quantity: number, shop: Subscriptions) {
  const { companion, next, imported } = subscription;
  // A subscription of another program has no license, so the add-on's request looks like a first sale.
  const isOurs = subscription.ware.product !== undefined && !imported;
  const isPossible = isOpen(subscription) && shop.isUntouched(subscription) && isOurs;
  if (!isPossible || companion !== undefined || !shop.setup.expands) return;
  subscription.companion = { ware: EXTRA, quantity };
  const item = newItem(EXTRA, quantity, { subscription, role: 'companion', until: next });
  const { addOnIs, asksAtProrations } = shop.setup;
  if (addOnIs !== 'an order of its own') {
    shop.tell('updated', subscription);
    const charge = shop.desk.book(shop.desk.names(addOnIs === 'a charge' ? 'rebill' : 'proration'), [item]);
    if (asksAtProrations) shop.desk.ask(charge, item, 'never');
    return shop.tellCharge(charge, subscription);
  }
  const order = shop.desk.book(shop.desk.names('first'), [item]);
  // Until the charge that ended a pause arrives, the subscription looks suspended.
  shop.desk.ask(order, item, 'in order');
  shop.desk.event(
    'order.completed',
    orderData(order, { tellsCodes: shop.setup.tellsCodes }),
    subscription.id,
  );
}

/** Perpetual licenses do not change: no vendor's text decides what that means. */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(({ product, rules }) => product !== undefined && rules.term !== undefined);
}
