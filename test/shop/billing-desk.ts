/** Paddle Billing's events: transactions, subscriptions and adjustments. Nobody is asked for a license. */
import {
  adjustment,
  itemId,
  type SoldItem,
  subscription as stateOf,
  transaction,
} from '../../src/marketplaces/paddle-billing/shapes.ts';
import type { BillingSetup } from './billing-setup.ts';
import type { Charge, Item, Subscription } from './books.ts';
import { addMonths, type Day, midnight } from './calendar.ts';
import { recurringOf } from './recurring-items.ts';
import { Till } from './till.ts';
import { priceOf } from './wares.ts';

/** Minor units of a euro. Paddle's amounts here have no tax: the books' totals are held against nothing. */
const MINOR = 100;

export interface Adjusted {
  readonly action: string;
  readonly status: string;
  readonly id: string;
  readonly isWhole: boolean;
  readonly items: readonly { readonly place: number; readonly type: string; readonly net: number }[];
}

export class BillingDesk extends Till {
  readonly #setup: BillingSetup;

  constructor(setup: BillingSetup) {
    super();
    this.#setup = setup;
  }

  names(kind: Charge['kind']): Pick<Charge, 'reference' | 'id' | 'kind' | 'at'> {
    const reference = `txn_${this.number()}`;
    return { reference, id: reference, kind, at: this.now };
  }

  subscriptionName(): string {
    return `sub_${this.number()}`;
  }

  event(type: string, dataAt: (at: number) => object) {
    const at = this.tick();
    this.calls.push({ kind: 'event', at, id: `evt_${this.number()}`, type, data: { ...dataAt(at) } });
  }

  /** The steps of a charge, up to its completion. */
  completed(charge: Charge, origin: string, of: Subscription | undefined, until: Day | undefined) {
    const tell = (type: string, status: string, isKnown = true) =>
      this.event(type, (at) =>
        transactionOf(charge, { origin, status, at, of: isKnown ? of : undefined, until }),
      );
    if (this.#setup.noise)
      for (const status of ['created', 'ready', 'paid']) tell(`transaction.${status}`, status, false);
    tell('transaction.completed', 'completed');
    if (this.#setup.repeatsCompleted) tell('transaction.updated', 'completed');
  }

  /** A renewal that could not be charged. */
  failed(subscription: Subscription, isFirst: boolean) {
    const id = `txn_${this.number()}`;
    const items = itemsOf(subscription);
    const told = { id, origin: 'subscription_recurring', subscription: subscription.id, items, until: null };
    if (isFirst) {
      this.event('transaction.past_due', (at) => transaction({ ...told, at, status: 'past_due' }));
    }
    this.event('transaction.payment_failed', (at) => transaction({ ...told, at, status: 'billed' }));
  }

  /** A payment method, which pays for nothing; its period may be the open one. */
  stored(subscription: Subscription) {
    const id = `txn_${this.number()}`;
    const { state, next, ware } = subscription;
    const until = state === 'overdue' ? addMonths(next, ware.every ?? 1) : next;
    const told = { id, origin: 'subscription_payment_method_change', subscription: subscription.id };
    const items = itemsOf(subscription);
    this.event('transaction.completed', (at) =>
      transaction({ ...told, items, at, until: midnight(until), isFree: true }),
    );
  }

  state(
    type: string,
    subscription: Subscription,
    status: string,
    more: {
      readonly until?: Day | null;
      readonly sale?: string;
      readonly scheduled?: { readonly action: string; readonly on: Day } | undefined;
    } = {},
  ) {
    const { until = subscription.next, sale, scheduled } = more;
    this.event(`subscription.${type}`, (at) =>
      stateOf({
        id: subscription.id,
        status,
        items: itemsOf(subscription),
        at,
        until: until === null ? null : midnight(until),
        ...(sale !== undefined && { transaction: sale }),
        ...(scheduled && { scheduled: { action: scheduled.action, at: midnight(scheduled.on) } }),
      }),
    );
  }

  adjust(type: string, charge: Charge, { action, status, id, isWhole, items }: Adjusted) {
    const named = items.map(({ place, type: kind, net }) => ({
      item: itemId(charge.reference, place),
      type: kind,
      amount: net * MINOR,
    }));
    const told = { id, transaction: charge.reference, action, status, items: named };
    const kind = !this.#setup.typesAdjustments ? undefined : isWhole ? 'full' : 'partial';
    this.event(`adjustment.${type}`, (at) => adjustment({ ...told, type: kind, at }));
  }
}

function itemsOf(subscription: Subscription): readonly SoldItem[] {
  const trial = subscription.state === 'trial' ? { trial: TRIAL_DAYS } : {};
  return recurringOf(subscription).map(({ ware, quantity }) => ({
    price: priceOf(ware),
    quantity,
    amount: ware.price * MINOR,
    isRecurring: true,
    ...trial,
  }));
}

export const TRIAL_DAYS = 14;

function soldItem(item: Item, { kind }: Charge): SoldItem {
  const { ware, quantity, net, subscription } = item;
  const isTrial = kind === 'first' && subscription !== undefined && net === 0;
  return {
    price: priceOf(ware),
    quantity,
    amount: (net / quantity) * MINOR,
    isRecurring: subscription !== undefined,
    ...(isTrial && { trial: TRIAL_DAYS }),
  };
}

/** Paddle's own events have no customer. */
function transactionOf(
  charge: Charge,
  told: {
    readonly origin: string;
    readonly status: string;
    readonly at: number;
    readonly of: Subscription | undefined;
    readonly until: Day | undefined;
  },
): object {
  const { origin, status, at, of, until } = told;
  const data = transaction({
    id: charge.reference,
    origin,
    status,
    at,
    subscription: of?.id ?? null,
    items: charge.items.map((item) => soldItem(item, charge)),
    until: of === undefined || until === undefined ? null : midnight(until),
  });
  return { ...data, customer: undefined };
}
