/** Simulates Gumroad: one step of a story after another, each ping with what the API would answer about it. */
import { dayAfter, startOfDay } from '../../domain/values/day.ts';
import type { Loose } from '../loose.ts';
import { momentIn } from '../rfc3339.ts';
import type { Cast, Step } from '../story-simulator.ts';
import { StoryTime } from '../story-time.ts';
import { endOf } from './periods.ts';
import { wareOf } from './product-keys.ts';
import { dayInWords, moment, type SaleTold, saleOf, salePing, subscriptionPing } from './shapes.ts';

const TRIAL_DAYS = 14;

/** The recurrence that is nearest to a number of days. */
const EVERY: readonly (readonly [number, string])[] = [
  [45, 'monthly'],
  [135, 'quarterly'],
  [270, 'biannually'],
  [545, 'yearly'],
  [Number.POSITIVE_INFINITY, 'every_two_years'],
];

export class Play {
  readonly #cast: Cast;
  readonly #time: StoryTime;
  /** The charges so far, the newest first. */
  #sales: readonly Loose[] = [];
  #ware: { readonly product: string; readonly option: string | undefined };
  #quantity: number;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#time = new StoryTime(cast);
    this.#ware = wareOf(cast.prices[0]);
    this.#quantity = cast.quantity;
  }

  get order(): string {
    return this.#nameOf(0);
  }

  buysOnce({ isFree = false } = {}): Step {
    const title = isFree ? 'a customer buys with a discount of 100 %' : 'a customer buys';
    return this.#sells(title, { price: isFree ? 0 : 2000 });
  }

  subscribes(): Step {
    return this.#sells('a customer subscribes', this.#membership());
  }

  tries(): Step {
    const ends = dayInWords(this.#time.day(TRIAL_DAYS));
    const more = { free_trial_ends_on: ends, free_trial_ended: false };
    return this.#sells('a trial begins', { ...this.#membership(), more });
  }

  receivesGift(): Step {
    const step = { price: 0, more: { is_gift_receiver_purchase: true } };
    return this.#sells('a customer receives a gift', step, { giver: `giver-${this.#cast.run}` });
  }

  paysFirstPart(): Step {
    const more = { is_recurring_billing: false };
    return this.#sells('a customer buys in installments', { ...this.#membership(), more });
  }

  renews(period: number): Step {
    this.#time.reach(this.#time.end(period - 1));
    return this.#charges(`period ${period} is paid`);
  }

  paysAfterTrial(): Step {
    this.#time.reach(this.#time.day(TRIAL_DAYS));
    return this.#charges('the trial is over, and a period is paid');
  }

  #charges(title: string): Step {
    return this.#sells(title, { ...this.#membership(), more: { recurring_charge: true } });
  }

  /** The last part of an installment plan. */
  paysOff(): Step {
    this.#time.reach(this.#time.end(1));
    const more = { is_recurring_billing: false, recurring_charge: true };
    return this.#sells('the last installment is paid', { ...this.#membership(), more });
  }

  /** Charged at once: a new period begins. */
  upgrades(): Step {
    const [, second] = this.#cast.prices;
    this.#quantity += 1;
    if (second !== undefined) this.#ware = wareOf(second);
    const more = { recurring_charge: true, is_upgrade_purchase: true };
    const title = `the customer wants ${this.#quantity}${second === undefined ? '' : ' of another tier'}, and pays`;
    return this.#sells(title, { ...this.#membership(), more });
  }

  cancels(): Step {
    this.#tell({ cancelled: true });
    return this.#change('the customer cancels: paid until the end', 'cancellation', {
      cancelled: 'true',
      cancelled_by_buyer: 'true',
      cancelled_at: moment(this.#time.at),
    });
  }

  /** The day after the last paid one. */
  ends(reason = 'cancelled'): Step {
    const [sale = {}] = this.#sales;
    const last = endOf({ sale, soldAt: momentIn(sale['created_at']) ?? 0 });
    if (last !== undefined) this.#time.reach(startOfDay(dayAfter(last)));
    this.#tell({ cancelled: true, dead: true });
    return this.#change('the subscription ends', 'subscription_ended', {
      ended_at: moment(this.#time.at),
      ended_reason: reason,
    });
  }

  isPaidOff(): Step {
    this.#tell({ dead: true, ended: true });
    return this.#change('all installments are paid', 'subscription_ended', {
      ended_at: moment(this.#time.at),
      ended_reason: 'fixed_subscription_period_ended',
    });
  }

  restarts(): Step {
    this.#tell({ cancelled: false, dead: false });
    return this.#change('the subscription goes on', 'subscription_restarted', {
      restarted_at: moment(this.#time.at),
    });
  }

  refundsPart(): Step {
    return this.#newest('a part of the money goes back', 'refund', { partially_refunded: true });
  }

  refunds(): Step {
    const title = this.#sales.length > 1 ? 'the newest charge is refunded' : 'the money goes back';
    return this.#newest(title, 'refund', { refunded: true, partially_refunded: false });
  }

  disputes(): Step {
    return this.#newest('the bank takes the money back for now', 'dispute', {
      disputed: true,
      chargedback: true,
    });
  }

  winsDispute(): Step {
    return this.#newest('the dispute is won', 'dispute_won', { dispute_won: true, chargedback: false });
  }

  #membership(): Pick<SaleTold, 'subscription' | 'every'> {
    const [, every = 'monthly'] = EVERY.find(([days]) => this.#cast.period < days) ?? [];
    return { subscription: `sub-${this.#cast.run}`, every };
  }

  #sells(title: string, told: Partial<SaleTold>, fetched: object = {}): Step {
    const id = this.#nameOf(this.#sales.length);
    const sale = saleOf({ id, ...this.#ware, quantity: this.#quantity, at: this.#time.tick(), ...told });
    this.#sales = [sale, ...this.#sales];
    return this.#step(title, salePing('sale', sale), { sale, listed: true, ...fetched });
  }

  /** What changes of the newest sale. */
  #newest(title: string, resource: string, more: Loose): Step {
    this.#time.tick();
    const [newest = {}, ...others] = this.#sales;
    const sale = { ...newest, ...more };
    this.#sales = [sale, ...others];
    return this.#step(title, salePing(resource, sale), { sale, listed: true });
  }

  /** Each sale shows the state of the subscription. */
  #tell(state: Loose): void {
    this.#time.tick();
    this.#sales = this.#sales.map((sale) => ({ ...sale, ...state }));
  }

  #change(title: string, resource: string, more: Loose): Step {
    const [sale] = this.#sales;
    const fetched = { sale, listed: true, charges: this.#sales };
    return this.#step(title, subscriptionPing(resource, this.#sales, more), fetched);
  }

  #step(title: string, ping: Loose, simulated: object): Step {
    return { title, events: [{ received: this.#time.at, ping, simulated }] };
  }

  #nameOf(place: number): string {
    return `sale-${this.#cast.run}-${place}`;
  }
}
