/** FastSpring's payloads (protocols: fields-fastspring.md), expanded or not. */
import { type Charge, type Item, TAX } from './books.ts';
import { dayOf } from './calendar.ts';

export type Data = Readonly<Record<string, unknown>>;

export interface Person {
  readonly first: string;
  readonly last: string;
  readonly email: string;
}

export const BUYER: Person = { first: 'Ada', last: 'Byron', email: 'ada@example.com' };
export const RECEIVER: Person = { first: 'Grace', last: 'Hopper', email: 'grace@example.com' };

const person = ({ first, last, email }: Person): Data => ({ first, last, email, company: null, phone: null });

/** `order.completed` and its like; `charge.completed` has the same inside. */
export function orderData(charge: Charge, { items = charge.items, receiver = BUYER } = {}): Data {
  const subtotal = items.reduce((sum, { net }) => sum + net, 0);
  return {
    order: charge.id,
    id: charge.id,
    reference: charge.reference,
    buyerReference: null,
    completed: true,
    changed: charge.at,
    live: true,
    currency: 'EUR',
    account: 'account-1',
    total: charge.total,
    tax: charge.total - subtotal,
    subtotal,
    discount: 0,
    payment: { type: charge.total === 0 ? 'free' : 'creditcard' },
    customer: person(BUYER),
    recipients: [{ recipient: person(receiver) }],
    notes: [],
    items: items.map(itemData),
  };
}

function itemData({ ware, quantity, net }: Item): Data {
  return {
    product: ware.path,
    quantity,
    display: ware.path,
    sku: null,
    subtotal: net,
    discount: 0,
    // True on ordinary products too, by captures: means nothing.
    isAddon: true,
    fulfillments: {},
  };
}

export interface Returned {
  readonly item: Item;
  /** 0: by amount. */
  readonly units: number;
  readonly net: number;
  readonly isWhole: boolean;
}

/** `total`: what goes back, tax included. */
export function returnData(charge: Charge, id: string, returned: readonly Returned[]): Data {
  const subtotal = returned.reduce((sum, { net }) => sum + net, 0);
  return {
    return: id,
    quote: null,
    reference: `${charge.reference}X`,
    completed: true,
    live: true,
    account: 'account-1',
    currency: 'EUR',
    totalReturn: subtotal * (1 + TAX),
    tax: subtotal * TAX,
    subtotal,
    reason: 'OTHER',
    note: null,
    type: 'RETURN',
    refundPerformerType: 'sellerApp',
    original: {
      id: charge.id,
      order: charge.id,
      reference: charge.reference,
      account: 'account-1',
      total: charge.total,
      subtotal: charge.items.reduce((sum, { net }) => sum + net, 0),
    },
    customer: person(BUYER),
    items: returned.map(({ item, units, net, isWhole }) => ({
      product: item.ware.path,
      quantity: units,
      display: item.ware.path,
      sku: null,
      subtotal: net,
      // What it is for some units of several is not documented; events before 2023 have none.
      ...(isWhole ? { refundType: 'Full Refund' } : units === 0 && { refundType: 'Partial Refund' }),
    })),
  };
}

export function chargebackData(charge: Charge, at: number): Data {
  return {
    id: charge.id,
    reasonCode: '10.4',
    reasonDescription: 'FRAUDULENT',
    fraudType: 'true',
    creationDate: new Date(at).toUTCString(),
    chargebackAmount: charge.total,
    currency: 'EUR',
    order: charge.id,
    processorCaseId: `case-${charge.id}-${dayOf(at)}`,
    status: 'NEW',
  };
}
