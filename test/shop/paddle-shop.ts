/** A model of Paddle Classic: sells, charges, refunds, and sends its calls (protocols: fields-paddle-classic.md). */

import type { KeyObject } from 'node:crypto';
import { type Charge, type Item, isWhollyBack, newItem, pick, TAX } from './books.ts';
import { DAY, HOUR } from './calendar.ts';
import { truthOf } from './derive-truth.ts';
import { change } from './paddle-changes.ts';
import { chargeFields, money, PaddleDesk } from './paddle-desk.ts';
import type { PaddleAction, PaddleStory } from './paddle-story.ts';
import { PaddleSubscriptions } from './paddle-subscriptions.ts';
import { paddleWire } from './paddle-wire.ts';
import { runOut } from './run-out.ts';
import type { Told } from './story-check.ts';
import { wareOf } from './wares.ts';

/** Days that the shop continues after the last action. */
const RUN_OUT = 10;

type Doing<Kind extends PaddleAction['do']> = Extract<PaddleAction, { do: Kind }>;

/** Plays a story to its end. */
export function paddleTold(story: PaddleStory, key: KeyObject): Told {
  const shop = new PaddleShop(story);
  const { desk, subscriptions } = shop;
  for (const { after, action } of story.steps) {
    shop.passTo(desk.now + after * DAY);
    shop.act(action);
    desk.now += HOUR;
  }
  const end = runOut(desk.now + RUN_OUT * DAY, (time) => shop.passTo(time), subscriptions.all);
  const { charges, calls } = desk;
  const ids = subscriptions.all.flatMap(({ id }) => [id, `subscription:${id}`]);
  return {
    wire: paddleWire(key),
    calls,
    truth: truthOf({
      marketplace: 'paddle-classic',
      charges,
      subscriptions: subscriptions.all,
      calls,
      people: [],
      end,
    }),
    orders: [...charges.map(({ reference }) => reference), ...ids],
    end,
    lines: [
      JSON.stringify(story.setup),
      ...story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
    ],
  };
}

class PaddleShop {
  readonly desk = new PaddleDesk();
  readonly subscriptions: PaddleSubscriptions;
  readonly #setup: PaddleStory['setup'];
  readonly #disputed = new Set<Charge>();

  constructor({ setup }: PaddleStory) {
    this.#setup = setup;
    this.subscriptions = new PaddleSubscriptions(this.desk, setup);
  }

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

  act(action: PaddleAction) {
    switch (action.do) {
      case 'buy':
        return this.#buy(action);
      case 'refund':
        return this.#refund(action);
      case 'dispute':
        return this.#dispute(action.charge);
      case 'win':
        return this.#win(action.charge);
      default:
        return this.#change(action);
    }
  }

