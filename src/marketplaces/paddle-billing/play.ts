/** Simulates Paddle Billing: one step of a story after another, in Paddle's own shapes. */
import type { Cast, Step } from '../story-simulator.ts';
import { StoryTime } from '../story-time.ts';
import { adjustment, iso, itemId, type SoldItem, subscription, transaction } from './shapes.ts';

/** Minor units of one unit. */
const AMOUNT = 2000;
const TRIAL_DAYS = 14;

export class Play {
  readonly #cast: Cast;
  readonly #subscription: string;
  readonly #sale: string;
  #items: readonly SoldItem[];
  readonly #time: StoryTime;
  #told = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#subscription = `sub_sim${cast.run}`;
    this.#sale = `txn_sim${cast.run}`;
    this.#items = [this.#item(cast.prices[0], cast.quantity, true)];
    this.#time = new StoryTime(cast);
  }

  get order(): string {
    return this.#sale;
  }

  buysOnce({ all = false, isFree = false } = {}): Step {
    const { prices, quantity } = this.#cast;
    this.#items = (all ? prices : prices.slice(0, 1)).map((price) => this.#item(price, quantity, false));
    const title = all
      ? 'a customer buys several products at once'
      : isFree
        ? 'a customer buys with a discount of 100 %'
        : 'a customer buys';
    return { title, events: [this.#sold(null, null, isFree)] };
  }

  subscribes(): Step {
    const events = [
      this.#created('active', this.#time.end(1)),
      this.#sold(this.#subscription, this.#time.end(1)),
    ];
    return { title: 'a customer subscribes', events };
  }

  tries(): Step {
    this.#items = this.#items.map((item) => ({ ...item, trial: TRIAL_DAYS }));
    const end = this.#time.day(TRIAL_DAYS);
    const events = [this.#created('trialing', end), this.#sold(this.#subscription, end, true)];
    return { title: 'a trial begins', events };
  }

  renews(period: number): Step {
    const until = this.#time.end(period);
    const paid = this.#transaction(`${this.#sale}r${period}`, 'subscription_recurring', until);
    return { title: `period ${period} is paid`, events: [this.#updated('active', until), paid] };
  }

  /** Charged at once, to the end of the period. */
  addsUnit(period: number): Step {
    const quantity = this.#cast.quantity + 1;
    this.#items = this.#items.map((item) => ({ ...item, quantity }));
    const until = this.#time.end(period);
    const paid = this.#transaction(`${this.#sale}u`, 'subscription_update', until);
    const title = `the customer wants ${quantity}, and pays the difference`;
    return { title, events: [this.#updated('active', until), paid] };
  }

  fallsOverdue(period: number): Step {
    // The period moves before it is paid.
    const event = this.#event('subscription.past_due', this.#state('past_due', this.#time.end(period)));
    return { title: 'a payment is overdue', events: [event] };
  }

  pauses(period: number): Step {
    const event = this.#event('subscription.paused', this.#state('paused', null));
    return { title: `the subscription pauses; period ${period} is paid`, events: [event] };
  }

  resumes(period: number): Step {
    const resumed = this.#event('subscription.resumed', this.#state('active', this.#time.end(period)));
    return { title: 'the subscription goes on', events: [resumed] };
  }

  cancels(period: number): Step {
    const at = this.#time.end(period);
    const state = { ...this.#facts('active', at), scheduled: { action: 'cancel', at } };
    const event = this.#event('subscription.updated', subscription(state));
    return { title: 'the customer cancels: paid until the end', events: [event] };
  }

  ends(period: number): Step {
    this.#time.reach(this.#time.end(period));
    const event = this.#event('subscription.canceled', this.#state('canceled', null));
    return { title: 'the subscription ends', events: [event] };
  }

  asksForRefund(): Step {
    const event = this.#adjusted('adjustment.created', 'refund', 'pending_approval');
    return { title: 'a refund is asked for: nothing is decided yet', events: [event] };
  }

  refunds(): Step {
    return {
      title: 'the refund is approved: the money goes back',
      events: [this.#adjusted('adjustment.updated', 'refund', 'approved')],
    };
  }

  chargesBack(): Step {
    return {
      title: 'the bank takes the money back',
      events: [this.#adjusted('adjustment.created', 'chargeback', 'approved')],
    };
  }

  winsBack(): Step {
    return {
      title: 'Paddle wins the dispute',
      events: [this.#adjusted('adjustment.created', 'chargeback_reverse', 'approved')],
    };
  }

  #item(price: string, quantity: number, isRecurring: boolean): SoldItem {
    return { price, quantity, amount: AMOUNT, isRecurring };
  }

  #sold(of: string | null, until: number | null, isFree = false): object {
    const told = { id: this.#sale, origin: 'web', subscription: of, items: this.#items, isFree };
    return this.#event('transaction.completed', transaction({ ...told, at: this.#time.at, until }));
  }

  #transaction(id: string, origin: string, until: number): object {
    const told = { id, origin, subscription: this.#subscription, items: this.#items };
    return this.#event('transaction.completed', transaction({ ...told, at: this.#time.at, until }));
  }

  #created(status: string, until: number): object {
    const state = { ...this.#facts(status, until), transaction: this.#sale };
    return this.#event('subscription.created', subscription(state));
  }

  #updated(status: string, until: number): object {
    return this.#event('subscription.updated', this.#state(status, until));
  }

  #state(status: string, until: number | null): object {
    return subscription(this.#facts(status, until));
  }

  #facts(status: string, until: number | null) {
    return { id: this.#subscription, status, items: this.#items, at: this.#time.at, until };
  }

  #adjusted(type: string, action: string, status: string): object {
    const items = this.#items.map(({ quantity, amount }, place) => ({
      item: itemId(this.#sale, place),
      type: 'full',
      amount: amount * quantity,
    }));
    const id = `adj_sim${this.#cast.run}${action}`;
    const told = {
      id,
      transaction: this.#sale,
      action,
      status,
      type: 'full',
      at: this.#time.at,
      items,
    } as const;
    return this.#event(type, adjustment(told));
  }

  #event(type: string, data: object): object {
    this.#time.tick();
    this.#told += 1;
    const id = `${this.#cast.run}${String(this.#told).padStart(4, '0')}`;
    return {
      event_id: `ntfsimevt_${id}`,
      event_type: type,
      occurred_at: iso(this.#time.at),
      notification_id: `ntfsimntf_${id}`,
      data,
    };
  }
}
