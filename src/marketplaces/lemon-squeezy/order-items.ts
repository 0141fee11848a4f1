/**
 * The items of an order. Its events show the first alone, so all of them are fetched with the seller's API key
 * (GET /v1/order-items?filter[order_id]=…).
 */
import { amountOf, type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';

/** An order item: its id is missing in old shapes. */
export interface OrderItem {
  readonly id: string | undefined;
  /** The variant's id: the name of the line. */
  readonly variant: string;
  readonly product: string | undefined;
  readonly quantity: number;
}

/** Undefined: it names no variant. Without a quantity, as in the documented example, it is one; with 0, as usage has it, too. */
export function itemOf(source: Loose, id = source['id']): OrderItem | undefined {
  const variant = textOf(source['variant_id']);
  if (variant === undefined) return undefined;
  const quantity = Math.trunc(numberOf(source['quantity']) ?? 1) || 1;
  return { id: textOf(id), variant, product: textOf(source['product_id']), quantity };
}

/** Of what was fetched; undefined: it is no list of items. */
export function fetchedItems(fetched: unknown, first: OrderItem | undefined): readonly OrderItem[] {
  const items = listOf(recordOf(fetched)['data']).flatMap(
    (source) => itemOf(recordOf(source['attributes']), source['id']) ?? [],
  );
  if (first === undefined || first.id !== undefined) return items;
  // In the old shape the first item has no id, and must not be sold twice.
  const place = items.findIndex(({ variant }) => variant === first.variant);
  return items.map((item, own) => (own === place ? { ...item, id: undefined } : item));
}

/** More than rounding: an order of one item costs its price, whether that is of a unit or of all. */
const ROUNDING = 1.02;

/** Whether the order costs more than its first item. It is a hint, no proof: not every price is documented. */
export function seemsToHaveMore(attributes: Loose): boolean {
  const first = recordOf(attributes['first_order_item']);
  const [subtotal, price] = [amountOf(attributes['subtotal']), amountOf(first['price'])];
  if (subtotal === undefined || price === undefined) return false;
  const units = Math.max(1, numberOf(first['quantity']) ?? 1);
  return subtotal > (price * units + (amountOf(attributes['setup_fee']) ?? 0)) * ROUNDING;
}
