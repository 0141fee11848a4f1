/** FastSpring's payloads (protocols: fields-fastspring.md). */
import { type Charge, type Item, type Subscription, sum, TAX } from './books.ts';
import { addDays, addMonths, type Day, midnight } from './calendar.ts';
import type { Setup } from './fastspring-setup.ts';
import type { Returned } from './returns.ts';
import { piecesOf, type Ware } from './wares.ts';

export type Data = Readonly<Record<string, unknown>>;

export interface Person {
  readonly first: string;
  readonly last: string;
  readonly email: string;
}

export const BUYER: Person = { first: 'Ada', last: 'Byron', email: 'ada@example.com' };
export const RECEIVER: Person = { first: 'Grace', last: 'Hopper', email: 'grace@example.com' };

const person = ({ first, last, email }: Person): Data => ({ first, last, email, company: null, phone: null });

const timeOf = (day: Day | undefined): number | null => (day === undefined ? null : midnight(day));

/** `order.completed`, and the order in `subscription.charge.completed`. */
export function orderData(
  charge: Charge,
  { receiver = BUYER, subtotalIs = 'after discounts', nest, tellsCodes = false, ...shown }: OrderShown = {},
): Data {
  const net = sum(charge.items.map((item) => item.net));
  const discount = sum(charge.items.map((item) => item.discount));
  const isBefore = subtotalIs === 'before discounts';
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
    tax: charge.total - net,
    subtotal: isBefore ? net + discount : net,
    discount,
    payment: { type: charge.total === 0 ? 'free' : 'creditcard' },
    customer: person(BUYER),
    recipients: [{ recipient: person(receiver) }],
    notes: [],
    items: charge.items.map((item) => ({
      ...itemData(item, charge.kind === 'proration', isBefore, nest),
      fulfillments: tellsCodes ? licenseOf(charge, item) : {},
    })),
    ...shown,
    ...(shown.id !== undefined && { order: shown.id }),
  };
}

/** Members of an event that differ from the books. */
interface OrderShown {
  readonly receiver?: Person;
  readonly subtotalIs?: Setup['subtotalIs'];
  /** Writes the subscriptions of its items; undefined: their ids alone. */
  readonly nest?: ((subscription: Subscription) => Data) | undefined;
  readonly tellsCodes?: boolean;
  readonly id?: string;
  readonly reference?: string | null;
  readonly completed?: false;
  readonly reason?: string;
  readonly recipients?: readonly [];
}

export function failedFulfillmentData(charge: Charge, { ware, subscription }: Item): Data {
  return {
    product: ware.path,
    fulfillment: `${ware.path}_license_0`,
    type: 'license',
    live: true,
    order: charge.id,
    reference: charge.reference,
    account: 'account-1',
    subscription: subscription?.id ?? null,
    reason: 'License generator did not have results.',
  };
}

/** The wire writes the codes, which the shop does not know (fastspring-wire.ts). */
function licenseOf({ reference }: Charge, { ware: { path } }: Item): Data {
  const asked = requestName(reference, path);
  return { [`${path}_license_0`]: [{ display: path, type: 'license', asked }], instructions: 'Thanks' };
}

/** The product's own, which the seller set. */
function attributesOf({ pack, features }: Ware): Data {
  return {
    ...(pack !== undefined && { mintmark_quantity: String(pack) }),
    ...(features && { mintmark_features: features.join() }),
  };
}

/** One request a line of an order. */
export function requestName(reference: string, path: string): string {
  return `${reference} ${path}`;
}

function itemData(
  { ware, named, net, discount, subscription }: Item,
  isProration: boolean,
  isBefore: boolean,
  nest: OrderShown['nest'],
): Data {
  // A downgrade is credited.
  const credit = isProration && net === 0 ? ware.price / 2 : 0;
  const prorated = isProration ? net : 0;
  return {
    product: ware.path,
    quantity: piecesOf(ware, named),
    attributes: attributesOf(ware),
    display: ware.path,
    sku: null,
    subtotal: isBefore ? net + discount : net,
    discount,
    isSubscription: subscription !== undefined,
    // True on ordinary products too, according to captures: no meaning.
    isAddon: true,
    ...(subscription && { subscription: nest?.(subscription) ?? subscription.id }),
    proratedItemChangeAmount: prorated - credit,
    proratedItemCreditAmount: credit,
    proratedItemProratedCharge: prorated,
    proratedItemTaxAmount: prorated * TAX,
    proratedItemTotal: prorated * (1 + TAX),
  };
}

/** Members of an event in addition to the books. */
export interface Shown {
  readonly ware?: Subscription['ware'];
  readonly quantity?: number;
  readonly state?: string;
  readonly deactivationDate?: Day | undefined;
  readonly end?: Day;
  /** With its product whole. */
  readonly nests?: boolean;
}

