/** What the origin of a transaction says: whether it is a sale, or of a subscription that was there before. */
import { type Loose, textOf } from '../loose.ts';
import type { Item } from './lines.ts';

/** The items of a checkout or an invoice are sold; of a subscription's later transactions, only what is billed once. */
export function isSoldBy(data: Loose): (item: Item) => boolean {
  const origin = textOf(data['origin']);
  const isFirst = isCheckout(origin, textOf(data['subscription_id']));
  const isNothing = origin === 'subscription_payment_method_change';
  return ({ quantity, isRecurring, isStated, isProration }) =>
    !isNothing && quantity > 0 && !isProration && (isFirst || (isStated && !isRecurring));
}

/** An origin that is not known sells too, unless a subscription was there before. */
export function isCheckout(origin: string | undefined, subscription: string | undefined): boolean {
  if (origin === 'web' || origin === 'api') return true;
  return subscription === undefined && !isKnown(origin);
}

export function isKnown(origin: string | undefined): boolean {
  return origin !== undefined && ORIGINS.has(origin);
}

const ORIGINS: ReadonlySet<string> = new Set([
  'web',
  'api',
  'subscription_recurring',
  'subscription_update',
  'subscription_charge',
  'subscription_payment_method_change',
]);
