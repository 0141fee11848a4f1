/** A model of FastSpring: sells, charges, refunds, and sends its calls (protocols: fastspring.md). */

import { type Charge, type Dispute, type Item, newItem, pick, type Subscription } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { change } from './fastspring-changes.ts';
import { FastSpringDesk } from './fastspring-desk.ts';
import {
  BUYER,
  chargebackData,
  failedFulfillmentData,
  orderData,
  RECEIVER,
  returnData,
} from './fastspring-shapes.ts';
import type { Action, FastSpringStory } from './fastspring-story.ts';
import { Subscriptions } from './fastspring-subscriptions.ts';
import { fastSpringWire } from './fastspring-wire.ts';
import { isClean } from './line-truth.ts';
import { isClear, isDisputable, takeBack } from './returns.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import type { Known } from './truth.ts';
import { unitsIn, type Ware, wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Doing<Kind extends Action['do']> = Extract<Action, { do: Kind }>;

/** Plays a story to its end. */
export function fastSpringTold(story: FastSpringStory): Told {
  const shop = new FastSpringShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    shop.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => shop.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const ids = subscriptions.all.map(({ id }) => `subscription:${id}`);
  return {
    wire: fastSpringWire,
    calls,
    truth: truthOf({
      marketplace: 'fastspring',
      charges,
      subscriptions: subscriptions.all,
      calls,
      people: shop.people,
      end,
    }),
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
  /** Buyers and recipients of orders that have licenses. */
  readonly people: Known[] = [];
  readonly #setup: FastSpringStory['setup'];

  constructor({ setup }: FastSpringStory) {
    this.#setup = setup;
    this.subscriptions = new Subscriptions(this.desk, setup);
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

  act(action: Action) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'import':
        return this.#import(action);
      case 'refund':
        return this.#refund(action);
      case 'chargeback':
        return this.#chargeBack(action);
      case 'chargeback of a part':
        return this.#chargeBackPart(action.charge);
      case 'decide':
        return this.#decide(action);
      default: {
        const subscription = pick(this.subscriptions.all, action.subscription);
        if (subscription === undefined) return;
        if (action.do === 'edit') this.#takeNewest(subscription, action.since);
        change(action, subscription, this.subscriptions);
      }
    }
  }

  #buy({ cart, gift, coupon, begins, goes }: Doing<'buy'>) {
    const { desk, subscriptions } = this;
    const names = desk.names('first');
    const wares = cart.map(([path, pieces]) => {
      const ware = wareOf(path);
      return [ware, unitsIn(ware, pieces)] as const;
    });
    const items = wares
      .filter(([ware]) => subscriptions.isSold(ware))
      .map(([ware, quantity]): Item => {
        if (ware.every === undefined) return discounted(ware, quantity, coupon);
        const isFit = {
          paid: true,
          trial: ware.trial,
          managed: ware.rules.term === ware.every,
          manual: subscriptions.isManualFit(ware),
        }[begins];
        return subscriptions.begin(names, ware, quantity, isFit ? begins : 'paid', coupon);
      });
    if (items.length === 0) return;
    const charge = desk.book(names, items);
    const receiver = gift ? RECEIVER : BUYER;
    if (items.some(({ ware }) => ware.product !== undefined && !ware.unasked)) {
      for (const { email } of new Set([BUYER, receiver]))
        this.people.push({ email, order: charge.reference });
    }
    this.#goThrough(goes, charge);
    for (const item of items) desk.ask(charge, item, 'always');
    const begun = items.flatMap(({ subscription }) => subscription ?? []);
    // In a real batch the activation came first.
    const [early, late] = begun.length % 2 === 1 ? [begun, []] : [[], begun];
    for (const subscription of early) subscriptions.tell('activated', subscription);
    const { subtotalIs, expands, nests, tellsCodes } = this.#setup;
    const nest = expands && nests ? (one: Subscription) => subscriptions.write(one, charge.at) : undefined;
    desk.event('order.completed', orderData(charge, { receiver, subtotalIs, nest, tellsCodes }));
    for (const subscription of late) subscriptions.tell('activated', subscription);
    if (this.#setup.noise) {
      desk.event('payoutEntry.created', { orderId: charge.id, reference: charge.reference, live: true });
      desk.event('account.updated', { id: 'account-1', live: true });
    }
  }

  /** The events before an order is complete. */
  #goThrough(goes: Doing<'buy'>['goes'], charge: Charge) {
    const { desk } = this;
    switch (goes) {
      case 'straight':
        return;
      case 'behind a failed one':
        // It is not documented whether the next try keeps the names of the failed try: an order of its own.
        return desk.event(
          'order.failed',
          orderData(charge, { ...desk.names('first'), completed: false, reason: 'PAYMENT' }),
        );
      case 'behind an expired one': {
        const id = `T-${desk.number()}`;
        const expired = { id, reference: null, completed: false, reason: 'EXPIRE', recipients: [] } as const;
        return desk.event('order.canceled', orderData(charge, expired));
      }
      case 'by wire':
        desk.event('order.payment.pending', orderData(charge, { completed: false, reason: 'wireTransfer' }));
        desk.now += 2 * HOUR;
        return;
      case 'after a failed fulfillment':
        for (const item of charge.items) {
          if (item.ware.product !== undefined && !item.ware.unasked) {
            desk.event('fulfillment.failed', failedFulfillmentData(charge, item));
          }
        }
        desk.now += 2 * HOUR;
    }
  }

  /** Only where no request can come before another event: it would look like a first sale. */
  #import({ ware: path, quantity: pieces, days }: Doing<'import'>) {
    const ware = wareOf(path);
    const { expands, asksAtRebills } = this.#setup;
    if (asksAtRebills || !expands || ware.product === undefined || ware.rules.term === undefined) return;
    this.subscriptions.bringIn(ware, unitsIn(ware, pieces), days);
  }

  #refund({ charge: place, line, how, ends }: Doing<'refund'>) {
    const { desk, subscriptions } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isClear(charge, { how, ends }, desk.charges)) return;
    const returned = takeBack(charge, line, how);
    if (returned.length === 0) return;
    // The app's check box; the deactivations come before the return in the same delivery.
    if (ends) for (const { item } of returned) if (item.subscription) subscriptions.endNow(item.subscription);
    desk.event(
      'return.created',
      returnData(charge, `return-${desk.number()}`, returned, this.#setup.unitReturnIs),
    );
  }

  /** The newest charge of a subscription. */
  #takeNewest(subscription: Subscription, how: Doing<'edit'>['since']) {
    const charge = this.desk.charges.findLastIndex(({ items }) =>
      items.some((item) => item.subscription === subscription),
    );
    if (charge < 0 || how === 'nothing') return;
    if (how === 'a dispute') return this.#chargeBack({ do: 'chargeback', charge, becomes: 'open' });
    this.#refund({ do: 'refund', charge, line: 0, how: 'all', ends: false });
  }

  #chargeBack({ charge: place, becomes }: Doing<'chargeback'>) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isDisputable(charge) || charge.isPartDisputed) return;
    charge.dispute = 'open';
    charge.disputedAt = desk.now;
    this.#tellDispute(charge, 'NEW');
    const steps = becomes === 'again' ? (['won', 'again'] as const) : becomes === 'open' ? [] : [becomes];
    for (const how of steps) {
      desk.now += HOUR;
      this.#become(charge, how);
    }
  }

  /** Of a charge that is not disputed otherwise: whether two cases have an id each is not documented. */
  #chargeBackPart(place: number) {
    const charge = pick(this.desk.charges, place);
    if (charge === undefined || charge.total === 0 || !isClean(charge)) return;
    charge.isPartDisputed = true;
    this.#tellDispute(charge, 'NEW', charge.total / 2);
  }

  /** How a dispute goes on is not documented: with the same event and another status. */
  #decide({ charge: place, how }: Doing<'decide'>) {
    const { charges } = this.desk;
    const open = charges.filter(({ dispute }) => dispute !== undefined && BEFORE[how].includes(dispute));
    const charge = pick(open, place);
    if (charge !== undefined) this.#become(charge, how);
  }

  #become(charge: Charge, how: Exclude<Dispute, 'open'>) {
    const { charges } = this.desk;
    if (how === 'lost' && !isClear(charge, { how: 'all', ends: false }, charges)) return;
    charge.dispute = how;
    charge.disputedAt = undefined;
    if (how === 'lost') takeBack(charge, 0, 'all');
    this.#tellDispute(charge, how === 'lost' ? 'LOST' : how === 'won' ? 'WON' : 'NEW');
  }

  #tellDispute(charge: Charge, status: 'NEW' | 'WON' | 'LOST', amount = charge.total) {
    const { desk } = this;
    const data = chargebackData(charge, desk.now, { status, amount }, this.#setup.namesCases);
    desk.event('chargeback.created', data);
  }
}

/** The states of a dispute from which it becomes so. */
const BEFORE: Readonly<Record<Doing<'decide'>['how'], readonly Dispute[]>> = {
  won: ['open'],
  again: ['won'],
  lost: ['open', 'again'],
};

function discounted(ware: Ware, quantity: number, coupon: Doing<'buy'>['coupon']): Item {
  const list = ware.price * quantity;
  const discount = { none: 0, one: 1, all: list }[coupon];
  return newItem(ware, quantity, { net: list - discount, discount });
}
