/** What is read of a sale as the API has it, and kept beside the ping. */
import { booleanOf, isRecord, type Loose, recordOf, textOf } from '../loose.ts';

const KEPT = [
  'id',
  'order_id',
  'created_at',
  'product_id',
  'product_permalink',
  'has_variants',
  'variants',
  'quantity',
  'price',
  'purchase_email',
  'email',
  'full_name',
  'refunded',
  'partially_refunded',
  'disputed',
  'dispute_won',
  'chargedback',
  'subscription_id',
  'subscription_duration',
  'is_recurring_billing',
  'recurring_charge',
  'is_upgrade_purchase',
  'free_trial_ends_on',
  'free_trial_ended',
  'cancelled',
  'dead',
  'ended',
  'is_gift_sender_purchase',
  'is_gift_receiver_purchase',
  'is_bundle_purchase',
  'is_bundle_product_purchase',
  'is_additional_contribution',
] as const;

export function keptOf(sale: Loose): Loose {
  const kept = KEPT.flatMap((name) => (sale[name] === undefined ? [] : [[name, sale[name]]]));
  // That there is a discount is read, and not which.
  return Object.fromEntries([...kept, ...(isDiscounted(sale) ? [['offer_code', {}]] : [])]);
}

export function isDiscounted(sale: Loose): boolean {
  return isRecord(sale['offer_code']);
}

/** Of a sale or a ping: what is not stated is not so. */
export function is(told: Loose, name: string): boolean {
  return booleanOf(told[name]) === true;
}

/** The names of the chosen options, in the order of their kinds. */
export function optionsOf(sale: Loose): readonly string[] {
  return Object.entries(recordOf(sale['variants']))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, option]) => textOf(option) ?? []);
}
