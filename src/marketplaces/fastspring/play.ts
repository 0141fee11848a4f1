/** Simulates FastSpring: one step of a story after another, in FastSpring's own shapes. */
import { StoryTime } from '../story-time.ts';
import type { Cast, Step } from './cast.ts';

export class Play {
  readonly #cast: Cast;
  readonly #order: string;
  readonly #subscription: string;
  readonly #time: StoryTime;
  #told = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#order = `SIM${cast.run}`;
    this.#subscription = `sub-${cast.run}`;
    this.#time = new StoryTime(cast);
  }

  buys(): Step {
    return this.#asks('a customer buys; FastSpring asks for the license', this.#order, {});
  }

  rebills(sequence: number): Step {
    return this.#asks(
      'the "Rebills Only" fulfillment asks for the renewed code',
      `${this.#order}B${sequence}`,
      {
        sequence: String(sequence),
      },
    );
  }

  completes({ subscribed = false, all = false }): Step {
    const { paths, quantity } = this.#cast;
    const sold = all ? paths : paths.slice(0, 1);
    const items = sold.map((product) => ({
      product,
      quantity,
      subtotal: 20 * quantity,
      discount: 0,
      isAddon: true,
      ...(subscribed && { subscription: this.#subscription }),
      ...(product !== paths[0] && { driver: { type: 'bundle', path: paths[0] } }),
      fulfillments: {},
    }));
    const person = { first: 'Ada', last: 'Byron', email: 'ada@example.com', company: null, phone: null };
    const completed = this.#event('order.completed', {
      order: `${this.#order}-id`,
      id: `${this.#order}-id`,
      reference: this.#order,
      completed: true,
      live: false,
      currency: 'EUR',
      total: 20 * quantity * sold.length,
      tax: 0,
      subtotal: 20 * quantity * sold.length,
      discount: 0,
      customer: person,
      recipients: [{ recipient: person }],
      items,
    });
    const activated = this.#event('subscription.activated', this.#state({ state: 'active', sequence: 1 }));
    const title = all ? 'the bundle is paid: each product in it gets its licenses' : 'the order is complete';
    // As in real batches, the last event can come first.
    return { title, events: subscribed ? [activated, completed] : [completed] };
  }

  charges(sequence: number): Step {
    const { quantity } = this.#cast;
    return {
      title: `period ${sequence} is paid`,
      events: [this.#charge(`B${sequence}`, { sequence, quantity, total: 20 * quantity })],
    };
  }

  /** An edit takes effect at once, with the proration that is charged for it. */
  addsUnit(sequence: number): Step {
    const quantity = this.#cast.quantity + 1;
    const data = { ...this.#state({ state: 'active', sequence }), quantity };
    const updated = this.#event('subscription.updated', data);
    const proration = {
      proratedItemProratedCharge: 20 * quantity,
      proratedItemCreditAmount: 20 * (quantity - 1),
    };
    return {
      title: `the customer wants ${quantity}, and pays the difference`,
      events: [updated, this.#charge('P1', { sequence, quantity, total: 20, ...proration })],
    };
  }

  /** A charge has an order of its own. */
  #charge(
    name: string,
    { sequence, quantity, total, ...amounts }: { sequence: number; quantity: number; total: number },
  ): object {
    const item = {
      product: this.#cast.paths[0],
      quantity,
      subtotal: total,
      discount: 0,
      isSubscription: true,
      subscription: this.#subscription,
      fulfillments: {},
      ...amounts,
    };
    const id = `${this.#order}-${name}`;
    return this.#event('subscription.charge.completed', {
      order: { id, order: id, reference: `${this.#order}${name}`, currency: 'EUR', total, items: [item] },
      currency: 'EUR',
      total,
      status: 'successful',
      timestamp: this.#time.at + 1000,
      sequence,
      subscription: { ...this.#state({ state: 'active', sequence }), quantity },
    });
  }

  fallsOverdue(): Step {
    const data = this.#state({ state: 'overdue', sequence: 1 });
    return { title: 'a payment is overdue', events: [this.#event('subscription.payment.overdue', data)] };
  }

  cancels(sequence: number): Step {
    const data = { ...this.#state({ state: 'canceled', sequence }), ...this.#ends(sequence) };
    return {
      title: 'the customer cancels: paid until the end',
      events: [this.#event('subscription.canceled', data)],
    };
  }

  deactivates(sequence: number): Step {
    const data = {
      ...this.#state({ state: 'deactivated', sequence }),
      ...this.#ends(sequence),
      active: false,
    };
    return { title: 'the subscription ends', events: [this.#event('subscription.deactivated', data)] };
  }

  returns(): Step {
    const total = 20 * this.#cast.quantity;
    const data = {
      return: `${this.#order}-return`,
      reference: `${this.#order}X`,
      live: false,
      currency: 'EUR',
      totalReturn: total,
      tax: 0,
      subtotal: total,
      type: 'RETURN',
      original: { id: `${this.#order}-id`, order: `${this.#order}-id`, reference: this.#order, total },
      items: [
        {
          product: this.#cast.paths[0],
          quantity: this.#cast.quantity,
          refundType: 'Full Refund',
          subtotal: total,
        },
      ],
    };
    return { title: 'the money goes back', events: [this.#event('return.created', data)] };
  }

  chargesBack(): Step {
    const data = {
      id: `${this.#order}-cb`,
      order: `${this.#order}-id`,
      processorCaseId: `${this.#order}-case`,
      status: 'NEW',
      chargebackAmount: 20 * this.#cast.quantity,
      currency: 'EUR',
      reasonDescription: 'FRAUDULENT',
    };
    return { title: 'the bank takes the money back', events: [this.#event('chargeback.created', data)] };
  }

  #asks(title: string, reference: string, more: Readonly<Record<string, string>>): Step {
    const request = {
      reference,
      product: this.#cast.paths[0],
      quantity: String(this.#cast.quantity),
      name: 'Ada Byron',
      email: 'ada@example.com',
      test: 'true',
      ...(reference !== this.#order && { subscriptionReference: this.#subscription }),
      ...more,
    };
    return { title, product: this.#cast.products[0], request };
  }

  #state({ state, sequence }: { state: string; sequence: number }) {
    const nextCharge = this.#time.day(sequence * this.#cast.period);
    return {
      id: this.#subscription,
      subscription: this.#subscription,
      state,
      active: true,
      isPauseScheduled: false,
      adhoc: false,
      autoRenew: true,
      live: false,
      product: this.#cast.paths[0],
      quantity: this.#cast.quantity,
      sequence,
      next: nextCharge,
      nextChargeDate: nextCharge,
      initialOrderReference: this.#order,
    };
  }

  /** The last paid day: the day before the next charge. */
  #ends(sequence: number) {
    const last = this.#time.day(sequence * this.#cast.period - 1);
    return { nextChargeDate: null, canceledDate: this.#time.at, deactivationDate: last };
  }

  #event(type: string, data: object): object {
    this.#time.tick();
    this.#told += 1;
    return {
      id: `sim-${this.#cast.run}-${this.#told}`,
      processed: false,
      created: this.#time.at,
      type,
      live: false,
      data,
    };
  }
}
