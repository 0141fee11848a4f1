/** The buyer: the only personal data that is read. */
import type { MarketplaceEvent } from '../../domain/facts/event.ts';
import { customerOf } from '../person.ts';
import { type Alert, orderIn } from './alert.ts';
import { isTrue } from './values.ts';

/**
 * The buyer of an order that can lack a fulfillment request, since somebody has to get its licenses. Not for products
 * that no file names.
 */
export function buyersOf(alert: Alert): MarketplaceEvent['people'] {
  const line = soldIn(alert);
  if (line === undefined || alert.findProduct(line) === undefined) return [];
  const subject = orderIn(alert);
  if (subject === undefined) return [];
  const name = alert.field('customer_name');
  const email = alert.field('email');
  return name === undefined && email === undefined ? [] : [{ subject, customer: customerOf(name, email) }];
}

/** Paddle's id of the product or plan of a first payment. */
function soldIn({ type, field }: Alert): string | undefined {
  if (type === 'payment_succeeded') return field('product_id');
  const isFirst = type === 'subscription_payment_succeeded' && isTrue(field('initial_payment'));
  return isFirst ? field('subscription_plan_id') : undefined;
}