export function subscriptionData(subscription: Subscription, at: number, shown: Shown = {}): Data {
  const { id, sequence, reference, orderId, state, pause, companion, last, managed, isManual } = subscription;
  const { ware = subscription.ware, quantity = subscription.quantity } = shown;
  const isOver = state === 'ended';
  const next = midnight(managed ? addMonths(subscription.next, 48) : subscription.next);
  return {
    id,
    quote: null,
    subscription: id,
    active: !isOver,
    state: shown.state ?? (isOver ? 'deactivated' : last === undefined ? state : 'canceled'),
    isSubscriptionEligibleForPauseByBuyer: true,
    isPauseScheduled: pause !== undefined && state !== 'paused',
    pauseBillingCycles: 6,
    changed: at,
    live: true,
    currency: 'EUR',
    account: 'account-1',
    product: shown.nests ? { product: ware.path, parent: null, display: { en: ware.path } } : ware.path,
    sku: null,
    display: ware.path,
    quantity: piecesOf(ware, quantity),
    adhoc: managed,
    autoRenew: !isManual,
    price: ware.price * (ware.pack ?? 1),
    discount: 0,
    subtotal: ware.price * quantity,
    attributes: attributesOf(ware),
    next,
    end: timeOf(shown.end),
    canceledDate: last === undefined && !isOver ? null : at,
    deactivationDate: timeOf(shown.deactivationDate ?? (isOver ? undefined : last)),
    sequence,
    periods: isOver ? 0 : null,
    remainingPeriods: isOver ? 0 : null,
    begin: at,
    intervalUnit: 'month',
    intervalLength: ware.every,
    nextChargeDate: isOver ? null : next,
    paymentOverdue: { intervalUnit: 'week', intervalLength: 1, total: 2, sent: subscription.notices },
    addons: companion === undefined ? [] : [{ product: companion.ware.path, quantity: companion.quantity }],
    fulfillments: {},
    instructions: [instruction(subscription)],
    initialOrderId: orderId,
    initialOrderReference: reference,
  };
}

function instruction({ state, next, ware }: Subscription): Data {
  const isTrial = state === 'trial';
  return {
    product: ware.path,
    type: isTrial ? 'trial' : 'regular',
    periodStartDate: midnight(isTrial ? addDays(next, -14) : addMonths(next, -(ware.every ?? 1))),
    periodEndDate: isTrial ? midnight(addDays(next, -1)) : null,
  };
}

/** `subscription.charge.completed`: without webhook expansion its order and its subscription are ids. */
export function chargeData(
  charge: Charge,
  { sequence }: Subscription,
  told: Data | string,
  tellsCodes: boolean,
): Data {
  const isExpanded = typeof told !== 'string';
  return {
    order: isExpanded ? orderData(charge, { tellsCodes }) : charge.id,
    currency: 'EUR',
    quote: null,
    total: charge.total,
    status: 'successful',
    timestamp: charge.at,
    account: isExpanded ? { id: 'account-1' } : 'account-1',
    subscription: told,
    sequence,
    periods: null,
  };
}

export function returnData(
  charge: Charge,
  id: string,
  returned: readonly Returned[],
  unitReturnIs: Setup['unitReturnIs'],
): Data {
  const subtotal = sum(returned.map(({ net }) => net));
  const subscriptions = charge.items.flatMap(({ subscription }) => subscription?.id ?? []);
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
      subtotal: sum(charge.items.map(({ net }) => net)),
      ...(subscriptions.length > 0 && { subscriptions: [...new Set(subscriptions)] }),
    },
    customer: person(BUYER),
    items: returned.map(({ item, units, net, isWhole }) => ({
      product: item.ware.path,
      quantity: piecesOf(item.ware, units),
      display: item.ware.path,
      sku: null,
      subtotal: net,
      ...(item.subscription && { subscription: item.subscription.id }),
      // Events before 2023 have none.
      ...(isWhole || (units > 0 && unitReturnIs === 'Full Refund')
        ? { refundType: 'Full Refund' }
        : units === 0 && { refundType: 'Partial Refund' }),
    })),
  };
}

export function chargebackData(
  charge: Charge,
  at: number,
  { status, amount }: { readonly status: 'NEW' | 'WON' | 'LOST'; readonly amount: number },
  isCaseTold: boolean,
): Data {
  return {
    id: charge.id,
    reasonCode: '10.4',
    reasonDescription: 'FRAUDULENT',
    fraudType: 'true',
    creationDate: new Date(at).toUTCString(),
    chargebackAmount: amount,
    currency: 'EUR',
    order: charge.id,
    processorCaseId: isCaseTold ? `case-${charge.id}` : null,
    status,
  };
}
