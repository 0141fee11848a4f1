/** Alerts of payments: of orders and of subscriptions. */
import type { CoveredLine, FactBody } from '../../domain/facts/fact.ts';
import { orderOf } from '../../domain/values/order-subject.ts';
import { type Alert, flagged, note, orderIn, subscriptionIn, type Told } from './alert.ts';
import { amountIn, countIn, currencyIn, dayIn, isTrue } from './values.ts';

/** `payment_succeeded`: product, units and amount of the order. */
export function confirmed(alert: Alert): Told[] {
  const { field } = alert;
  const order = orderIn(alert);
  if (order === undefined) return [];
  const quantity = countIn(field('quantity'));
  const line = field('product_id') ?? '';
  const money = moneyOf(alert);
  if (quantity === undefined) {
    const why = alert.findProduct(line) === undefined ? 'unclear' : 'undelivered';
    const fault = flagged(`a payment for product ${line} without a readable quantity`, why);
    return money === undefined
      ? [{ subject: order, body: fault }]
      : [
          { subject: order, key: keyOf('charged', order), body: { kind: 'charged', ...money } },
          { subject: order, body: fault },
        ];
  }
  const product = alert.findProduct(line)?.id ?? null;
  return [
    {
      subject: order,
      key: keyOf('confirmed', order),
      body: { kind: 'confirmed', quantity, line, product, ...money },
    },
  ];
}

/** `subscription_payment_succeeded`: a charge of a subscription, also the first at the start of a trial. */
export function paid(alert: Alert): Told[] {
  const { field } = alert;
  const subscription = subscriptionIn(alert);
  if (subscription === undefined) return [];
  const order = orderIn(alert);
  const until = dayIn(field('next_bill_date')) ?? null;
  const status = field('status');
  const money = moneyOf(alert);
  const free = status === 'trialing' || money?.total === 0;
  const isFirst = isTrue(field('initial_payment'));
  const covered = coveredBy(alert);
  const body: FactBody = {
    kind: 'paid',
    until,
    sequence: null,
    ...(order !== undefined && { charge: order }),
    ...money,
    ...(isFirst && { part: 'first' as const }),
    ...(isFirst && covered !== undefined && { covers: [covered] }),
    ...(free && { free: true as const }),
  };
  return [
    ...tie(alert),
    // A trial's start and its first charge are two facts, in case they share an order.
    {
      subject: subscription,
      body,
      ...(order !== undefined && { key: keyOf(free ? 'free' : 'paid', order) }),
    },
    // Plan and quantity take effect at once, by `subscription_updated`. A payment within a period may name the
    // units that it charges, such as those that were added, or 1 of a one-off charge.
    ...(isFirst || covered === undefined
      ? []
      : [
          {
            subject: subscription,
            body: { kind: 'resized' as const, ...covered, paidTo: until },
            ...(order !== undefined && { key: keyOf('plan', order) }),
          },
        ]),
    ...unreadable(alert).map((fault) => ({ subject: subscription, body: fault })),
    ...(status === 'deleted' ? [{ subject: subscription, body: ending(until) }] : []),
  ];
}

/**
 * The order of a subscription's charge: the licenses of the first order follow the subscription; a later order is a
 * charge of it and has no licenses of its own.
 */
export function tie(alert: Alert): Told[] {
  const order = orderIn(alert);
  const subscription = subscriptionIn(alert);
  const id = alert.field('subscription_id');
  if (order === undefined || subscription === undefined || id === undefined) return [];
  const body: FactBody = isTrue(alert.field('initial_payment'))
    ? { kind: 'linked', subscription: id }
    : { kind: 'alias', of: subscription };
  return [{ subject: order, key: keyOf('tie', order), body }];
}

/** A payment of an ended subscription pays its own period, and never restarts the subscription. */
function ending(until: string | null): FactBody {
  return until === null ? note('the subscription is deleted') : { kind: 'canceled', last: until };
}

function keyOf(kind: string, order: `order:${string}`): string {
  return `${kind}:${orderOf(order) ?? order}`;
}

function coveredBy({ field, findProduct }: Alert): CoveredLine | undefined {
  const line = field('subscription_plan_id');
  const quantity = countIn(field('quantity'));
  if (line === undefined || quantity === undefined) return undefined;
  return { line, product: findProduct(line)?.id ?? null, quantity };
}

function unreadable({ field, findProduct }: Alert): FactBody[] {
  const quantity = field('quantity');
  if (quantity === undefined || countIn(quantity) !== undefined) return [];
  const isSale =
    isTrue(field('initial_payment')) && findProduct(field('subscription_plan_id') ?? '') !== undefined;
  const why = isSale ? 'undelivered' : 'unmapped';
  return [flagged('a payment for a quantity that is not a number of units', why)];
}

/** `sale_gross` and its currency; undefined for an unreadable sum. */
function moneyOf({ field }: Alert): { readonly total: number; readonly currency: string | null } | undefined {
  const total = amountIn(field('sale_gross'));
  return total === undefined ? undefined : { total, currency: currencyIn(field('currency')) };
}
