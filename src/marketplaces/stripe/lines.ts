/** The lines of a checkout session, an invoice or a subscription: price, product, units. */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { FlagKind } from '../../domain/values/flag.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import { isRecord, type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import type { FindByPrice } from './product-keys.ts';
import { idIn, moneyIn } from './values.ts';

export interface Item {
  /** The price's id: the name of the line. */
  readonly line: string;
  /** Undefined where no product file has the price or its product. */
  readonly product: Product | undefined;
  readonly quantity: number;
  /** Follows the subscription; otherwise billed once. */
  readonly isRecurring: boolean;
  /** A change of the subscription made it, for a part of a period. */
  readonly isProration: boolean;
  /** An item of an invoice beside the subscription. */
  readonly isInvoiceItem: boolean;
  /** Billed by usage, for the period that is over. */
  readonly isMetered: boolean;
  /** Net, in the currency's main unit; undefined: not stated. */
  readonly amount: number | undefined;
}

export interface Items {
  /** Each price once; the quantities of one price are added up. */
  readonly items: readonly Item[];
  readonly faults: readonly { readonly why: FlagKind; readonly note: string }[];
}

/** The lines that `isMeant` keeps. Lines without a price, and too many units, are faults. */
export function itemsIn(
  list: readonly Loose[],
  findProduct: FindByPrice,
  currency: string | undefined,
  isMeant: (item: Item) => boolean,
): Items {
  const items = new Map<string, Item>();
  const faults: Items['faults'][number][] = [];
  for (const [place, source] of list.entries()) {
    const item = readItem(source, findProduct, currency);
    if (item === undefined) {
      faults.push({ why: 'unclear', note: `line ${place + 1} names no price or no quantity` });
    } else if (isMeant(item)) {
      const before = items.get(item.line);
      items.set(item.line, before === undefined ? item : sumOf(before, item));
    }
  }
  for (const { line, product, quantity } of items.values()) {
    const most = mostUnits(product);
    if (quantity <= most) continue;
    items.delete(line);
    faults.push({
      why: 'too-many-units',
      note: `${line} has ${quantity} units, of at most ${most}: none was read`,
    });
  }
  return { items: [...items.values()], faults };
}

/** Without usage that is billed beside units of the same product: it is no unit more. */
export function withoutUsage({ items, faults }: Items): Items {
  const isBeside = (item: Item) =>
    item.product !== undefined &&
    items.some(({ product, isMetered }) => product === item.product && !isMetered);
  return { items: items.filter((item) => !item.isMetered || !isBeside(item)), faults };
}

function sumOf(one: Item, other: Item): Item {
  const amount =
    one.amount === undefined || other.amount === undefined ? undefined : one.amount + other.amount;
  return { ...other, quantity: one.quantity + other.quantity, amount };
}

/** Before 2025-03-31 a line of an invoice had its price in `price`, since then in `pricing.price_details`. */
function readItem(source: Loose, findProduct: FindByPrice, currency: string | undefined): Item | undefined {
  const details = recordOf(recordOf(source['pricing'])['price_details']);
  const price = recordOf(source['price']);
  const line = idIn(source['price']) ?? idIn(details['price']);
  const quantity = numberOf(source['quantity']);
  const usage = textOf(recordOf(price['recurring'])['usage_type']);
  if (line === undefined || (quantity === undefined && usage === 'licensed')) return undefined;
  const parent = recordOf(source['parent']);
  const ofItem = recordOf(parent['subscription_item_details']);
  const ofInvoiceItem = recordOf(parent['invoice_item_details']);
  return {
    line,
    product: findProduct(line, idIn(price['product']) ?? idIn(details['product'])),
    quantity: Math.trunc(quantity ?? 1),
    isRecurring:
      textOf(parent['type']) === 'subscription_item_details' ||
      textOf(source['type']) === 'subscription' ||
      // An invoice item of a recurring price is billed once: only session and subscription have no other mark.
      (source['parent'] === undefined && source['type'] === undefined && isRecord(price['recurring'])),
    isProration:
      source['proration'] === true || ofItem['proration'] === true || ofInvoiceItem['proration'] === true,
    isInvoiceItem:
      textOf(parent['type']) === 'invoice_item_details' || textOf(source['type']) === 'invoiceitem',
    isMetered: quantity === undefined || usage === 'metered',
    amount: netIn(source, currency),
  };
}

/** A line of a session states its total and tax, a line of an invoice its amount before tax and discount. */
function netIn(source: Loose, currency: string | undefined): number | undefined {
  const [total, tax] = [numberOf(source['amount_total']), numberOf(source['amount_tax'])];
  if (total !== undefined) return moneyIn(total - (tax ?? 0), currency);
  const amount = numberOf(source['amount']);
  if (amount === undefined) return undefined;
  const off = listOf(source['discount_amounts']).reduce(
    (sum, each) => sum + (numberOf(each['amount']) ?? 0),
    0,
  );
  return moneyIn(amount - off, currency);
}

/** Each line is sold, and the recurring ones follow the subscription. */
export function soldFacts(
  order: string,
  { items, faults }: Items,
  subscription: string | undefined,
  isTrial = false,
): Told[] {
  const subject = orderSubject(order);
  const sold = items.flatMap(({ line, product, quantity, isRecurring, amount }): Told[] => {
    const body: FactBody = {
      kind: 'sold',
      product: product?.id ?? null,
      line,
      quantity,
      ...(amount !== undefined && { price: amount }),
      ...(isTrial && isRecurring && { trial: true }),
    };
    const fact: Told = { subject, key: `sold:${order}:${line}`, body };
    return isRecurring && subscription !== undefined ? [fact, linked(order, line, subscription)] : [fact];
  });
  return [...sold, ...faultFacts(subject, order, faults)];
}

export function faultFacts(subject: Told['subject'], version: string, faults: Items['faults']): Told[] {
  return faults.map(({ why, note }, place) => ({
    subject,
    key: `${why}:${version}:${place}`,
    body: noted(note, why),
  }));
}

/** The order's line follows the subscription. */
export function linked(order: string, line: string, subscription: string): Told {
  const key = `linked:${order}:${line}:${subscription}`;
  return { subject: orderSubject(order), key, body: { kind: 'linked', subscription, line } };
}
