/** A model of Lemon Squeezy: sells, charges, refunds, and sends its events (protocols: lemon-squeezy.md). */
import { change } from './billing-changes.ts';
import { BillingSubscriptions } from './billing-subscriptions.ts';
import { type Charge, isWhollyBack, newItem, pick, TAX } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { LemonDesk } from './lemon-desk.ts';
import type { LemonAction, LemonStory } from './lemon-story.ts';
import { lemonWire } from './lemon-wire.ts';
import { isClearReturn } from './recurring-items.ts';
import { isDisputable } from './returns.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import { wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Doing<Kind extends LemonAction['do']> = Extract<LemonAction, { do: Kind }>;

/** Plays a story to its end. */
export function lemonTold(story: LemonStory): Told {
  const shop = new LemonShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    subscriptions.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => subscriptions.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const marketplace = 'lemon-squeezy';
  return {
    wire: lemonWire,
    calls,
    truth: truthOf({ marketplace, charges, subscriptions: subscriptions.all, calls, people: [], end }),
    orders: [
      ...charges.map(({ reference }) => reference),
      ...subscriptions.all.map(({ id }) => `subscription:${id}`),
    ],
    end,
    lines: [
      JSON.stringify(story.setup),
      ...story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
    ],
  };
}

class LemonShop {
  readonly desk: LemonDesk;
  readonly subscriptions: BillingSubscriptions;
  readonly #setup: LemonStory['setup'];

  constructor({ setup }: LemonStory) {
    this.#setup = setup;
    this.desk = new LemonDesk(setup);
    // After the last retry it expires.
    this.subscriptions = new BillingSubscriptions(this.desk, { outOfRetries: 'cancel' });
  }

  act(action: LemonAction) {
    if (action.do === 'buy') return this.#buy(action);
    if (action.do === 'refund') return this.#refund(action);
    if (action.do === 'judge') return this.#judge(action.charge);
    const subscription = pick(this.subscriptions.all, action.subscription);
    if (subscription !== undefined) change(action, subscription, this.subscriptions);
  }

  #buy({ ware: path, quantity, free, trial, judged = false }: Doing<'buy'>) {
    const { desk, subscriptions } = this;
    const ware = wareOf(path);
    const names = desk.names('first');
    const item =
      ware.every === undefined
        ? newItem(ware, quantity, free ? { net: 0 } : {})
        : subscriptions.begin(names, ware, quantity, trial && ware.trial === true);
    const charge = desk.book(names, [item]);
    const { subscription } = item;
    if (judged && isJudgeable(charge)) judge(charge, desk.now);
    desk.completed(charge, 'web', subscription);
    if (subscription !== undefined) subscriptions.tellBegun(subscription);
  }

  /** No event is named for it: the order is told again. */
  #judge(place: number) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isJudgeable(charge)) return;
    judge(charge, desk.now);
    desk.tellOrder('order_created', charge);
  }

  /** The rest of the charge, or a part: only the amounts say which. */
  #refund({ charge: place, how }: Doing<'refund'>) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined || charge.total === 0 || isWhollyBack(charge)) return;
    if (!isClearReturn(charge, desk.charges)) return;
    const left = item.net - item.netBack;
    const net = how === 'all' ? left : left / 4;
    item.netBack += net;
    charge.back += net * (1 + TAX);
    const { tellsRefunds } = this.#setup;
    const { subscription } = item;
    const isOrder = charge.kind === 'first';
    const isInvoice = subscription !== undefined && (!isOrder || tellsRefunds !== 'order');
    if (isOrder && !(isInvoice && tellsRefunds === 'invoice')) desk.tellOrder('order_refunded', charge);
    if (isInvoice) desk.tellInvoice('refunded', charge, subscription);
  }
}

/** An order whose money is there. What becomes of a perpetual license of a subscription is not documented. */
function isJudgeable(charge: Charge): boolean {
  return charge.kind === 'first' && isDisputable(charge);
}

/** As a chargeback that is final. */
function judge(charge: Charge, at: number) {
  Object.assign(charge, { isJudged: true, disputedAt: at });
}
