/** Simulates Stripe: one step of a story after another, in Stripe's own shapes. */
import type { Cast, Step } from '../story-simulator.ts';
import { StoryTime } from '../story-time.ts';
import {
  charge,
  dispute,
  expanded,
  type InvoiceTold,
  invoice,
  refund,
  type SoldItem,
  type SubscriptionTold,
  seconds,
  subscription,
} from './shapes.ts';

/** Smallest units of one. */
const AMOUNT = 2000;
const TRIAL_DAYS = 14;
const VERSION = '2026-07-29.dahlia';

export class Play {
  readonly #cast: Cast;
  readonly #subscription: string;
  readonly #session: string;
  readonly #payment: string;
  #items: readonly SoldItem[];
  readonly #time: StoryTime;
  #told = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#subscription = `sub_sim${cast.run}`;
    this.#session = `cs_sim${cast.run}`;
    this.#payment = `pi_sim${cast.run}`;
    this.#items = [this.#item(cast.prices[0], cast.quantity, true)];
    this.#time = new StoryTime(cast);
  }

  get order(): string {
    return this.#session;
  }

  buysOnce({ all = false, isFree = false } = {}): Step {
    const { prices, quantity } = this.#cast;
    this.#items = (all ? prices : prices.slice(0, 1)).map((price) => this.#item(price, quantity, false));
    const title = all
      ? 'a customer buys several products at once'
      : isFree
        ? 'a customer buys with a discount of 100 %'
        : 'a customer buys';
    const payment = isFree ? null : this.#payment;
    // The lines of a real event are fetched; nobody could fetch these.
    const sold = expanded({ id: this.#session, items: this.#items, payment, isFree });
    return { title, events: [this.#event('checkout.session.completed', sold)] };
  }

  subscribes(): Step {
    const events = [...this.#begins('active', this.#time.end(1), false)];
    return { title: 'a customer subscribes', events };
  }

  tries(): Step {
    return {
      title: 'a trial begins',
      events: [...this.#begins('trialing', this.#time.day(TRIAL_DAYS), true)],
    };
  }

  renews(period: number): Step {
    const until = this.#time.end(period);
    const events = [
      // The period moves before it is paid.
      this.#updated({ until }),
      this.#paid({ id: `in_sim${this.#cast.run}r${period}`, reason: 'subscription_cycle', until }),
    ];
    return { title: `period ${period} is paid`, events };
  }

  /** Prorated at once. */
  addsUnit(period: number): Step {
    const quantity = this.#cast.quantity + 1;
    this.#items = this.#items.map((item) => ({ ...item, quantity }));
    const until = this.#time.end(period);
    const more = { id: `in_sim${this.#cast.run}u`, reason: 'subscription_update', until, isProration: true };
    const title = `the customer wants ${quantity}, and pays the difference`;
    return { title, events: [this.#updated({ until }), this.#paid(more)] };
  }

  fallsOverdue(period: number): Step {
    const until = this.#time.end(period);
    const told = { id: `in_sim${this.#cast.run}r${period}`, reason: 'subscription_cycle', until };
    const failed = this.#event('invoice.payment_failed', this.#invoice(told));
    return { title: 'a payment is overdue', events: [failed, this.#updated({ until, status: 'past_due' })] };
  }

  pauses(period: number): Step {
    const state = this.#state({ until: this.#time.end(period), status: 'paused' });
    const event = this.#event('customer.subscription.paused', state);
    return { title: 'the trial ends without a payment method: the subscription pauses', events: [event] };
  }

  resumes(period: number): Step {
    const state = this.#state({ until: this.#time.end(period) });
    const event = this.#event('customer.subscription.resumed', state);
    return { title: 'the subscription goes on', events: [event] };
  }

  cancels(period: number): Step {
    const event = this.#updated({ until: this.#time.end(period), cancels: true });
    return { title: 'the customer cancels: paid until the end', events: [event] };
  }

  ends(period: number): Step {
    this.#time.reach(this.#time.end(period));
    const state = this.#state({ until: this.#time.end(period), status: 'canceled', ended: this.#time.at });
    const event = this.#event('customer.subscription.deleted', state);
    return { title: 'the subscription ends', events: [event] };
  }

  refunds({ part = 1 } = {}): Step {
    const amount = this.#amount();
    const told = charge({ payment: this.#payment, amount, refunded: Math.round(amount * part) });
    const title = part < 1 ? 'a part of the money goes back' : 'the money goes back';
    return { title, events: [this.#event('charge.refunded', told)] };
  }

  failsToRefund(): Step {
    const told = refund(`re_sim${this.#cast.run}`, this.#payment, this.#amount(), 'failed');
    return { title: 'the refund fails: the money stayed', events: [this.#event('refund.failed', told)] };
  }

  disputes(): Step {
    return { title: 'the bank disputes the payment', events: [this.#disputed('created', 'needs_response')] };
  }

  winsBack(): Step {
    return { title: 'the dispute is won', events: [this.#disputed('closed', 'won')] };
  }

  #disputed(type: string, status: string): object {
    const told = dispute(`dp_sim${this.#cast.run}`, this.#payment, this.#amount(), status);
    return this.#event(`charge.dispute.${type}`, told);
  }

  #item(price: string, quantity: number, isRecurring: boolean): SoldItem {
    return { price, quantity, amount: AMOUNT, isRecurring };
  }

  #amount(): number {
    return this.#items.reduce((all, { amount, quantity }) => all + amount * quantity, 0);
  }

  #begins(status: string, until: number, isFree: boolean): readonly object[] {
    const id = `in_sim${this.#cast.run}`;
    const trialEnd = isFree ? until : null;
    const told = {
      id: this.#session,
      items: this.#items,
      subscription: this.#subscription,
      invoice: id,
      isFree,
    };
    const state = this.#state({ until, status, trialEnd });
    return [
      this.#event('customer.subscription.created', state),
      this.#event('checkout.session.completed', expanded(told, isFree ? { subscription: state } : {})),
      this.#paid({ id, reason: 'subscription_create', until, isFree }),
    ];
  }

  #paid(told: Partial<InvoiceTold> & Pick<InvoiceTold, 'id' | 'reason' | 'until'>): object {
    return this.#event('invoice.paid', this.#invoice(told));
  }

  #invoice(told: Partial<InvoiceTold> & Pick<InvoiceTold, 'id' | 'reason' | 'until'>): object {
    return invoice({ subscription: this.#subscription, items: this.#items, at: this.#time.at, ...told });
  }

  #updated(told: Partial<SubscriptionTold> & { readonly until: number }): object {
    return this.#event('customer.subscription.updated', this.#state(told));
  }

  #state(told: Partial<SubscriptionTold> & { readonly until: number }): object {
    return subscription({ id: this.#subscription, status: 'active', items: this.#items, ...told });
  }

  #event(type: string, object: object): object {
    this.#time.tick();
    this.#told += 1;
    return {
      id: `evt_sim${this.#cast.run}${String(this.#told).padStart(4, '0')}`,
      object: 'event',
      api_version: VERSION,
      created: seconds(this.#time.at),
      livemode: false,
      type,
      data: { object },
    };
  }
}
