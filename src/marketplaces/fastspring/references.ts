/** References: an id, or the object with webhook expansion. */
import { isRecord, textOf } from '../loose.ts';

/** The id of a reference: a text, or an object with webhook expansion, which has it as `id` and under its own name. */
export function idOf(reference: unknown, kind: 'order' | 'subscription'): string | undefined {
  if (!isRecord(reference)) return textOf(reference);
  return textOf(reference['id']) ?? textOf(reference[kind]);
}

/** The path of a product: a text, or an object with webhook expansion. */
export function pathOf(product: unknown): string | undefined {
  return isRecord(product) ? textOf(product['product']) : textOf(product);
}