  #change(action: Extract<PaddleAction, { subscription: number }>) {
    const subscription = pick(this.subscriptions.all, action.subscription);
    if (subscription === undefined) return;
    const isDisputed = [...this.#disputed].some(
      ({ items, disputedAt }) => disputedAt !== undefined && items[0]?.subscription === subscription,
    );
    change(action, subscription, this.subscriptions, isDisputed);
  }

  #buy({ ware: path, quantity, free, trial, review }: Doing<'buy'>) {
    const { desk } = this;
    const ware = wareOf(path);
    if (ware.every !== undefined) {
      return this.subscriptions.begin(ware, quantity, trial && ware.trial === true);
    }
    const names = desk.names('first', false);
    if (review !== 'none') this.#review(names.reference, review);
    if (review === 'rejected') return;
    const item = newItem(ware, quantity, free ? { net: 0 } : {});
    const charge = desk.book({ ...names, at: desk.now }, [item]);
    const request = desk.ask(charge, item);
    const sold = { product_id: String(ware.paddle), quantity: String(quantity) };
    desk.alert('payment_succeeded', {
      ...chargeFields(charge, this.#setup.yes),
      ...sold,
      sale_gross: money(charge.total),
      balance_gross: money(charge.total * 1.1),
      payment_tax: money(item.net * TAX),
      payment_method: charge.total > 0 ? 'card' : 'free',
      product_name: ware.path,
    });
    desk.alert('locker_processed', { order_id: charge.reference, ...sold, source: 'checkout' }, request);
  }

  /** Takes hours; the order exists only if it is accepted. */
  #review(order: string, verdict: 'accepted' | 'rejected') {
    const { desk } = this;
    const risk = {
      case_id: `3${desk.number()}`,
      checkout_id: `${order}-chre`,
      customer_email_address: 'ada@example.com',
    };
    desk.alert('high_risk_transaction_created', { ...risk, status: 'pending', risk_score: '77.7' });
    desk.now += 2 * HOUR;
    const named = verdict === 'accepted' ? { order_id: order } : {};
    desk.alert('high_risk_transaction_updated', { ...risk, ...named, status: verdict });
  }

  #refund({ charge: place, how, twice }: Doing<'refund'>) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined || !isReturnable(charge, how, desk.charges)) return;
    const left = charge.total - charge.back;
    const amount =
      how === 'all' ? left : how === 'amount' ? charge.total / 2 : (charge.total * TAX) / (1 + TAX);
    const isLast = amount >= left - 0.005;
    if (isLast && how !== 'all') return;
    const type =
      how === 'vat'
        ? 'vat'
        : isLast && (charge.back === 0 || this.#setup.lastRefundIs === 'full')
          ? 'full'
          : 'partial';
    charge.back += amount;
    if (how === 'amount') item.netBack += amount / (1 + TAX);
    desk.alert(item.subscription === undefined ? 'payment_refunded' : 'subscription_payment_refunded', {
      ...chargeFields(charge, this.#setup.yes),
      status: 'active',
      refund_type: type,
      refund_reason: 'asked for',
      amount: money(amount),
      gross_refund: money(amount),
      tax_refund: money(how === 'vat' ? amount : (amount * TAX) / (1 + TAX)),
      fee_refund: '0.00',
      earnings_decrease: how === 'vat' ? '-1.00' : money(amount * 0.9),
      balance_gross_refund: money(amount * 1.1),
    });
    if (twice) desk.again();
  }

  #dispute(place: number) {
    const { desk } = this;
    const charge = pick(desk.charges, place);
    if (charge === undefined || !isDisputable(charge) || this.#disputed.has(charge)) return;
    this.#disputed.add(charge);
    charge.disputedAt = desk.now;
    // A first request that comes during the dispute is refused until it is won.
    for (const call of desk.calls) {
      if (call.kind === 'request' && isOfSameSale(call.item, charge)) call.must = 'in order';
    }
    desk.alert('payment_dispute_created', disputeFields(charge, 'open'));
  }

  #win(place: number) {
    const charge = pick([...this.#disputed], place);
    if (charge?.disputedAt === undefined) return;
    charge.disputedAt = undefined;
    this.desk.alert('payment_dispute_closed', disputeFields(charge, 'closed'));
  }
}

function isOfSameSale(item: Item, { items }: Charge): boolean {
  return items.some(
    (one) => one === item || (one.subscription !== undefined && one.subscription === item.subscription),
  );
}

/** `amount` includes the bank's fee. */
function disputeFields({ reference, total }: Charge, status: 'open' | 'closed') {
  return {
    order_id: reference,
    checkout_id: '',
    currency: 'EUR',
    amount: money(total + 15),
    fee_usd: '15.00',
    status,
  };
}

/** The effect of such a refund is documented. */
function isReturnable(charge: Charge, how: Doing<'refund'>['how'], charges: readonly Charge[]): boolean {
  if (charge.total === 0 || charge.disputedAt !== undefined || isWhollyBack(charge)) return false;
  const [item] = charge.items;
  if (how === 'vat') return charge.back === 0;
  if (how === 'amount' || item?.subscription === undefined) return true;
  // Nor whether the longer period that was paid before a shorter billing interval comes back with its refund.
  if (item.subscription.movedTo !== undefined || item.restarts) return false;
  const own = charges.filter(({ items }) => items[0]?.subscription === item.subscription);
  if (charge.kind === 'proration') return item.until !== undefined && isAlone(item, own);
  if (charge.kind === 'rebill' && own.some(({ items }) => items[0]?.added !== undefined)) return false;
  // Not documented: whether a trial or given days count as a
  // remaining period, a perpetual license without its first payment, and a fallback where the newest period was
  // refunded while the subscription continues.
  const newest = own.findLast(({ kind }) => kind === 'first' || kind === 'rebill');
  const goesOn = item.subscription.state !== 'ended';
  const wares = [item.ware, item.subscription.ware];
  if (wares.some(({ rules }) => rules.ended === 'fallback') && goesOn && charge === newest) return false;
  return own[0]?.total !== 0 && (charge !== own[0] || item.ware.rules.term !== undefined);
}

/** No other charge paid for one of its units, and none is of the units that it names. */
function isAlone({ added }: Item, own: readonly Charge[]): boolean {
  const ranges = own.flatMap(({ items }) => items[0]?.added ?? []);
  return (
    added === undefined ||
    ranges.every((one) => one === added || one.to <= added.from || one.from >= added.to)
  );
}

function isDisputable({ items, total, back, kind }: Charge): boolean {
  const isClear = items.every(
    ({ subscription, ware }) =>
      subscription === undefined || (ware.rules.term !== undefined && subscription.state !== 'ended'),
  );
  return isClear && total > 0 && back === 0 && kind !== 'proration' && kind !== 'extra';
}
