/** Sales at Paddle Classic: orders with refunds and disputes, Separate Multibuy, subscriptions. */
import { saleFields, signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import { pick, type Tools } from '../proof.ts';
import { type Call, SALES_DAY, type Sale, type Signing } from './sale.ts';

type Fields = Readonly<Record<string, string>>;

function paddleRequest(product: string, number: number, quantity: number, { paddle }: Signing, tools: Tools) {
  const at = SALES_DAY + 10 * 3_600_000;
  const order = orderOf(number);
  const fields = saleFields({
    product: '1',
    order,
    quantity,
    name: 'Ada Byron',
    email: 'ada@example.com',
    at,
  });
  return {
    kind: 'request',
    round: 0,
    path: `/fulfillment/paddle-classic/${product}`,
    form: signForm(fields, paddle),
    method: tools.random() < 0.3 ? 'GET' : 'POST',
    name: order,
  } as const;
}

function orderOf(number: number): string {
  return String(100_000 + number);
}

/** A minute apart, with alert ids of their own. */
function paddleAlerts(
  number: number,
  { paddle }: Signing,
  alerts: readonly (readonly [string, Fields])[],
): Call[] {
  return alerts.map(([alert_name, fields], place) => {
    const event_time = `2026-11-20 10:${String(place + 1).padStart(2, '0')}:00`;
    const alert_id = String(number * 100 + place);
    return {
      kind: 'alert',
      round: 0,
      form: signForm({ alert_id, alert_name, event_time, ...fields }, paddle),
    };
  });
}

export function paddleOrder(number: number, signing: Signing, tools: Tools): Sale {
  const product = tools.random() < 0.7 ? 'app' : 'team';
  const quantity = 1 + pick(4, tools);
  const order_id = orderOf(number);
  const back = (refund_type: string, units: number) =>
    ['payment_refunded', { order_id, refund_type, quantity: String(units) }] as const;
  const dispute = ['payment_dispute_created', { order_id }] as const;
  const review = (name: string, status: string) =>
    [`high_risk_transaction_${name}`, { case_id: `c${order_id}`, order_id, status }] as const;
  const endings = [
    [],
    [review('created', 'pending'), review('updated', 'accepted')],
    [review('created', 'pending'), review('updated', 'rejected'), back('full', quantity)],
    [back('partial', 1)],
    [back('partial', 1), back('vat', quantity), back('partial', 1)],
    [back('full', quantity)],
    [dispute],
    [dispute, ['payment_dispute_closed', { order_id }] as const],
    [back('partial', 1), dispute, ['payment_dispute_closed', { order_id }] as const],
  ];
  const paid = ['payment_succeeded', { order_id, quantity: String(quantity) }] as const;
  const ending = endings[pick(endings.length, tools)] ?? [];
  return {
    order: order_id,
    units: { [product]: product === 'team' ? 1 : quantity },
    apart: undefined,
    calls: [
      paddleRequest(product, number, quantity, signing, tools),
      ...paddleAlerts(number, signing, [paid, ...ending]),
    ],
  };
}

/** Separate Multibuy: one request per unit, all with the same bytes. */
export function paddleUnits(number: number, signing: Signing, tools: Tools): Sale {
  const quantity = 2 + pick(2, tools);
  const order_id = orderOf(number);
  const request = paddleRequest('single', number, quantity, signing, tools);
  const back = { order_id, refund_type: 'partial', quantity: '1' };
  return {
    order: order_id,
    units: { single: quantity },
    apart: quantity,
    calls: [
      ...Array<Call>(quantity).fill(request),
      ...paddleAlerts(number, signing, [
        ['payment_succeeded', { order_id, quantity: String(quantity) }],
        ...(tools.random() < 0.5 ? [['payment_refunded', back] as const] : []),
      ]),
    ],
  };
}

export function paddleSubscription(number: number, signing: Signing, tools: Tools): Sale {
  const order_id = orderOf(number);
  const subscription = { subscription_id: `7${order_id}`, status: 'active' };
  const first = { ...subscription, order_id, initial_payment: '1', next_bill_date: '2026-12-20' };
  const second = {
    ...subscription,
    order_id: `${order_id}-2`,
    initial_payment: '0',
    next_bill_date: '2027-01-20',
  };
  const life: (readonly [string, Fields])[] = [
    ['subscription_created', { ...subscription, next_bill_date: '2026-12-20' }],
    ['subscription_payment_succeeded', first],
    ['subscription_payment_failed', { ...subscription, status: 'past_due', order_id: `${order_id}-2` }],
    ['subscription_payment_succeeded', second],
    [
      'subscription_cancelled',
      { ...subscription, status: 'deleted', cancellation_effective_date: '2027-01-19' },
    ],
    ['subscription_payment_refunded', { ...second, refund_type: 'full' }],
  ];
  return {
    order: order_id,
    units: { plan: 1 },
    apart: undefined,
    calls: [
      paddleRequest('plan', number, 1, signing, tools),
      ...paddleAlerts(number, signing, life.slice(0, 2 + pick(5, tools))),
    ],
  };
}
