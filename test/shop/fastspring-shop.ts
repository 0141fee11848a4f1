/** FastSpring as it behaves: sells, takes money, gives it back, and tells of it (protocols: fastspring.md). */
import { type Charge, newItem, pick } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { FastSpringDesk } from './fastspring-desk.ts';
import { BUYER, chargebackData, orderData, RECEIVER, returnData } from './fastspring-shapes.ts';
import type { Action, FastSpringStory } from './fastspring-story.ts';
import { Subscriptions } from './fastspring-subscriptions.ts';
import { fastSpringWire } from './fastspring-wire.ts';
import { type HowBack, takeBack } from './returns.ts';
import type { Told } from './story-check.ts';
import { wareOf } from './wares.ts';

/** Days that the shop goes on after the last action. */
const RUN_OUT = 10;

type Doing<Kind> = Extract<Action, { do: Kind }>;

/** Plays a story to its end. */
export function fastSpringTold(story: FastSpringStory): Told {
  const shop = new FastSpringShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    shop.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = desk.now + RUN_OUT * DAY;
  shop.passTo(end);
  const { charges, calls } = desk;
  const ids = subscriptions.all.map(({ id }) => `subscription:${id}`);
  return {
    wire: fastSpringWire,
    calls,
    truth: truthOf({ marketplace: 'fastspring', charges, subscriptions: subscriptions.all, calls, end }),
    orders: [...charges.flatMap(({ reference, id }) => [reference, id]), ...ids],
    end,
    lines: [
      JSON.stringify(story.setup),
      ...story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
    ],
  };
}

class FastSpringShop {
  readonly desk = new FastSpringDesk();
  readonly subscriptions: Subscriptions;

  constructor({ setup }: FastSpringStory) {
    this.subscriptions = new Subscriptions(this.desk, setup);
  }

  /** Time goes by, and subscriptions do by themselves what they do. */
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

  act(action: Action) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'refund':
        return this.#refund(action);
      case 'chargeback':
        return this.#chargeBack(action);
      default:
        return this.#change(action);
    }
  }

  #change(action: Exclude<Action, Doing<'buy' | 'refund' | 'chargeback'>>) {
    const { subscriptions } = this;
    const subscription = pick(subscriptions.all, action.subscription);
    if (subscription === undefined) return;
    switch (action.do) {
      case 'edit': {
        const { ware, quantity, prorated } = action;
        const to = ware === null ? (subscription.pending?.ware ?? subscription.ware) : wareOf(ware);
        return subscriptions.edit(subscription, to, quantity, prorated);
      }
      case 'pause':
        return subscriptions.pause(subscription, action.cycles);
      case 'add-on':
        return subscriptions.addOn(subscription, action.quantity);
      case 'resume':
      case 'cancel':
      case 'uncancel':
      case 'failCard':
      case 'mendCard':
      case 'endNow':
        return subscriptions[action.do](subscription);
    }
  }

  #buy({ cart, gift = false, free = false, trial = false }: Doing<'buy'>) {
    const { desk, subscriptions } = this;
    const names = desk.names('first');
    const items = cart.map(([path, quantity]) => {
      const ware = wareOf(path);
      if (ware.every !== undefined) {
        return subscriptions.begin(names, ware, quantity, trial && ware.trial === true);
      }
      return newItem(ware, quantity, free ? { net: 0 } : {});
    });
    const charge = desk.book(names, items);
    for (const item of items) desk.ask(charge, item, true);
    const begun = items.flatMap(({ subscription }) => subscription ?? []);
    // A real batch had the activation first.
    const [early, late] = begun.length % 2 === 1 ? [begun, []] : [[], begun];
    for (const subscription of early) subscriptions.activated(subscription);
    desk.event('order.completed', orderData(charge, gift ? RECEIVER : BUYER));
    for (const subscription of late) subscriptions.activated(subscription);
  }

  #refund({ charge: place, line, how, ends }: Doing<'refund'>) {
    const { desk, subscriptions } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isClear(charge, how, desk.charges)) return;
    const returned = takeBack(charge, line, how);
    if (returned.length === 0) return;
    // The app's check box; the deactivations stand before the return in the same delivery.
    if (ends) for (const { item } of returned) if (item.subscription) subscriptions.endNow(item.subscription);
    desk.event('return.created', returnData(charge, `return-${desk.number()}`, returned));
  }

  #chargeBack({ charge: place }: Doing<'chargeback'>) {
    const { desk } = this;
    const charge = pick(desk.charges.filter(isDisputable), place);
    if (charge === undefined) return;
    charge.disputedAt = desk.now;
    desk.event('chargeback.created', chargebackData(charge, desk.now));
  }
}

/** What the return of such a charge comes to follows from what is documented. */
function isClear({ kind, items }: Charge, how: HowBack, charges: readonly Charge[]): boolean {
  if (how === 'amount') return true;
  return items.every(({ subscription, ware, quantity, role }) => {
    if (subscription === undefined || role === 'companion') return true;
    const own = charges.flatMap((charge) =>
      charge.items.filter((item) => item.subscription === subscription && item.role === 'main'),
    );
    const place = own.findIndex((item) => items.includes(item));
    const before = own[place - 1];
    // Whether a trial is a period that is left, and what a perpetual license is without its first payment, is not said.
    if (own[0]?.net === 0 || (place === 0 && ware.rules.term === undefined)) return false;
    if (kind === 'proration') return place === own.length - 1;
    // Whether an edit holds whose first period went back, neither.
    return before === undefined || (before.ware === ware && before.quantity === quantity);
  });
}

function isDisputable({ items, total, back, disputedAt }: Charge): boolean {
  const isClear = items.every(
    ({ subscription, ware, role }) =>
      subscription === undefined ||
      (role === 'main' &&
        subscription.companion === undefined &&
        ware.rules.term !== undefined &&
        subscription.state !== 'ended'),
  );
  return isClear && total > 0 && back === 0 && disputedAt === undefined;
}
