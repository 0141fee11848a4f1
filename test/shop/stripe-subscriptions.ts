/** Stripe's subscriptions: their beginning, and their schedule. */
import { type Charge, type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, type Day, dayOf, HOUR, midnight } from './calendar.ts';
import { type ChangedItem, recurringOf } from './recurring-items.ts';
import { type StripeDesk, TRIAL_DAYS } from './stripe-desk.ts';
import type { Ware } from './wares.ts';

/** Days from the failed charge to each retry, and to the end of retries. */
const RETRIES = [3, 8];
const GIVEN_UP = 13;

export class StripeSubscriptions {
  readonly all: Subscription[] = [];
  readonly desk: StripeDesk;
  /** Not charged any more, until a card works. */
  readonly #unpaid = new Set<Subscription>();

  constructor(desk: StripeDesk) {
    this.desk = desk;
  }

  /** The line of a first invoice. */
  begin({ reference }: Pick<Charge, 'reference'>, ware: Ware, quantity: number, isTrial: boolean): Item {
    const today = dayOf(this.desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const id = `sub_${this.desk.number()}`;
    const state = isTrial ? 'trial' : 'active';
    const subscription = newSubscription({ id, reference, orderId: reference, ware, quantity, next, state });
    this.all.push(subscription);
    return newItem(ware, quantity, { subscription, until: next, ...(isTrial && { net: 0 }) });
  }

  /** Another item of it, with the same first days. */
  beginBeside({ subscription, until, net }: Item, ware: Ware, quantity: number): Item {
    if (subscription !== undefined) subscription.companion = { ware, quantity };
    const more = net === 0 ? { net: 0 } : {};
    return newItem(ware, quantity, { subscription, until, role: 'companion', ...more });
  }

  tellBegun(subscription: Subscription, charge: Charge) {
    this.desk.state('created', subscription, subscription.state === 'trial' ? 'trialing' : 'active');
    this.desk.paid(charge, subscription, 'subscription_create', { until: subscription.next });
  }

  dueAt(subscription: Subscription): number {
    const { state, next, notices, overdueSince, last } = subscription;
    if (state === 'ended' || state === 'paused' || this.#unpaid.has(subscription))
      return Number.POSITIVE_INFINITY;
    if (last !== undefined) return midnight(last) + 6 * HOUR;
    if (state === 'overdue' && overdueSince !== undefined) {
      return midnight(addDays(overdueSince, RETRIES[notices - 1] ?? GIVEN_UP)) + 6 * HOUR;
    }
    return midnight(next) + 6 * HOUR;
  }

  goOn(subscription: Subscription) {
    const { state, last, cardWorks, next, notices, ware } = subscription;
    if (last !== undefined) return this.end(subscription, last);
    if (state === 'overdue') {
      if (notices > RETRIES.length) return this.#giveUp(subscription);
      subscription.notices += 1;
      return this.desk.failed(subscription);
    }
    if (state === 'trial' && !cardWorks) return this.#pause(subscription);
    // The period moves before it is paid.
    const moved = addMonths(next, ware.every ?? 1);
    this.desk.state('updated', subscription, 'active', { until: moved });
    if (this.desk.uncollected.has(subscription)) {
      subscription.next = moved;
      return this.desk.voided(subscription);
    }
    if (cardWorks) return this.bill(subscription, next);
    Object.assign(subscription, { state: 'overdue', notices: 1, overdueSince: dayOf(this.desk.now) });
    this.desk.failed(subscription);
    this.desk.state('updated', subscription, 'past_due', { until: moved });
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
    this.#unpaid.delete(subscription);
    const items = recurringOf(subscription).map(({ ware, quantity, role }) =>
      newItem(ware, quantity, { subscription, role, until: next }),
    );
    const charge = this.desk.book(this.desk.names('rebill'), items);
    this.desk.paid(charge, subscription, 'subscription_cycle', { until: next });
    this.desk.state('updated', subscription, 'active');
  }

  /**
   * Charged for a change: for the rest of the period, or for a new one. `fails`: at first, and paid some hours later, so that nothing
   * ties it to its change.
   */
  chargeChange(
    subscription: Subscription,
    kind: 'rebill' | 'proration',
    { net, added }: Pick<Item, 'net' | 'added'>,
    fails = false,
  ) {
    const { ware, quantity, next } = subscription;
    const isProration = kind === 'proration';
    const item = newItem(ware, quantity, {
      subscription,
      net,
      until: isProration ? undefined : next,
      ...(isProration && !fails && { added }),
    });
    const names = this.desk.names(kind);
    if (fails) {
      this.desk.failed(subscription, { name: names.reference, isProration });
      this.desk.state('updated', subscription, 'past_due');
      this.desk.now += 2 * HOUR;
    }
    const charge = this.desk.book({ ...names, at: this.desk.now }, [item]);
    this.desk.paid(charge, subscription, 'subscription_update', { until: next, isProration });
    if (fails) this.desk.state('updated', subscription, 'active', { previous: { status: 'past_due' } });
  }

  /** For the rest of the period. */
  chargeItem(subscription: Subscription, { ware, quantity, ...more }: ChangedItem) {
    const item = newItem(ware, quantity, { subscription, ...more });
    const charge = this.desk.book(this.desk.names('proration'), [item]);
    this.desk.paid(charge, subscription, 'subscription_update', {
      until: subscription.next,
      isProration: true,
    });
  }

  /** A card that works again: the open invoice is paid, or a trial that paused goes on. */
  mend(subscription: Subscription) {
    subscription.cardWorks = true;
    if (subscription.state === 'overdue') return this.bill(subscription, subscription.next);
    if (subscription.state !== 'paused') return;
    const today = dayOf(this.desk.now);
    const until = addMonths(today, subscription.ware.every ?? 1);
    this.desk.state('resumed', subscription, 'active', { until });
    this.bill(subscription, today);
  }

  end(subscription: Subscription, on: Day) {
    Object.assign(subscription, { state: 'ended', endedOn: on });
    this.desk.state('deleted', subscription, 'canceled', { ended: true });
  }

  /** A trial ended without a card. */
  #pause(subscription: Subscription) {
    Object.assign(subscription, { state: 'paused', pause: { from: subscription.next, cycles: 0 } });
    this.desk.state('paused', subscription, 'paused', { previous: { status: 'trialing' } });
  }

  #giveUp(subscription: Subscription) {
    if (this.desk.setup.outOfRetries === 'cancel') return this.end(subscription, dayOf(this.desk.now));
    this.#unpaid.add(subscription);
    this.desk.state('updated', subscription, 'unpaid', { previous: { status: 'past_due' } });
  }
}
