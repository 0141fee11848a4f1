/** A model of Stripe: sells, charges, refunds, and sends its events (protocols: stripe.md). */
import type { Buying } from './billing-story.ts';
import { type Charge, isWhollyBack, newItem, pick, TAX } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { isBeside, isClearReturn, isOfAllItems } from './recurring-items.ts';
import { isDisputable } from './returns.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import { change } from './stripe-changes.ts';
import { backOf, StripeDesk } from './stripe-desk.ts';
import type { StripeAction, StripeStory } from './stripe-story.ts';
import { StripeSubscriptions } from './stripe-subscriptions.ts';
import { stripeWire } from './stripe-wire.ts';
import { wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Refund = Extract<StripeAction, { do: 'refund' }>;

/** Plays a story to its end. */
export function stripeTold(story: StripeStory): Told {
  const shop = new StripeShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    shop.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => shop.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const books = {
    marketplace: 'stripe',
    charges,
    subscriptions: subscriptions.all,
    calls,
    people: [],
    end,
  } as const;
  return {
    wire: stripeWire,
    calls,
    truth: truthOf(books),
    orders: [
      ...charges.map(({ reference }) => reference),
      ...charges.map(({ reference }) => reference.replace(/^cs_/, 'in_')),
      ...subscriptions.all.map(({ id }) => `subscription:${id}`),
    ],
    end,
    lines: [
      JSON.stringify(story.setup),
      ...story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
    ],
  };
}

class StripeShop {
  readonly desk: StripeDesk;
  readonly subscriptions: StripeSubscriptions;
  readonly #setup: StripeStory['setup'];

  constructor({ setup }: StripeStory) {
    this.#setup = setup;
    this.desk = new StripeDesk(setup);
    this.subscriptions = new StripeSubscriptions(this.desk);
  }

  /** Time passes, and subscriptions follow their schedule. */
  passTo(time: number) {
    const { desk, subscriptions } = this;
    for (;;) {
      const [first] = subscriptions.all
        .map((subscription) => ({ subscription, at: subscriptions.dueAt(subscription) }))
        .sort((a, b) => a.at - b.at);
      if (first === undefined || first.at > time) break;
      desk.now = Math.max(desk.now, first.at);
      subscriptions.goOn(first.subscription);
    }
    desk.now = Math.max(desk.now, time);
  }

  act(action: StripeAction) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'buyByDebit':
        return this.#buyByDebit(action);
      case 'refund':
        return this.#refund(action);
      case 'dispute':
        return this.#dispute(action.charge);
      case 'win':
      case 'lose':
        return this.#decide(action.charge, action.do);
      case 'inquire': {
        const charge = pick(this.desk.charges, action.charge);
        if (charge !== undefined && charge.total > 0)
          this.desk.disputed('created', charge, 'warning_needs_response');
        return;
      }
      default: {
        const subscription = pick(this.subscriptions.all, action.subscription);
        if (subscription !== undefined) change(action, subscription, this.subscriptions);
      }
    }
  }

  #buy({ cart, plan, beside, free, trial }: Buying) {
    const { desk, subscriptions } = this;
    const names = desk.names('first');
    const goods = cart.map(([path, quantity]) => newItem(wareOf(path), quantity, free ? { net: 0 } : {}));
    const [path, quantity = 1] = plan ?? [];
    const ware = path === undefined ? undefined : wareOf(path);
    const [otherPath, others = 1] = beside ?? [];
    const other = otherPath === undefined ? undefined : wareOf(otherPath);
    const isTwo = ware !== undefined && other !== undefined && isBeside(ware, other);
    const isTrial = trial && ware?.trial === true && (!isTwo || other.trial === true);
    const planned = ware === undefined ? [] : [subscriptions.begin(names, ware, quantity, isTrial)];
    const further = isTwo ? planned.map((item) => subscriptions.beginBeside(item, other, others)) : [];
    const items = [...planned, ...further, ...goods];
    if (items.length === 0) return;
    const charge = desk.book(names, items);
    const subscription = planned[0]?.subscription;
    const tellSubscription = () => subscription && subscriptions.tellBegun(subscription, charge);
    if (this.#setup.tellsFirst === 'subscription') tellSubscription();
    desk.bought(charge, subscription);
    if (this.#setup.tellsFirst === 'session') tellSubscription();
  }

  #buyByDebit({ cart, isPaid }: Extract<StripeAction, { do: 'buyByDebit' }>) {
    const { desk } = this;
    const items = cart.map(([path, quantity]) => newItem(wareOf(path), quantity));
    if (items.length === 0) return;
    const names = desk.names('first');
    desk.ordered(names, items);
    desk.now += 2 * HOUR;
    if (isPaid)
      desk.bought(desk.book({ ...names, at: desk.now }, items), undefined, 'async_payment_succeeded');
    else desk.unpaid(names, items);
  }

  #refund({ charge: which, item: place, how, fails }: Refund) {
    const { desk } = this;
    const charge = pick(desk.charges, which);
    if (charge === undefined || charge.total === 0 || isWhollyBack(charge)) return;
    if (charge.disputedAt !== undefined || !isClearReturn(charge, desk.charges)) return;
    // A refund that fails undoes the refunds of its charge before it.
    if (fails && charge.back > 0) return;
    const before = backOf(charge);
    const kept = charge.items.map(({ netBack }) => netBack);
    const { back } = charge;
    takeBack(charge, how, place);
    if (charge.back === back) return;
    desk.refunded(charge, before);
    if (how === 'item') desk.credited(charge, kept);
    if (!fails) return;
    desk.now += 2 * HOUR;
    desk.refundFailed(charge);
    charge.back = back;
    for (const [at, item] of charge.items.entries()) item.netBack = kept[at] ?? 0;
  }

  #dispute(place: number) {
    const charge = pick(this.desk.charges, place);
    if (charge === undefined || !isDisputable(charge, isOfAllItems)) return;
    charge.disputedAt = this.desk.now;
    this.desk.disputed('created', charge, 'needs_response');
  }

  #decide(place: number, how: 'win' | 'lose') {
    const { desk } = this;
    const open = desk.charges.filter(({ disputedAt }) => disputedAt !== undefined);
    const charge = pick(open, place);
    if (charge === undefined) return;
    const isKept = charge.items.some(({ ware }) => ware.rules.refund === 'keep');
    if (how === 'lose' && (isKept || !isClearReturn(charge, desk.charges))) return;
    charge.disputedAt = undefined;
    desk.disputed('closed', charge, how === 'win' ? 'won' : 'lost');
    if (how === 'lose') takeBack(charge, 'all', 0);
  }
}

/** All that is left, or an item or a part of one. */
function takeBack(charge: Charge, how: Refund['how'], place: number) {
  const left = charge.items.filter(({ net, netBack }) => net > netBack);
  const one = pick(
    left.filter(({ netBack }) => netBack === 0),
    place,
  );
  const parts = how === 'all' ? left.map((item) => ({ item, net: item.net - item.netBack })) : [];
  if (how !== 'all' && one !== undefined)
    parts.push({ item: one, net: how === 'item' ? one.net : one.net / 4 });
  for (const { item, net } of parts) {
    item.netBack += net;
    charge.back += net * (1 + TAX);
  }
}
