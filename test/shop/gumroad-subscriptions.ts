/** Gumroad's memberships: their beginning, their schedule, and what customers change. */
import { type Charge, type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, dayOf, HOUR, midnight } from './calendar.ts';
import { type GumroadDesk, momentOf } from './gumroad-desk.ts';
import type { GumroadAction } from './gumroad-story.ts';
import { type Ware, wareOf } from './wares.ts';

const TRIAL_DAYS = 14;

/** Failed renewals are tried again for so many days, without a word. */
const RETRY_DAYS = 5;

type Edit = Extract<GumroadAction, { do: 'edit' }>;

export class GumroadSubscriptions {
  readonly all: Subscription[] = [];
  readonly #desk: GumroadDesk;

  constructor(desk: GumroadDesk) {
    this.#desk = desk;
  }

  /** The line of a first sale. */
  begin({ reference }: Pick<Charge, 'reference'>, ware: Ware, quantity: number, isTrial: boolean): Item {
    const today = dayOf(this.#desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const state = isTrial ? 'trial' : 'active';
    const id = `M${this.#desk.number()}==`;
    const subscription = newSubscription({ id, reference, orderId: reference, ware, quantity, next, state });
    this.all.push(subscription);
    return newItem(ware, quantity, { subscription, until: next, ...(isTrial && { net: 0 }) });
  }

  /** Time passes, and memberships follow their schedule. */
  passTo(time: number) {
    for (;;) {
      const [first] = this.all
        .map((subscription) => ({ subscription, at: dueAt(subscription) }))
        .sort((a, b) => a.at - b.at);
      if (first === undefined || first.at > time) break;
      this.#desk.now = Math.max(this.#desk.now, first.at);
      this.#goOn(first.subscription);
    }
    this.#desk.now = Math.max(this.#desk.now, time);
  }

  #goOn(subscription: Subscription) {
    const { last, cardWorks, next, overdueSince } = subscription;
    if (last !== undefined) return this.#end(subscription, last, 'cancelled');
    if (cardWorks) return this.bill(subscription);
    if (overdueSince === undefined) {
      subscription.overdueSince = next;
      return;
    }
    this.#desk.changed('cancellation', Object.assign(subscription, { state: 'ended', endedOn: next }), {
      cancelled_due_to_payment_failures: 'true',
      cancelled_at: new Date(this.#desk.now).toISOString(),
    });
    this.#end(subscription, next, 'failed_payment');
  }

  #end(subscription: Subscription, on: string, reason: string) {
    Object.assign(subscription, { state: 'ended', endedOn: on });
    this.#desk.changed('subscription_ended', subscription, { ended_at: momentOf(on), ended_reason: reason });
  }

  /** A period from now on: of what was ordered for it. */
  bill(subscription: Subscription) {
    const today = dayOf(this.#desk.now);
    const { ware, quantity } = subscription.pending ?? subscription;
    const next = addMonths(today, ware.every ?? 1);
    const known = { ware, quantity, next, state: 'active', pending: undefined, overdueSince: undefined };
    Object.assign(subscription, known);
    const item = newItem(ware, quantity, { subscription, until: next });
    this.#desk.sold(this.#desk.book(this.#desk.names('rebill'), [item]));
    this.#desk.noise(subscription);
  }

  cancel(subscription: Subscription) {
    const { state, last, next, overdueSince } = subscription;
    if (state === 'ended' || last !== undefined || overdueSince !== undefined) return;
    subscription.last = next;
    this.#desk.changed('cancellation', subscription, {
      cancelled_at: momentOf(next),
      cancelled_by_buyer: 'true',
    });
  }

  /** Within the paid days it goes on with them; after them it is charged at once. */
  restart(subscription: Subscription) {
    const { state, last, cardWorks, ware } = subscription;
    if (state === 'ended') {
      // What a kept or perpetual license of an ended membership becomes is not documented.
      if (
        !cardWorks ||
        last === undefined ||
        ware.rules.ended === 'fallback' ||
        ware.rules.term === undefined
      )
        return;
      if (dayOf(this.#desk.now) <= last || !this.#isUntouched(subscription)) return;
      Object.assign(subscription, { last: undefined, endedOn: undefined, pending: undefined });
      this.bill(subscription);
    } else if (last !== undefined) subscription.last = undefined;
    else return;
    this.#desk.changed('subscription_restarted', subscription, {
      restarted_at: momentOf(dayOf(this.#desk.now)),
    });
  }

  mendCard(subscription: Subscription) {
    subscription.cardWorks = true;
    if (subscription.overdueSince !== undefined && subscription.state !== 'ended') this.bill(subscription);
  }

  touch(subscription: Subscription) {
    if (subscription.state !== 'ended') this.#desk.noise(subscription);
  }

  /** An upgrade is charged at once, and begins a period; a downgrade comes with the next charge. */
  edit(subscription: Subscription, { ware: path, quantity, now }: Edit) {
    const { ware: before, state, last, next, overdueSince } = subscription;
    const ware = path === null ? before : wareOf(path);
    const isOpen = state === 'active' && last === undefined && overdueSince === undefined;
    const isSame = ware === before && quantity === subscription.quantity;
    // A shorter interval: whether the longer period that was paid before stays is not documented.
    const isShorter = (ware.every ?? 1) < (before.every ?? 1);
    const isDue = next === dayOf(this.#desk.now);
    if (!isOpen || isSame || isShorter || isDue || !canBecome(before, ware)) return;
    if (!this.#isUntouched(subscription)) return;
    const plan = { 'new_plan[tier][name]': '', 'new_plan[quantity]': String(quantity) };
    if (!now) {
      subscription.pending = { ware, quantity };
      return this.#desk.changed('subscription_updated', subscription, { ...plan, type: 'downgrade' });
    }
    const until = addMonths(dayOf(this.#desk.now), ware.every ?? 1);
    Object.assign(subscription, { ware, quantity, next: until, pending: undefined });
    const item = newItem(ware, quantity, { subscription, until, net: (ware.price * quantity) / 2 });
    const charge = this.#desk.book(this.#desk.names('rebill'), [item]);
    this.#desk.upgrades.add(charge);
    this.#desk.sold(charge);
    this.#desk.changed('subscription_updated', subscription, { ...plan, type: 'upgrade' });
  }

  /** A dispute of any charge ends it at once. */
  stop(subscription: Subscription) {
    const yesterday = addDays(dayOf(this.#desk.now), -1);
    Object.assign(subscription, { state: 'ended', endedOn: yesterday });
    this.#desk.changed('cancellation', subscription, { cancelled_by_buyer: 'true' });
    this.#desk.changed('subscription_ended', subscription, { ended_reason: 'cancelled' });
  }

  /** A won dispute takes the end back, within the paid days. */
  goOnAgain(subscription: Subscription) {
    if (subscription.next <= dayOf(this.#desk.now)) return;
    Object.assign(subscription, { state: 'active', endedOn: undefined });
    this.#desk.changed('subscription_restarted', subscription);
  }

  /** None of its money was ever back. */
  #isUntouched(subscription: Subscription): boolean {
    return this.#desk.charges
      .filter(({ items }) => items.some((item) => item.subscription === subscription))
      .every(({ back, disputedAt }) => back === 0 && disputedAt === undefined);
  }
}

function dueAt({ state, next, last, overdueSince }: Subscription): number {
  if (state === 'ended') return Number.POSITIVE_INFINITY;
  const day = last ?? (overdueSince === undefined ? next : addDays(overdueSince, RETRY_DAYS));
  return midnight(day) + 6 * HOUR;
}

/** As in FastSpring's shop: changes that no vendor's text decides do not happen. */
function canBecome(from: Ware, to: Ware): boolean {
  return [from, to].every(
    ({ product, rules }) => product !== undefined && rules.term !== undefined && rules.ended !== 'fallback',
  );
}
