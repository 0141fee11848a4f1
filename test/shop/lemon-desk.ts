/** Lemon Squeezy's events: orders, subscriptions and their invoices. Nobody is asked for a license. */
import {
  invoice,
  order,
  type SoldItem,
  subscription as stateOf,
} from '../../src/marketplaces/lemon-squeezy/shapes.ts';
import type { Desk } from './billing-subscriptions.ts';
import { type Charge, isWhollyBack, type Subscription } from './books.ts';
import { addDays, dayOf, midnight } from './calendar.ts';
import type { LemonSetup } from './lemon-story.ts';
import { Till } from './till.ts';
import { variantOf, type Ware } from './wares.ts';

const CENTS = 100;

/** In the words of Paddle Billing's desk, which the subscriptions' schedule uses. */
const NAMES: Readonly<Record<string, string>> = {
  created: 'created',
  paused: 'paused',
  resumed: 'unpaused',
  canceled: 'expired',
};

const STATUSES: Readonly<Record<string, string>> = { trialing: 'on_trial', canceled: 'expired' };

export class LemonDesk extends Till implements Desk {
  readonly #setup: LemonSetup;
  readonly #changes = new Set<Charge>();

  constructor(setup: LemonSetup) {
    super();
    this.#setup = setup;
  }

  /** An order, or an invoice of a subscription. */
  names(kind: Charge['kind']): Pick<Charge, 'reference' | 'id' | 'kind' | 'at'> {
    const id = String(Number(this.number()));
    return { reference: kind === 'first' ? id : `invoice-${id}`, id, kind, at: this.now };
  }

  subscriptionName(): string {
    return String(Number(this.number()));
  }

  event(type: string, dataAt: (at: number) => object) {
    const at = this.tick();
    this.calls.push({ kind: 'event', at, id: `call ${this.number()}`, type, data: { ...dataAt(at) } });
  }

  /** What was paid; a first charge is an order, and the first invoice of its subscription beside it. */
  completed(charge: Charge, origin: string, of: Subscription | undefined) {
    if (origin === 'web') {
      this.tellOrder('order_created', charge);
      if (of !== undefined) this.tellInvoice('success', charge, of);
      return;
    }
    if (of === undefined) return;
    if (origin === 'subscription_update') this.#changes.add(charge);
    if (this.#setup.noise) this.tellInvoice('recovered', charge, of);
    this.tellInvoice('success', charge, of);
  }

  /** A renewal that could not be charged. */
  failed(subscription: Subscription) {
    const id = Number(this.number());
    const { ware, quantity } = subscription;
    const told = { id, subscription: Number(subscription.id), reason: 'renewal', status: 'pending' };
    const total = ware.price * quantity * CENTS;
    this.event('subscription_payment_failed', (at) => invoice({ ...told, total, createdAt: at, at }));
    this.state('past_due', subscription, 'past_due');
  }

  tellOrder(type: string, charge: Charge) {
    const [item] = charge.items;
    if (item === undefined) return;
    const { ware, quantity, net, subscription } = item;
    // Nothing to pay: a trial, or a coupon of 100 %.
    const isCoupon = net === 0 && subscription === undefined;
    const discount = isCoupon ? ware.price * quantity * CENTS : 0;
    const price = isCoupon ? ware.price * CENTS : Math.round((charge.total / quantity) * CENTS);
    const sold = soldItem(ware, quantity, price);
    const status = charge.isJudged ? 'fraudulent' : statusOf(charge);
    const told = { id: Number(charge.reference), status, createdAt: charge.at, discount };
    this.event(type, (at) => order({ ...told, items: [sold], at, refunded: centsOf(charge.back) }));
  }

  tellInvoice(type: string, charge: Charge, of: Subscription) {
    const { kind, id, at: createdAt, total, back } = charge;
    const isFirst = kind === 'first';
    const told = {
      // The first invoice has an id of its own, which may be that of another order.
      id: isFirst ? Number(id) + 1 : Number(id),
      subscription: Number(of.id),
      reason: isFirst ? 'initial' : this.#changes.has(charge) ? 'updated' : 'renewal',
      status: statusOf(charge),
      total: centsOf(total),
      refunded: centsOf(back),
      createdAt,
    };
    this.event(`subscription_payment_${type}`, (at) => invoice({ ...told, at }));
  }

  state(type: string, subscription: Subscription, status: string, more: Parameters<Desk['state']>[3] = {}) {
    const { until = subscription.next, scheduled } = more;
    const today = dayOf(this.now);
    const isCancelled = scheduled?.action === 'cancel';
    const isTrial = status === 'trialing';
    const renews = status === 'past_due' ? addDays(today, 3) : until;
    const ends = isCancelled ? scheduled.on : status === 'canceled' ? (subscription.endedOn ?? today) : null;
    const moment = (day: string | null) => (day === null ? null : midnight(day));
    const known = {
      id: Number(subscription.id),
      order: Number(subscription.reference),
      item: {
        ...soldItem(subscription.ware, subscription.quantity, subscription.ware.price * CENTS),
        quantity: isTrial && this.#setup.hidesTrials ? null : subscription.quantity,
      },
      status: isCancelled ? 'cancelled' : (STATUSES[status] ?? status),
      createdAt: midnight(today),
      renewsAt: moment(renews),
      endsAt: moment(ends),
      trialEndsAt: isTrial ? moment(until) : null,
      pause: status === 'paused' ? { mode: 'void', resumes_at: null } : null,
    };
    const name = isCancelled ? 'cancelled' : (NAMES[type] ?? 'updated');
    this.event(`subscription_${name}`, (at) => stateOf({ ...known, at }));
    if (this.#setup.noise && name !== 'updated') {
      this.event('subscription_updated', (at) => stateOf({ ...known, at }));
    }
  }
}

function soldItem(ware: Ware, quantity: number, price: number): SoldItem {
  const variant = variantOf(ware);
  return { id: variant * 10, variant, product: 1, quantity, price };
}

/** A part is told with `paid`, as in the vendor's example. */
function statusOf(charge: Charge): string {
  return isWhollyBack(charge) ? 'refunded' : 'paid';
}

function centsOf(euros: number): number {
  return Math.round(euros * CENTS);
}
