/** Paddle's subscriptions: their beginning, and their schedule. */
import { type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, type Day, dayOf, HOUR, midnight } from './calendar.ts';
import {
  chargeFields,
  type Fields,
  money,
  type PaddleDesk,
  paddleTime,
  subscriptionFields,
} from './paddle-desk.ts';
import type { PaddleSetup } from './paddle-setup.ts';
import type { Ware } from './wares.ts';

const TRIAL_DAYS = 14;

/** Days from the failed payment to each retry, and to the end of retries. */
const RETRIES = [3, 8];
const GIVEN_UP = 13;

type Status = 'active' | 'trialing' | 'past_due' | 'paused' | 'deleted';

export class PaddleSubscriptions {
  readonly all: Subscription[] = [];
  readonly desk: PaddleDesk;
  readonly setup: PaddleSetup;

  constructor(desk: PaddleDesk, setup: PaddleSetup) {
    this.desk = desk;
    this.setup = setup;
  }

  /** The first payment is also reported at the start of a trial: the card was checked. */
  begin(ware: Ware, quantity: number, isTrial: boolean) {
    const desk = this.desk;
    const names = desk.names('first', true);
    const today = dayOf(desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const state = isTrial ? 'trial' : 'active';
    const id = `50${desk.number()}`;
    const given = {
      id,
      reference: names.reference,
      orderId: names.reference,
      ware,
      quantity,
      next,
      state,
    } as const;
    const subscription = newSubscription(given);
    this.all.push(subscription);
    const item = newItem(ware, quantity, { subscription, until: next, ...(isTrial && { net: 0 }) });
    const charge = desk.book(names, [item]);
    const request = this.setup.asksForPlans ? desk.ask(charge, item) : undefined;
    const status = isTrial ? 'trialing' : 'active';
    desk.alert('subscription_created', {
      ...subscriptionFields(subscription),
      status,
      next_bill_date: next,
      source: 'checkout',
    });
    this.tellPayment(charge, subscription, status);
    if (request !== undefined) {
      const fields = {
        order_id: names.reference,
        product_id: String(ware.paddle),
        quantity: String(quantity),
      };
      desk.alert('locker_processed', fields, request);
    }
  }

  dueAt({ state, next, notices, overdueSince, pause, last }: Subscription): number {
    if (state === 'ended' || state === 'paused') return Number.POSITIVE_INFINITY;
    // The last day is still paid.
    if (last !== undefined) return midnight(addDays(last, 1));
    if (state === 'overdue' && overdueSince !== undefined) {
      return midnight(addDays(overdueSince, RETRIES[notices - 1] ?? GIVEN_UP)) + 6 * HOUR;
    }
    return midnight(pause?.from ?? next) + 6 * HOUR;
  }

  goOn(subscription: Subscription) {
    const { state, last, pause, cardWorks, next, notices } = subscription;
    // No alert follows on the day of the cancellation.
    if (last !== undefined) return void Object.assign(subscription, { state: 'ended', endedOn: last });
    if (pause !== undefined) return this.beginPause(subscription);
    if (state === 'overdue') {
      if (notices > RETRIES.length) return this.giveUp(subscription);
      return this.fail(subscription);
    }
    if (cardWorks) return this.bill(subscription, next);
    subscription.overdueSince = dayOf(this.desk.now);
    this.fail(subscription);
  }

  /** None of its money was ever refunded. */
  isUntouched(subscription: Subscription): boolean {
    return this.desk.charges
      .filter(({ items }) => items.some((item) => item.subscription === subscription))
      .every(({ back, disputedAt }) => back === 0 && disputedAt === undefined);
  }

  bill(subscription: Subscription, from: Day, before?: 'past_due' | 'paused') {
    const { ware, quantity, sequence, isNextFree } = subscription;
    const next = addMonths(from, ware.every ?? 1);
    const clear = {
      state: 'active',
      pause: undefined,
      overdueSince: undefined,
      notices: 0,
      isNextFree: false,
    } as const;
    Object.assign(subscription, { next, sequence: sequence + 1, ...clear });
    if (before !== undefined) this.update(subscription, 'active', before, {});
    this.charge(subscription, 'rebill', { net: isNextFree ? 0 : ware.price * quantity, until: next });
  }

  charge(
    subscription: Subscription,
    kind: 'rebill' | 'proration' | 'extra',
    more: { net: number; until: Day | undefined } & Partial<Pick<Item, 'added' | 'restarts'>>,
  ) {
    const { ware, quantity } = subscription;
    const item = newItem(ware, quantity, { subscription, ...more });
    this.tellPayment(this.desk.book(this.desk.names(kind, true), [item]), subscription, 'active');
  }

  tellPayment(charge: Parameters<typeof chargeFields>[0], subscription: Subscription, status: Status) {
    const isExtra = charge.kind === 'proration' || charge.kind === 'extra';
    this.desk.alert('subscription_payment_succeeded', {
      ...chargeFields(charge, this.setup.yes),
      ...(isExtra && this.setup.extrasAreFor === 'one' && { quantity: '1' }),
      status,
      sale_gross: money(charge.total),
      balance_gross: money(charge.total * 1.1),
      next_bill_date: subscription.next,
      next_payment_amount: money(subscription.ware.price * subscription.quantity),
      plan_name: subscription.ware.path,
    });
  }

  fail(subscription: Subscription) {
    const { next, state, overdueSince, notices } = subscription;
    const isFirst = state !== 'overdue';
    Object.assign(subscription, { state: 'overdue', notices: notices + 1 });
    const retry = addDays(overdueSince ?? next, RETRIES[notices] ?? GIVEN_UP);
    const shown = this.setup.pastDueShows === 'old date' ? next : retry;
    this.desk.alert('subscription_payment_failed', {
      ...subscriptionFields(subscription),
      status: 'past_due',
      amount: money(subscription.ware.price),
      attempt_number: String(notices + 1),
      next_retry_date: retry,
      order_id: `8${this.desk.number()}-1`,
    });
    if (isFirst) this.update(subscription, 'past_due', 'active', { next_bill_date: shown });
  }

  giveUp(subscription: Subscription) {
    if (this.setup.outOfRetries === 'cancel') return this.cancel(subscription, dayOf(this.desk.now));
    subscription.state = 'paused';
    const fields = pauseFields(this.desk.now, dayOf(this.desk.now), 'delinquent');
    this.update(subscription, 'paused', 'past_due', { ...fields, next_bill_date: '' });
  }

  beginPause(subscription: Subscription) {
    const { pause, next } = subscription;
    subscription.state = 'paused';
    if (!this.setup.tellsPauseBegins) return;
    this.update(
      subscription,
      'paused',
      'active',
      pauseFields(this.desk.now, pause?.from ?? next, 'voluntary'),
    );
  }

  cancel(subscription: Subscription, last: Day) {
    Object.assign(subscription, { last, next: last });
    this.desk.alert('subscription_cancelled', {
      ...subscriptionFields(subscription),
      status: 'deleted',
      cancellation_effective_date: last,
    });
  }

  update(subscription: Subscription, status: Status, before: Status, more: Fields) {
    this.desk.alert('subscription_updated', {
      ...subscriptionFields(subscription),
      status,
      old_status: before,
      next_bill_date: subscription.next,
      old_next_bill_date: subscription.next,
      new_price: money(subscription.ware.price * subscription.quantity),
      new_unit_price: money(subscription.ware.price),
      ...more,
    });
  }
}

export function pauseFields(at: number, from: Day, reason: 'voluntary' | 'delinquent'): Fields {
  return { paused_at: paddleTime(at), paused_from: `${from} 00:00:00`, paused_reason: reason };
}
