/** A model of Gumroad: sells, charges, refunds, and sends its pings (protocols: gumroad.md). */
import { isWhollyBack, newItem, pick, TAX } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { GumroadBundles } from './gumroad-bundles.ts';
import { GumroadDesk } from './gumroad-desk.ts';
import { GumroadInstallments } from './gumroad-installments.ts';
import type { BundleAction, GumroadAction, GumroadStory, PlanAction } from './gumroad-story.ts';
import { GumroadSubscriptions } from './gumroad-subscriptions.ts';
import { gumroadWire } from './gumroad-wire.ts';
import { isClear, isDisputable } from './returns.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import { wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Doing<Kind extends GumroadAction['do']> = Extract<GumroadAction, { do: Kind }>;

/** Plays a story to its end. */
export function gumroadTold(story: GumroadStory): Told {
  const shop = new GumroadShop(story);
  const { desk, subscriptions, bundles, installments } = shop;
  for (const { after, action } of story.steps) {
    shop.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => shop.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const books = {
    marketplace: 'gumroad',
    charges,
    subscriptions: subscriptions.all,
    calls,
    people: [],
    end,
  } as const;
  const truth = truthOf(books);
  return {
    wire: gumroadWire,
    calls,
    truth: { ...truth, flags: [...truth.flags, ...bundles.flags, ...installments.flags] },
    orders: [
      ...bundles.orders,
      ...installments.orders,
      ...charges.map(({ reference }) => reference),
      ...desk.givers.values(),
      ...subscriptions.all.map(({ id }) => `subscription:${id}`),
    ],
    end,
    lines: [
      JSON.stringify(story.setup),
      ...story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
    ],
  };
}

class GumroadShop {
  readonly desk: GumroadDesk;
  readonly subscriptions: GumroadSubscriptions;

  readonly bundles: GumroadBundles;
  readonly installments: GumroadInstallments;
  readonly #setup: GumroadStory['setup'];

  constructor({ setup }: GumroadStory) {
    this.#setup = setup;
    this.desk = new GumroadDesk(setup);
    this.subscriptions = new GumroadSubscriptions(this.desk);
    this.bundles = new GumroadBundles(this.desk);
    this.installments = new GumroadInstallments(this.desk);
  }

  passTo(time: number) {
    const { subscriptions, installments } = this;
    while (installments.dueAt <= time) {
      subscriptions.passTo(installments.dueAt);
      installments.goOn();
    }
    subscriptions.passTo(time);
  }

  act(action: GumroadAction) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'refund':
        return this.#refund(action);
      case 'dispute':
        return this.#dispute(action.charge);
      case 'win':
        return this.#win(action.charge);
      case 'buyBundle':
        return this.bundles.buy(action);
      case 'refundBundle':
      case 'refundPartOfBundle':
      case 'disputeBundle':
      case 'winBundle':
        return this.bundles.change(action, this.#setup.noise);
      case 'buyByParts':
        return this.installments.buy(action);
      case 'stopParts':
      case 'refundPart':
      case 'refundPartly':
        return this.installments.change(action);
      default:
        return this.#change(action);
    }
  }

  #change(action: Exclude<GumroadAction, { charge: number } | { do: 'buy' } | BundleAction | PlanAction>) {
    const { subscriptions } = this;
    const subscription = pick(subscriptions.all, action.subscription);
    if (subscription === undefined) return;
    if (action.do === 'edit') return subscriptions.edit(subscription, action);
    if (action.do !== 'failCard') return subscriptions[action.do](subscription);
    subscription.cardWorks = false;
  }

  #buy({ ware: path, quantity, free, trial, gift }: Doing<'buy'>) {
    const { desk, subscriptions } = this;
    const ware = wareOf(path);
    const names = desk.names('first');
    const item =
      ware.every === undefined
        ? newItem(ware, quantity, free ? { net: 0 } : {})
        : subscriptions.begin(names, ware, quantity, trial && ware.trial === true);
    const charge = desk.book(names, [item]);
    if (gift && ware.every === undefined) desk.givers.set(charge, `G${desk.number()}==`);
    desk.sold(charge);
  }

  /** The rest of the charge, or a part. Of a gift nothing is told. */
  #refund({ charge: place, how }: Doing<'refund'>) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined || charge.total === 0 || isWhollyBack(charge)) return;
    if (charge.disputedAt !== undefined || desk.givers.has(charge)) return;
    if (!isClear(charge, { how: 'all', ends: false }, desk.charges)) return;
    const left = item.net - item.netBack;
    const net = how === 'all' ? left : left / 4;
    item.netBack += net;
    charge.back += net * (1 + TAX);
    desk.refunded(charge);
  }

  #dispute(place: number) {
    const { desk, subscriptions } = this;
    const charge = pick(desk.charges, place);
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined || !isDisputable(charge) || desk.won.has(charge)) return;
    const { subscription } = item;
    // Of what is canceled already, and what a fallback keeps, the end is not documented.
    if (
      subscription !== undefined &&
      (subscription.last !== undefined || item.ware.rules.ended === 'fallback')
    )
      return;
    charge.disputedAt = desk.now;
    desk.disputed(charge, 'dispute');
    if (subscription !== undefined) subscriptions.stop(subscription);
    this.installments.stopOf(charge);
  }

  #win(place: number) {
    const { desk, subscriptions } = this;
    const charge = pick(
      desk.charges.filter(({ disputedAt }) => disputedAt !== undefined),
      place,
    );
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined) return;
    charge.disputedAt = undefined;
    desk.won.add(charge);
    desk.disputed(charge, 'dispute_won');
    if (item.subscription !== undefined) subscriptions.goOnAgain(item.subscription);
  }
}
