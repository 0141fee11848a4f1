/** A model of Paddle Billing: sells, charges, refunds, and sends its events (protocols: paddle-billing.md). */
import { change } from './billing-changes.ts';
import { type Adjusted, BillingDesk } from './billing-desk.ts';
import type { BillingAction, BillingStory } from './billing-story.ts';
import { BillingSubscriptions } from './billing-subscriptions.ts';
import { billingWire } from './billing-wire.ts';
import { type Charge, isWhollyBack, newItem, pick, TAX } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { isBeside, isClearReturn, isOfAllItems } from './recurring-items.ts';
import { isDisputable } from './returns.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import { wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Doing<Kind extends BillingAction['do']> = Extract<BillingAction, { do: Kind }>;

/** Plays a story to its end. */
export function billingTold(story: BillingStory): Told {
  const shop = new BillingShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    subscriptions.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => subscriptions.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const marketplace = 'paddle-billing';
  return {
    wire: billingWire,
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

class BillingShop {
  readonly desk: BillingDesk;
  readonly subscriptions: BillingSubscriptions;
  readonly #setup: BillingStory['setup'];
  /** Charges whose tax went back. */
  readonly #taxed = new Set<Charge>();

  constructor({ setup }: BillingStory) {
    this.#setup = setup;
    this.desk = new BillingDesk(setup);
    this.subscriptions = new BillingSubscriptions(this.desk, setup);
  }

  act(action: BillingAction) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'refund':
        return this.#refund(action);
      case 'chargeback':
        return this.#chargeBack(action.charge);
      case 'warn':
        return this.#warn(action.charge);
      case 'win':
        return this.#win(action.charge);
      case 'credit':
        return this.#credit(action.charge);
      default: {
        const subscription = pick(this.subscriptions.all, action.subscription);
        if (subscription !== undefined) change(action, subscription, this.subscriptions);
      }
    }
  }

  #buy({ cart, plan, beside, free, trial }: Doing<'buy'>) {
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
    const [item] = planned;
    const subscription = item?.subscription;
    const tellSubscription = () => subscription && subscriptions.tellBegun(subscription);
    if (this.#setup.tellsFirst === 'subscription') tellSubscription();
    desk.completed(charge, 'web', subscription, item?.until);
    if (this.#setup.tellsFirst === 'transaction') tellSubscription();
  }

  #refund({ charge: which, item: place, how, fate }: Doing<'refund'>) {
    const { desk } = this;
    const charge = pick(desk.charges, which);
    if (charge === undefined || charge.total === 0 || isWhollyBack(charge)) return;
    if (charge.disputedAt !== undefined || !isClearReturn(charge, desk.charges)) return;
    const items = this.#itemsBack(charge, place, how);
    if (items.length === 0) return;
    // Nor whether it means the rest after a return of tax.
    const isWhole = how === 'all' && charge.back === 0 && !this.#taxed.has(charge);
    const adjusted = { action: 'refund', id: `adj_${desk.number()}`, isWhole, items };
    desk.adjust('created', charge, { ...adjusted, status: 'pending_approval' });
    desk.now += 2 * HOUR;
    const decided = fate === 'rejected' ? 'rejected' : 'approved';
    desk.adjust('updated', charge, { ...adjusted, status: decided });
    if (fate === 'reversed') {
      desk.now += 2 * HOUR;
      desk.adjust('updated', charge, { ...adjusted, status: 'reversed' });
    }
    if (how === 'tax') this.#taxed.add(charge);
    else if (fate === 'approved') takeBack(charge, items);
  }

  /** The rest of the charge, one item of it, or a part of one. */
  #itemsBack(charge: Charge, place: number, how: Doing<'refund'>['how']): Adjusted['items'] {
    const left = charge.items
      .map((item, at) => ({ item, place: at, net: item.net - item.netBack }))
      .filter(({ net }) => net > 0);
    const isClean = ({ item }: { readonly item: { readonly netBack: number } }) => item.netBack === 0;
    if (how === 'all') {
      // Whether `full` after an earlier part means the rest is not documented.
      return left.map((one) => ({ place: one.place, net: one.net, type: isClean(one) ? 'full' : 'partial' }));
    }
    const one = pick(left.filter(isClean), place);
    if (one === undefined) return [];
    if (how === 'item') return [{ place: one.place, net: one.net, type: 'full' }];
    if (how === 'tax')
      return this.#taxed.has(charge) ? [] : [{ place: one.place, net: one.net * TAX, type: 'tax' }];
    return [{ place: one.place, net: one.net / 4, type: 'partial' }];
  }

  #chargeBack(place: number) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isDisputable(charge, isOfAllItems)) return;
    // Without a type, only the items say that it is the whole charge, which is its return.
    if (!this.#setup.typesAdjustments) return;
    Object.assign(charge, { disputedAt: desk.now, isWarned: false });
    desk.adjust('created', charge, { ...this.#whole(charge), action: 'chargeback' });
  }

  #warn(place: number) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isDisputable(charge, isOfAllItems)) return;
    Object.assign(charge, { disputedAt: desk.now, isWarned: true });
    desk.adjust('created', charge, { ...this.#whole(charge), action: 'chargeback_warning' });
  }

  #win(place: number) {
    const { desk } = this;
    const charge = pick(
      desk.charges.filter(({ disputedAt }) => disputedAt !== undefined),
      place,
    );
    if (charge === undefined) return;
    charge.disputedAt = undefined;
    const action = charge.isWarned ? 'chargeback_warning_reverse' : 'chargeback_reverse';
    desk.adjust('created', charge, { ...this.#whole(charge), action });
  }

  /** Lowers what is owed: no money goes back. */
  #credit(place: number) {
    const charge = pick(this.desk.charges, place);
    if (charge !== undefined) {
      this.desk.adjust('created', charge, { ...this.#whole(charge), action: 'credit', isWhole: false });
    }
  }

  #whole(charge: Charge): Omit<Adjusted, 'action'> {
    const items = charge.items.map(({ net }, place) => ({ place, net, type: 'full' }));
    return { status: 'approved', id: `adj_${this.desk.number()}`, isWhole: true, items };
  }
}

/** A recurring item that comes back alone takes nothing. */
function takeBack(charge: Charge, items: Adjusted['items']) {
  for (const { place, net, type } of items) {
    const item = charge.items[place];
    if (item === undefined) continue;
    item.netBack += net;
    charge.back += net * (1 + TAX);
    const isTaken = type === 'full' && item.subscription === undefined;
    if (!isTaken) continue;
    item.isBack = true;
    item.unitsBack = item.quantity;
  }
}
