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
  /** The item states no quantity. */
  readonly isAssumed: boolean;
  /** Its id, where an item before it is of the same variant, so that each is sold once. */
  readonly again?: string;
}

/** Undefined: it names no variant. Without a quantity, as in the documented example, it is one; with 0, as usage has it, too. */
export function itemOf(source: Loose, id = source['id']): OrderItem | undefined {
  const variant = textOf(source['variant_id']);
  if (variant === undefined) return undefined;
  const stated = Math.trunc(numberOf(source['quantity']) ?? 0);
  const product = textOf(source['product_id']);
  return { id: textOf(id), variant, product, quantity: stated || 1, isAssumed: stated === 0 };
}

/** All items, as fetched; `unread`: how many name no variant. */
export function fetchedItems(
  fetched: unknown,
  first: OrderItem | undefined,
): { readonly items: readonly OrderItem[]; readonly unread: number } {
  const entries = recordOf(fetched)['data'];
  const all = listOf(entries).flatMap((source) => itemOf(recordOf(source['attributes']), source['id']) ?? []);
  // The item that events show comes first; in the old shape it has no id.
  const isFirst = ({ id }: OrderItem) => first?.id !== undefined && id === first.id;
  const items = [...all.filter(isFirst), ...all.filter((item) => !isFirst(item))];
  const seen = new Set<string>();
  const marked = items.map((item) => {
    const isAgain = seen.size === seen.add(item.variant).size;
    return isAgain && item.id !== undefined ? { ...item, again: item.id } : item;
  });
  return { items: marked, unread: Array.isArray(entries) ? entries.length - all.length : 0 };
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
