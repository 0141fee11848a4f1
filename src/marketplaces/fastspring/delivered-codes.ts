/** The license codes that FastSpring delivered: for an order, a rebill or a subscription (32, 53). */
import { findCodes } from '../../license-code/find-codes.ts';
import { isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import type { Reading } from './told.ts';

/** Each code once. A text can contain several. */
export function codesOf({ type, data }: Reading): string[] {
  const texts = fulfilled(type, data).flatMap(licenseTexts);
  return [...new Set(texts.flatMap((text) => findCodes(text)))];
}

/** Every object in an event of this type that has `fulfillments`. */
function fulfilled(type: string, data: Loose): readonly Loose[] {
  if (type === 'order.completed') return listOf(data['items']);
  if (!type.startsWith('subscription.')) return [];
  const charged = type.endsWith('.charge.completed') ? listOf(recordOf(data['order'])['items']) : [];
  if (type.startsWith('subscription.group.')) return [...charged, ...listOf(data['subscriptions'])];
  const within = data['subscription'];
  return [...charged, isRecord(within) ? within : data];
}

/** Arrays of licenses and files, beside the text `instructions`. */
function licenseTexts({ fulfillments }: Loose): string[] {
  return Object.values(recordOf(fulfillments))
    .flatMap((entries) => listOf(entries))
    .flatMap((entry) => textOf(entry['license']) ?? []);
}
