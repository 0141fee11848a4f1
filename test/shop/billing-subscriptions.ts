/** Paddle Billing's subscriptions: their beginning, and their schedule. */
import { type BillingDesk, TRIAL_DAYS } from './billing-desk.ts';
import type { BillingSetup } from './billing-setup.ts';
import { type Charge, type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, type Day, dayOf, HOUR, midnight } from './calendar.ts';
import { type ChangedItem, recurringOf } from './recurring-items.ts';
import type { Ware } from './wares.ts';

/** Days from the failed charge to each retry, and to the end of retries. */
const RETRIES = [3, 8];
const GIVEN_UP = 13;

/** What tells of the subscriptions: Lemon Squeezy's tell in other words. */
export type Desk = { now: number } & Pick<
  BillingDesk,
  'charges' | 'subscriptionName' | 'names' | 'book' | 'state' | 'completed' | 'failed'
> &
  Partial<Pick<BillingDesk, 'stored'>>;

export class BillingSubscriptions {
  readonly all: Subscription[] = [];
  readonly desk: Desk;
  readonly setup: Pick<BillingSetup, 'outOfRetries'>;
  /** Pauses that took effect at once, and so are told already. */
  readonly #told = new Set<Subscription>();

  constructor(desk: Desk, setup: Pick<BillingSetup, 'outOfRetries'>) {
    this.desk = desk;
    this.setup = setup;
  }

