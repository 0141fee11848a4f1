/** Transactions, subscriptions and adjustments in the shapes that Paddle Billing sends. */

export interface SoldItem {
  readonly price: string;
  readonly quantity: number;
  /** Minor units of one. */
  readonly amount: number;
  readonly isRecurring: boolean;
  /** Days of the trial. */
  readonly trial?: number;
}

const CYCLE = { interval: 'month', frequency: 1 };

export const iso = (at: number): string => new Date(at).toISOString();

function priceOf({ price, isRecurring, trial }: SoldItem): object {
  return {
    id: price,
    product_id: price.replace(/^pri_/, 'pro_'),
    name: 'Simulated',
    billing_cycle: isRecurring ? CYCLE : null,
    trial_period: trial === undefined ? null : { interval: 'day', frequency: trial },
    custom_data: null,
  };
}

export interface TransactionTold {
  readonly id: string;
  readonly origin: string;
  readonly subscription: string | null;
  readonly items: readonly SoldItem[];
  readonly at: number;
  /** The end of the paid period, milliseconds since 1970-01-01. */
  readonly until: number | null;
  readonly status?: string;
  readonly isFree?: boolean;
}

export function transaction(told: TransactionTold): object {
  const { id, origin, subscription, items, at, until, status = 'completed', isFree = false } = told;
  const lines = items.map((item, place) => {
    const amount = isFree ? 0 : item.amount * item.quantity;
    return {
      id: itemId(id, place),
      price_id: item.price,
      quantity: item.quantity,
      totals: { subtotal: String(amount), discount: '0', tax: '0', total: String(amount) },
    };
  });
  const sum = String(lines.reduce((all, { totals }) => all + Number(totals.total), 0));
  const totals = {
    subtotal: sum,
    discount: '0',
    tax: '0',
    total: sum,
    credit: '0',
    balance: '0',
    grand_total: sum,
  };
  return {
    id,
    status,
    origin,
    subscription_id: subscription,
    customer_id: 'ctm_simulated',
    collection_mode: 'automatic',
    currency_code: 'EUR',
    billed_at: iso(at),
    updated_at: iso(at),
    billing_period: until === null ? null : { starts_at: iso(at), ends_at: iso(until) },
    items: items.map((item) => ({
      price: priceOf(item),
      price_id: item.price,
      quantity: item.quantity,
      proration: null,
    })),
    details: { totals: { ...totals, currency_code: 'EUR' }, line_items: lines },
    // Paddle's events have only the customer's id; its API includes the customer where asked to.
    customer: { id: 'ctm_simulated', name: 'Ada Byron', email: 'ada@example.com' },
  };
}

/** The id of an item of a transaction. */
export function itemId(transactionId: string, place: number): string {
  return `txnitm_${transactionId.slice('txn_'.length)}_${place}`;
}

export interface SubscriptionTold {
  readonly id: string;
  readonly status: string;
  readonly items: readonly SoldItem[];
  readonly at: number;
  /** The end of the current period, milliseconds since 1970-01-01. */
  readonly until: number | null;
  /** The transaction that made it: in `subscription.created` only. */
  readonly transaction?: string;
  readonly scheduled?: { readonly action: string; readonly at: number };
}

export function subscription(told: SubscriptionTold): object {
  const { id, status, items, at, until, transaction: sale, scheduled } = told;
  const isOver = status === 'canceled';
  return {
    id,
    status,
    ...(sale !== undefined && { transaction_id: sale }),
    customer_id: 'ctm_simulated',
    collection_mode: 'automatic',
    updated_at: iso(at),
    canceled_at: isOver ? iso(at) : null,
    paused_at: status === 'paused' ? iso(at) : null,
    next_billed_at: until === null ? null : iso(until),
    current_billing_period: until === null ? null : { starts_at: iso(at), ends_at: iso(until) },
    scheduled_change:
      scheduled === undefined
        ? null
        : { action: scheduled.action, effective_at: iso(scheduled.at), resume_at: null },
    billing_cycle: CYCLE,
    items: items
      .filter(({ isRecurring }) => isRecurring)
      .map((item) => ({
        price: priceOf(item),
        quantity: item.quantity,
        status: status === 'paused' ? 'inactive' : status === 'trialing' ? 'trialing' : 'active',
        recurring: true,
      })),
  };
}

export interface AdjustmentTold {
  readonly id: string;
  readonly transaction: string;
  readonly action: string;
  readonly status: string;
  readonly type: 'full' | 'partial' | undefined;
  readonly at: number;
  /** Minor units. */
  readonly items: readonly { readonly item: string; readonly type: string; readonly amount: number }[];
}

export function adjustment(told: AdjustmentTold): object {
  const { id, transaction: of, action, status, type, at, items } = told;
  const total = String(items.reduce((sum, { amount }) => sum + amount, 0));
  return {
    id,
    action,
    status,
    ...(type !== undefined && { type }),
    transaction_id: of,
    customer_id: 'ctm_simulated',
    currency_code: 'EUR',
    updated_at: iso(at),
    totals: { subtotal: total, tax: '0', total, currency_code: 'EUR' },
    items: items.map(({ item, type: kind, amount }) => ({
      item_id: item,
      type: kind,
      amount: String(amount),
      totals: { subtotal: String(amount), tax: '0', total: String(amount) },
    })),
  };
}
