/** Plays FastSpring: tells whole lives of licenses in its own shapes. */

export type Story = 'subscription' | 'refund' | 'bundle' | 'chargeback' | 'overdue';

export const STORIES: readonly Story[] = ['subscription', 'refund', 'bundle', 'chargeback', 'overdue'];

/** One call of a story, and what a person would say has happened. */
export type Step =
  | { readonly title: string; readonly product: string; readonly request: Readonly<Record<string, string>> }
  | { readonly title: string; readonly events: readonly object[] };

export interface Cast {
  /** Paths of products; `bundle` sells all of them, the others the first. */
  readonly paths: readonly [string, ...string[]];
  /** Product ids in the same order, for the addresses of license requests. */
  readonly products: readonly [string, ...string[]];
  readonly quantity: number;
  /** Days from one payment of a subscription to the next. */
  readonly period: number;
  /** Makes the ids of this run differ from those of others. */
  readonly run: string;
  /** When the story begins, milliseconds since 1970-01-01. */
  readonly now: number;
}

const DAY = 86_400_000;

export function stepsOf(story: Story, cast: Cast): Step[] {
  const play = new Play(cast);
  switch (story) {
    case 'subscription':
      return [
        play.buys(),
        play.completes({ subscribed: true }),
        play.charges(2),
        play.rebills(2),
        play.changesQuantity(cast.quantity + 1),
        play.cancels(2),
        play.deactivates(2),
      ];
    case 'refund':
      return [play.buys(), play.completes({}), play.returns()];
    case 'bundle':
      return [play.completes({ all: true })];
    case 'chargeback':
      return [play.buys(), play.completes({}), play.chargesBack()];
    case 'overdue':
      return [play.buys(), play.completes({ subscribed: true }), play.fallsOverdue(), play.charges(2)];
  }
}

class Play {
  readonly #cast: Cast;
  readonly #order: string;
  readonly #subscription: string;
  #at: number;
  #told = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#order = `SIM${cast.run}`;
    this.#subscription = `sub-${cast.run}`;
    this.#at = cast.now;
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
      customer: person,
      recipients: [{ recipient: person }],
      items,
    });
    const activated = this.#event('subscription.activated', this.#state({ state: 'active', sequence: 1 }));
    const title = all ? 'the bundle is paid: each product in it gets its licenses' : 'the order is complete';
    // The way real batches come: what happened last may stand first.
    return { title, events: subscribed ? [activated, completed] : [completed] };
  }

  charges(sequence: number): Step {
    const data = {
      order: { id: `${this.#order}-B${sequence}`, reference: `${this.#order}B${sequence}`, items: [] },
      status: 'successful',
      sequence,
      subscription: this.#state({ state: 'active', sequence }),
    };
    return {
      title: `period ${sequence} is paid`,
      events: [this.#event('subscription.charge.completed', data)],
    };
  }

  changesQuantity(quantity: number): Step {
    const data = { ...this.#state({ state: 'active', sequence: 2 }), quantity };
    return {
      title: `the customer now wants ${quantity}`,
      events: [this.#event('subscription.updated', data)],
    };
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
      totalReturn: total,
      type: 'RETURN',
      original: { id: `${this.#order}-id`, reference: this.#order, total },
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
      status: 'NEW',
      reasonDescription: 'FRAUDULENT',
    };
    return { title: 'the bank takes the money back', events: [this.#event('chargeback.created', data)] };
  }

  #asks(title: string, reference: string, more: Readonly<Record<string, string>>): Step {
    const request = {
      reference,
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
    const nextCharge = this.#day(sequence * this.#cast.period);
    return {
      id: this.#subscription,
      subscription: this.#subscription,
      state,
      active: true,
      live: false,
      product: this.#cast.paths[0],
      quantity: this.#cast.quantity,
      sequence,
      next: nextCharge,
      nextChargeDate: nextCharge,
      initialOrderReference: this.#order,
    };
  }

  /** The last day that is paid: the one before the next charge would have come. */
  #ends(sequence: number) {
    const last = this.#day(sequence * this.#cast.period - 1);
    return { nextChargeDate: null, canceledDate: this.#at, deactivationDate: last };
  }

  /** Midnight UTC, days from the story's beginning. */
  #day(days: number): number {
    return Math.floor(this.#cast.now / DAY) * DAY + days * DAY;
  }

  #event(type: string, data: object): object {
    this.#at += 1000;
    this.#told += 1;
    return {
      id: `sim-${this.#cast.run}-${this.#told}`,
      processed: false,
      created: this.#at,
      type,
      live: false,
      data,
    };
  }
}