  /** The line of a first transaction. */
  begin({ reference }: Pick<Charge, 'reference'>, ware: Ware, quantity: number, isTrial: boolean): Item {
    const today = dayOf(this.desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const subscription = newSubscription({
      id: this.desk.subscriptionName(),
      reference,
      orderId: reference,
      ware,
      quantity,
      next,
      state: isTrial ? 'trial' : 'active',
    });
    this.all.push(subscription);
    return newItem(ware, quantity, { subscription, until: next, ...(isTrial && { net: 0 }) });
  }

  /** Another item of it, with the same first days. */
  beginBeside({ subscription, until, net }: Item, ware: Ware, quantity: number): Item {
    if (subscription !== undefined) subscription.companion = { ware, quantity };
    const more = net === 0 ? { net: 0 } : {};
    return newItem(ware, quantity, { subscription, until, role: 'companion', ...more });
  }

  /** `activated` comes before `created`, which alone names the transaction. */
  tellBegun(subscription: Subscription) {
    const isTrial = subscription.state === 'trial';
    const status = isTrial ? 'trialing' : 'active';
    const { reference } = subscription;
    this.desk.state(isTrial ? 'trialing' : 'activated', subscription, status);
    this.desk.state('created', subscription, status, reference === null ? {} : { sale: reference });
  }

  /** Time passes, and subscriptions follow their schedule. */
  passTo(time: number) {
    for (;;) {
      const [first] = this.all
        .map((subscription) => ({ subscription, at: this.dueAt(subscription) }))
        .sort((a, b) => a.at - b.at);
      if (first === undefined || first.at > time) break;
      this.desk.now = Math.max(this.desk.now, first.at);
      this.goOn(first.subscription);
    }
    this.desk.now = Math.max(this.desk.now, time);
  }

  dueAt({ state, next, notices, overdueSince, pause, last }: Subscription): number {
    if (state === 'ended' || state === 'paused') return Number.POSITIVE_INFINITY;
    if (last !== undefined) return midnight(last) + 6 * HOUR;
    if (state === 'overdue' && overdueSince !== undefined) {
      return midnight(addDays(overdueSince, RETRIES[notices - 1] ?? GIVEN_UP)) + 6 * HOUR;
    }
    return midnight(pause?.from ?? next) + 6 * HOUR;
  }

  goOn(subscription: Subscription) {
    const { state, last, pause, cardWorks, next, notices } = subscription;
    if (last !== undefined) return this.end(subscription, last);
    if (pause !== undefined) return this.#beginPause(subscription);
    if (state === 'overdue') {
      if (notices > RETRIES.length) return this.#giveUp(subscription);
      subscription.notices += 1;
      return this.desk.failed(subscription, false);
    }
    // The period moves before it is paid.
    const moved = addMonths(next, subscription.ware.every ?? 1);
    if (cardWorks) {
      this.desk.state('updated', subscription, 'active', { until: moved });
      return this.bill(subscription, next);
    }
    Object.assign(subscription, { state: 'overdue', notices: 1, overdueSince: dayOf(this.desk.now) });
    this.desk.failed(subscription, true);
    this.desk.state('updated', subscription, 'past_due', { until: moved });
    this.desk.state('past_due', subscription, 'past_due', { until: moved });
  }

  /** None of its money was ever refunded. */
  isUntouched(subscription: Subscription): boolean {
    return this.desk.charges
      .filter(({ items }) => items.some((item) => item.subscription === subscription))
      .every(({ back, disputedAt }) => back === 0 && disputedAt === undefined);
  }

  /** Pays the period that begins on a day. */
  bill(subscription: Subscription, from: Day) {
    const next = addMonths(from, subscription.ware.every ?? 1);
    const clear = { state: 'active', pause: undefined, overdueSince: undefined, notices: 0 } as const;
    Object.assign(subscription, { next, sequence: subscription.sequence + 1, ...clear });
    this.#told.delete(subscription);
    const items = recurringOf(subscription).map(({ ware, quantity, role }) =>
      newItem(ware, quantity, { subscription, role, until: next }),
    );
    const charge = this.desk.book(this.desk.names('rebill'), items);
    this.desk.completed(charge, 'subscription_recurring', subscription, next);
    this.desk.state('updated', subscription, 'active');
  }

  /** Charged for a change: to the end of the period, or for a new period. */
  chargeChange(
    subscription: Subscription,
    kind: 'rebill' | 'proration',
    { net, added }: Pick<Item, 'net' | 'added'>,
  ) {
    const { ware, quantity, next } = subscription;
    const item = newItem(ware, quantity, {
      subscription,
      net,
      until: next,
      ...(kind === 'proration' && { added }),
    });
    const charge = this.desk.book(this.desk.names(kind), [item]);
    this.desk.completed(charge, 'subscription_update', subscription, next);
  }

  /** For the rest of the period. */
  chargeItem(subscription: Subscription, { ware, quantity, ...more }: ChangedItem) {
    const item = newItem(ware, quantity, { subscription, until: subscription.next, ...more });
    const charge = this.desk.book(this.desk.names('proration'), [item]);
    this.desk.completed(charge, 'subscription_update', subscription, subscription.next);
  }

  /** Paused at once: the paid days are left, so the books have a pause from the next charge on. */
  pauseNow(subscription: Subscription) {
    subscription.pause = { from: subscription.next, cycles: 0 };
    this.#told.add(subscription);
    this.desk.state('paused', subscription, 'paused');
  }

  isPausedNow(subscription: Subscription): boolean {
    return this.#told.has(subscription);
  }

  /** Within the paid days it goes on with them; after them it is charged at once, for a new period. */
  resume(subscription: Subscription) {
    if (subscription.state !== 'paused') {
      subscription.pause = undefined;
      this.#told.delete(subscription);
      return this.desk.state('resumed', subscription, 'active');
    }
    const today = dayOf(this.desk.now);
    const shown = { ...subscription, pause: undefined };
    this.desk.state('resumed', shown, 'active', { until: addMonths(today, subscription.ware.every ?? 1) });
    this.bill(subscription, today);
  }

  end(subscription: Subscription, on: Day) {
    Object.assign(subscription, { state: 'ended', endedOn: on });
    this.desk.state('canceled', subscription, 'canceled', { until: null });
  }

  #beginPause(subscription: Subscription) {
    subscription.state = 'paused';
    if (!this.#told.has(subscription)) this.desk.state('paused', subscription, 'paused', { until: null });
  }

  #giveUp(subscription: Subscription) {
    const today = dayOf(this.desk.now);
    if (this.setup.outOfRetries === 'cancel') return this.end(subscription, today);
    Object.assign(subscription, { state: 'paused', pause: { from: today, cycles: 0 } });
    this.desk.state('paused', subscription, 'paused', { until: null });
  }
}
