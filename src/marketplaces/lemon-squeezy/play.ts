/** Simulates Lemon Squeezy: one step of a story after another, in Lemon Squeezy's own shapes. */
import type { Cast, Step } from '../story-simulator.ts';
import { StoryTime } from '../story-time.ts';
import { wareOf } from './product-keys.ts';
import { eventOf, invoice, order, type SoldItem, type SubscriptionTold, subscription } from './shapes.ts';

const DAY = 86_400_000;
/** Cents of one unit. */
const PRICE = 2000;
const TRIAL_DAYS = 14;

export class Play {
  readonly #cast: Cast;
  readonly #start: number;
  readonly #run: number;
  #item: SoldItem;
  readonly #time: StoryTime;
  #told = 0;
  #invoices = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#run = Number(cast.run);
    const sold = wareOf(cast.prices[0]);
    this.#item = { id: this.#run * 10, ...sold, quantity: cast.quantity, price: PRICE };
    this.#time = new StoryTime(cast);
    this.#start = cast.now;
  }

  get order(): string {
    return this.#cast.run;
  }

  buysOnce({ isFree = false } = {}): Step {
    const title = isFree ? 'a customer buys with a discount of 100 %' : 'a customer buys';
    return { title, events: [this.#order('order_created', 'paid', { discount: isFree ? this.#total : 0 })] };
  }

  subscribes(): Step {
    const until = this.#time.end(1);
    return {
      title: 'a customer subscribes',
      events: [
        this.#order('order_created', 'paid'),
        this.#state('subscription_created', { status: 'active', renewsAt: until }),
        this.#invoice('subscription_payment_success', 'initial', 'paid'),
        this.#state('subscription_updated', { status: 'active', renewsAt: until }),
      ],
    };
  }

  tries(): Step {
    const end = this.#time.day(TRIAL_DAYS);
    const price = this.#item.price;
    this.#item = { ...this.#item, price: 0 };
    const sale = this.#order('order_created', 'paid');
    const created = this.#state('subscription_created', {
      status: 'on_trial',
      trialEndsAt: end,
      renewsAt: end,
    });
    const billed = this.#invoice('subscription_payment_success', 'initial', 'paid');
    this.#item = { ...this.#item, price };
    return { title: 'a trial begins', events: [sale, created, billed] };
  }

  renews(period: number, name = 'subscription_payment_success'): Step {
    const until = this.#time.end(period);
    return {
      title: `period ${period} is paid`,
      events: [
        this.#invoice(name, 'renewal', 'paid'),
        this.#state('subscription_updated', { status: 'active', renewsAt: until }),
      ],
    };
  }

  /** Charged at once, to the end of the period. */
  addsUnit(period: number): Step {
    const quantity = this.#item.quantity + 1;
    this.#item = { ...this.#item, quantity };
    return {
      title: `the customer wants ${quantity}, and pays the difference`,
      events: [
        this.#state('subscription_updated', { status: 'active', renewsAt: this.#time.end(period) }),
        this.#invoice('subscription_payment_success', 'updated', 'paid'),
      ],
    };
  }

  changesPlan(period: number): Step {
    const [, second] = this.#cast.prices;
    const { variant } = this.#item;
    this.#item = { ...this.#item, ...(second === undefined ? { variant: variant + 1 } : wareOf(second)) };
    return {
      title: 'the customer changes to another plan',
      events: [this.#state('subscription_updated', { status: 'active', renewsAt: this.#time.end(period) })],
    };
  }

  fallsOverdue(period: number): Step {
    this.#time.reach(this.#time.end(period - 1));
    // The day of the next attempt.
    const renewsAt = this.#time.at + 5 * DAY;
    return {
      title: 'a payment is overdue',
      events: [
        this.#invoice('subscription_payment_failed', 'renewal', 'pending'),
        this.#state('subscription_updated', { status: 'past_due', renewsAt }),
      ],
    };
  }

  pauses(period: number): Step {
    const pause = { mode: 'void', resumes_at: null };
    const state = { status: 'paused', renewsAt: this.#time.end(period), pause };
    return {
      title: `the subscription pauses; period ${period} is paid`,
      events: [this.#state('subscription_paused', state), this.#state('subscription_updated', state)],
    };
  }

  unpauses(period: number): Step {
    const state = { status: 'active', renewsAt: this.#time.end(period) };
    return { title: 'the subscription goes on', events: [this.#state('subscription_unpaused', state)] };
  }

  cancels(period: number): Step {
    const state = { status: 'cancelled', renewsAt: this.#time.end(period), endsAt: this.#time.end(period) };
    return {
      title: 'the customer cancels: paid until the end',
      events: [this.#state('subscription_cancelled', state), this.#state('subscription_updated', state)],
    };
  }

  takesBackCancellation(period: number): Step {
    const state = { status: 'active', renewsAt: this.#time.end(period) };
    return {
      title: 'the customer takes the cancellation back',
      events: [this.#state('subscription_resumed', state)],
    };
  }

  ends(period: number): Step {
    this.#time.reach(this.#time.end(period));
    const state = { status: 'expired', renewsAt: this.#time.end(period), endsAt: this.#time.end(period) };
    return { title: 'the subscription ends', events: [this.#state('subscription_expired', state)] };
  }

  refundsPart(): Step {
    const event = this.#order('order_refunded', 'paid', { refunded: Math.floor(this.#total / 10) });
    return { title: 'a part of the money goes back', events: [event] };
  }

  refunds(): Step {
    const event = this.#order('order_refunded', 'refunded', { refunded: this.#total });
    return { title: 'the money goes back', events: [event] };
  }

  /** Of the newest invoice. */
  refundsRenewal(): Step {
    const event = this.#invoice('subscription_payment_refunded', 'renewal', 'refunded', this.#total);
    return { title: 'the renewal is refunded', events: [event] };
  }

  get #total(): number {
    return this.#item.price * this.#item.quantity;
  }

  #order(name: string, status: string, more: { discount?: number; refunded?: number } = {}): object {
    const at = this.#time.tick();
    const id = this.#run;
    return this.#event(
      name,
      order({ id, status, items: [this.#item], namesItems: true, createdAt: this.#start, at, ...more }),
    );
  }

  #state(name: string, more: Pick<SubscriptionTold, 'status'> & Partial<SubscriptionTold>): object {
    const at = this.#time.tick();
    const run = this.#run;
    const isTrial = more.status === 'on_trial';
    const item = { ...this.#item, quantity: isTrial ? null : this.#item.quantity };
    const known = { id: run, order: run, item, createdAt: this.#start, at };
    return this.#event(name, subscription({ ...known, ...more }));
  }

  /** A payment, and what goes back of the payment before. */
  #invoice(name: string, reason: string, status: string, refunded = 0): object {
    if (refunded === 0) this.#invoices += 1;
    const at = this.#time.tick();
    const run = this.#run;
    const id = run * 100 + this.#invoices;
    const told = { id, subscription: run, reason, status, total: this.#total, createdAt: at, at, refunded };
    return this.#event(name, invoice(told));
  }

  #event(name: string, data: object): object {
    this.#told += 1;
    return eventOf(name, data, `00000000-0000-4000-8000-${String(this.#told).padStart(12, '0')}`);
  }
}
