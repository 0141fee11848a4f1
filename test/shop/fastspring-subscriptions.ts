/** FastSpring's subscriptions: what they do by themselves as time goes by, and what customer and seller do to them. */
import { type Charge, type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, type Day, dayOf, HOUR, midnight } from './calendar.ts';
import type { FastSpringDesk } from './fastspring-desk.ts';
import type { Setup } from './fastspring-setup.ts';
import { chargeData, orderData, type Shown, subscriptionData } from './fastspring-shapes.ts';
import { EXTRA, type Ware } from './wares.ts';

const TRIAL_DAYS = 14;

/** Days from the failed charge to each notice, and to the end. */
const NOTICES = [1, 8];
const DUNNING_ENDS = 15;

export class Subscriptions {
  readonly all: Subscription[] = [];
  readonly #desk: FastSpringDesk;
  readonly #setup: Setup;

  constructor(desk: FastSpringDesk, setup: Setup) {
    this.#desk = desk;
    this.#setup = setup;
  }

  /** The line of a first order. Its `subscription.activated` is for the caller to tell, with the order. */
  begin(
    { reference, id }: Pick<Charge, 'reference' | 'id'>,
    ware: Ware,
    quantity: number,
    isTrial: boolean,
  ): Item {
    const today = dayOf(this.#desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const subscription = newSubscription({
      id: `sub-${this.#desk.number()}`,
      reference,
      orderId: id,
      ware,
      quantity,
      next,
      state: isTrial ? 'trial' : 'active',
    });
    this.all.push(subscription);
    return newItem(ware, quantity, { subscription, until: next, ...(isTrial && { net: 0 }) });
  }

  /** When the next thing happens by itself. */
  dueAt({ state, next, notices, overdueSince, pause, ware }: Subscription): number {
    if (state === 'ended') return Number.POSITIVE_INFINITY;
    if (state === 'overdue' && overdueSince !== undefined) {
      return midnight(addDays(overdueSince, NOTICES[notices] ?? DUNNING_ENDS)) + 9 * HOUR;
    }
    if (state === 'paused' && pause !== undefined) {
      return midnight(addMonths(pause.from, pause.cycles * (ware.every ?? 1))) + 6 * HOUR;
    }
    return midnight(next) + 6 * HOUR;
  }

  /** Does what is due. */
  goOn(subscription: Subscription) {
    const { state, last, next, pause, cardWorks, notices } = subscription;
    if (state === 'overdue') {
      if (notices >= NOTICES.length) return this.endNow(subscription);
      subscription.notices += 1;
      return this.#tell('payment.overdue', subscription);
    }
    if (last !== undefined) return this.#end(subscription, last, { deactivationDate: last });
    if (state === 'paused') return this.#resume(subscription, this.#setup.tellsPauseEnds);
    if (pause?.from === next) return this.#beginPause(subscription);
    if (cardWorks) return this.#rebill(subscription, next);
    if (state === 'trial') return this.endNow(subscription);
    subscription.state = 'overdue';
    subscription.overdueSince = dayOf(this.#desk.now);
    this.#desk.event('subscription.charge.failed', {
      reason: 'DECLINED_SOFT',
      account: 'account-1',
      quote: null,
      subscription: subscriptionData(subscription, this.#desk.now),
    });
  }

  activated(subscription: Subscription) {
    this.#tell('activated', subscription);
  }

  failCard(subscription: Subscription) {
    subscription.cardWorks = false;
  }

  mendCard(subscription: Subscription) {
    subscription.cardWorks = true;
    if (subscription.state === 'overdue') this.#rebill(subscription, subscription.next);
  }

  cancel(subscription: Subscription) {
    const { state, last, pause, next } = subscription;
    if ((state !== 'active' && state !== 'trial') || last !== undefined || pause !== undefined) return;
    subscription.last = this.#setup.endsOnNext ? next : addDays(next, -1);
    this.#tell('canceled', subscription, { deactivationDate: subscription.last });
  }

  uncancel(subscription: Subscription) {
    if (subscription.last === undefined || subscription.state === 'ended') return;
    subscription.last = undefined;
    this.#tell('uncanceled', subscription);
  }

  endNow(subscription: Subscription) {
    if (subscription.state === 'ended') return;
    const today = dayOf(this.#desk.now);
    this.#end(subscription, today, { end: today });
  }

  pause(subscription: Subscription, cycles: number) {
    const { state, last, pause, next } = subscription;
    if (state !== 'active' || last !== undefined || pause !== undefined) return;
    subscription.pause = { from: next, cycles };
    this.#tell('paused', subscription);
    this.#tell('updated', subscription);
  }

  resume(subscription: Subscription) {
    const { state, pause } = subscription;
    if (pause === undefined || !subscription.cardWorks || state === 'ended') return;
    if (state === 'paused' || this.#setup.withdrawalCharges) return this.#resume(subscription, true);
    subscription.pause = undefined;
    this.#tell('resumed', subscription);
  }

  /** Prorated, it holds and is paid at once; otherwise from the next charge on. */
  edit(subscription: Subscription, ware: Ware, quantity: number, prorated: boolean) {
    const { state, last, pause, next } = subscription;
    const isOpen = state === 'active' && last === undefined && pause === undefined;
    if (!isOpen || !canBecome(subscription.ware, ware) || next === dayOf(this.#desk.now)) return;
    if (!prorated) {
      subscription.pending = { ware, quantity };
      return this.#tell('updated', subscription, this.#setup.editShows === 'new' ? { ware, quantity } : {});
    }
    const more = ware.price * quantity - subscription.ware.price * subscription.quantity;
    // What a prorated downgrade sends is not documented (a credit, or a return of an earlier charge).
    if (more <= 0 || ware.every !== subscription.ware.every) return;
    Object.assign(subscription, { ware, quantity, pending: undefined });
    this.#tell('updated', subscription);
    const item = newItem(ware, quantity, { subscription, net: more / 2 });
    const charge = this.#desk.book(this.#desk.names('proration'), [item]);
    if (this.#setup.asksAtProrations) this.#desk.ask(charge, item, false);
    this.#desk.event('subscription.charge.completed', chargeData(charge, subscription));
  }

  /** An add-on, bought later by an order of its own. */
  addOn(subscription: Subscription, quantity: number) {
    const { state, last, pause, companion, next } = subscription;
    if (state !== 'active' || last !== undefined || pause !== undefined || companion !== undefined) return;
    subscription.companion = { ware: EXTRA, quantity };
    const item = newItem(EXTRA, quantity, { subscription, role: 'companion', until: next });
    const charge = this.#desk.book(this.#desk.names('first'), [item]);
    this.#desk.ask(charge, item, true);
    this.#desk.event('order.completed', orderData(charge));
  }

  /** `from`: the day on which the period that is paid begins. */
  #rebill(subscription: Subscription, from: Day) {
    const { pending, companion, state, ware: wareBefore, quantity: quantityBefore } = subscription;
    const isPlain = state !== 'paused' && this.#isUntouched(subscription);
    const { ware, quantity } = pending ?? subscription;
    const next = addMonths(from, ware.every ?? 1);
    const sequence = state === 'paused' && this.#setup.restartsSequence ? 1 : subscription.sequence + 1;
    const clear = { state: 'active', pending: undefined, pause: undefined, overdueSince: undefined } as const;
    Object.assign(subscription, { ware, quantity, next, sequence, notices: 0, ...clear });
    const items = [newItem(ware, quantity, { subscription, until: next })];
    if (companion !== undefined) {
      items.push(
        newItem(companion.ware, companion.quantity, { subscription, role: 'companion', until: next }),
      );
    }
    const charge = this.#desk.book(this.#desk.names('rebill'), items);
    const isSame = ware === wareBefore && quantity === quantityBefore;
    if (this.#setup.asksAtRebills) for (const item of items) this.#desk.ask(charge, item, isPlain && isSame);
    if (!isSame && this.#setup.tellsEditAgain) this.#tell('updated', subscription);
    this.#desk.event('subscription.charge.completed', chargeData(charge, subscription));
  }

  /** No money of it ever went back. */
  #isUntouched(subscription: Subscription): boolean {
    return this.#desk.charges
      .filter(({ items }) => items.some((item) => item.subscription === subscription))
      .every(({ back, disputedAt }) => back === 0 && disputedAt === undefined);
  }

  #beginPause(subscription: Subscription) {
    subscription.state = 'paused';
    if (this.#setup.tellsPauseBegins) this.#tell('paused', subscription);
  }

  /** Charges at once, and the cycle begins anew. */
  #resume(subscription: Subscription, isTold: boolean) {
    if (!subscription.cardWorks) return this.endNow(subscription);
    const { ware, quantity, state } = subscription;
    const today = dayOf(this.#desk.now);
    if (isTold) {
      const next = addMonths(today, (subscription.pending?.ware ?? ware).every ?? 1);
      const shown = { ...subscription, next, state: 'active', pause: undefined } as const;
      this.#desk.event('subscription.resumed', subscriptionData(shown, this.#desk.now, { ware, quantity }));
    }
    this.#rebill(Object.assign(subscription, { state }), today);
  }

  #end(subscription: Subscription, on: Day, shown: Shown) {
    Object.assign(subscription, { state: 'ended', endedOn: on });
    this.#tell('deactivated', subscription, shown);
  }

  #tell(type: string, subscription: Subscription, shown: Shown = {}) {
    this.#desk.event(`subscription.${type}`, subscriptionData(subscription, this.#desk.now, shown));
  }
}

/**
 * What `ended: fallback` comes to for a license that its subscription has left is not decided by a vendor's text, so
 * such wares do not change; nor does what is sold for good.
 */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(
    ({ product, rules }) => product !== undefined && rules.term !== undefined && rules.ended !== 'fallback',
  );
}
