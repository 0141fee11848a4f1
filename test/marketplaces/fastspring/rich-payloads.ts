/** Made-up payloads that have every field, and variants in which a fallback is read. */
import { day, subscription } from './reading.ts';

const attributes = { mintmark_product: 'plan-monthly', mintmark_quantity: '2', mintmark_features: 'sync' };
const fulfillments = {
  instructions: 'Thanks.',
  app_license_0: [{ license: 'x', type: 'license', display: 'License' }],
};
const person = { first: 'Grace', last: 'Hopper', email: 'grace@example.com', company: 'Navy', phone: '1' };
const stranger = { first: null, last: null, email: 'x@example.com', company: 'Navy' };

const WHOLE = {
  ...subscription(),
  attributes,
  fulfillments,
  initialOrderId: 'o1',
  initialOrderReference: 'R1',
  instructions: [{ type: 'trial', periodEndDate: day('2026-12-01') }],
  canceledDate: null,
  addons: [{ product: 'app', quantity: 1 }],
  reason: 'EXPIRED_CARD',
};

/** Other places of the same. */
const ELSEWHERE = {
  ...WHOLE,
  id: undefined,
  nextChargeDate: null,
  attributes: undefined,
  product: { product: 'plan-monthly', parent: 'plan', attributes },
};

const ITEM = {
  product: 'app',
  quantity: 1,
  subtotal: 10,
  discount: 1,
  sku: 'x',
  isAddon: true,
  driver: { type: 'cross-sell', path: 'plan-monthly' },
  attributes,
  fulfillments,
  subscription: WHOLE,
  parentSubscription: 's9',
  proratedItemChangeAmount: 0,
  proratedItemProratedCharge: 0,
  proratedItemCreditAmount: 0,
  proratedItemTaxAmount: 0,
  proratedItemTotal: 0,
};

const ORDER = {
  id: 'o1',
  order: 'o1',
  reference: 'R1',
  live: true,
  completed: true,
  currency: 'EUR',
  total: 0,
  tax: 0,
  subtotal: 0,
  discount: 1,
  payment: { type: 'test' },
  customer: person,
  recipients: [{ recipient: person }, { recipient: stranger }],
  items: [ITEM, { ...ITEM, product: 'team', subscription: null }],
};

const CHARGE = {
  order: { ...ORDER, items: [{ ...ITEM, subscription: 's1' }] },
  subscription: WHOLE,
  currency: 'EUR',
  total: 12,
  status: 'successful',
  timestamp: day('2026-11-19'),
  sequence: 2,
};

const GROUP = {
  ...CHARGE,
  subscription: undefined,
  subscriptions: [WHOLE, 's2'],
  cotermGroupOrderId: 'o9',
  cotermGroupOrderReference: 'R9',
  cotermNextChargeDate: day('2027-01-10'),
  reason: 'DECLINED',
};

const RETURN = {
  return: 'r1',
  id: 'r1',
  reference: 'R1X',
  currency: 'EUR',
  totalReturn: 5,
  tax: 1,
  subtotal: 0,
  type: 'RETURN',
  reason: 'None',
  original: { id: 'o1', order: 'o1', reference: 'R1', total: 20, currency: 'EUR', subscriptions: ['s1'] },
  items: [{ product: 'app', quantity: 1, subtotal: 5, refundType: 'Full Refund', subscription: 's1' }],
};

const CHARGEBACK = {
  id: 'o1',
  order: 'o1',
  reference: 'R1',
  processorCaseId: 'c1',
  status: 'NEW',
  chargebackAmount: 20,
  currency: 'EUR',
};

const FAILED = {
  product: 'app',
  quantity: 1,
  fulfillment: 'app_license_0',
  type: 'license',
  order: 'o1',
  reference: 'R1',
  subscription: 's1',
  reason: 'none left',
};

const kinds = (prefix: string, names: readonly string[], ...data: readonly object[]) =>
  names.flatMap((name) => data.map((each) => ({ type: `${prefix}.${name}`, data: each })));

const STATES = ['active', 'trial', 'overdue', 'canceled', 'deactivated', 'paused'];
const NAMES = ['activated', 'updated', 'canceled', 'uncanceled', 'deactivated', 'paused', 'resumed'];
const QUIET = ['payment.reminder', 'trial.reminder', 'payment.overdue', 'charge.failed'];
const GROUP_NAMES = ['created', 'prorated', 'updated', 'payment.charge.completed', 'payment.charge.failed'];

export const EVENTS: readonly { readonly type: string; readonly data: object }[] = [
  ...kinds('order', ['completed'], { ...ORDER, total: 11, items: [{ ...ITEM, attributes: {} }] }),
  ...kinds('order', ['completed', 'canceled', 'failed'], ORDER, {
    ...ORDER,
    id: undefined,
    customer: stranger,
  }),
  ...kinds(
    'subscription',
    [...NAMES, ...QUIET],
    ELSEWHERE,
    { subscription: WHOLE, reason: 'x' },
    { id: 's1' },
  ),
  ...kinds(
    'subscription',
    NAMES,
    ...STATES.map((state) => ({
      ...WHOLE,
      subscription: undefined,
      state,
      deactivationDate: day('2026-12-19'),
    })),
  ),
  ...kinds('subscription', ['charge.completed'], CHARGE, {
    ...CHARGE,
    total: undefined,
    currency: undefined,
  }),
  ...kinds('subscription.group', [...GROUP_NAMES, 'payment.overdue', 'deactivated'], GROUP, {
    ...GROUP,
    order: undefined,
  }),
  ...kinds('return', ['created'], RETURN, {
    ...RETURN,
    return: undefined,
    id: undefined,
    currency: undefined,
    original: { ...RETURN.original, id: undefined },
  }),
  ...kinds('chargeback', ['created'], CHARGEBACK, { ...CHARGEBACK, processorCaseId: undefined }),
  ...kinds('fulfillment', ['failed'], FAILED),
];

const REQUEST = {
  security_request_hash: 'x',
  reference: 'ACME261120-1234-56789',
  quantity: '1',
  product: 'plan-monthly',
  test: 'false',
  name: 'Grace Hopper',
  email: 'grace@example.com',
};

export const REQUESTS: readonly Readonly<Record<string, string>>[] = [
  REQUEST,
  { ...REQUEST, name: '', company: 'Navy', subscription: 's1', sequence: '0' },
  { ...REQUEST, mintmark_product: 'plan-yearly', mintmark_quantity: '2', mintmark_features: 'sync' },
  { ...REQUEST, subscriptionReference: 's1', trial: 'true', trialEnd: '2026-12-01' },
];
