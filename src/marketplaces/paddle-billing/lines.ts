/** The items of a transaction or of a subscription: price, product, units. */
import type { FlagKind } from '../../domain/values/flag.ts';
import type { Product } from '../../domain/values/product.ts';
import { isRecord, type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import type { FindByPrice } from './product-keys.ts';

export interface Item {
  /** The price's id, lower case: the name of the line. */
  readonly line: string;
  /** Undefined where no product file has the price or its product. */
  readonly product: Product | undefined;
  /** Whole units; negative in prorations. */
  readonly quantity: number;
  /** Billed again and again; otherwise once. */
  readonly isRecurring: boolean;
  /** It says whether it is billed again; where not, as in examples of the vendor, it counts as billed once. */
  readonly isStated: boolean;
  /** A change of the subscription made it, for a part of a period. */
  readonly isProration: boolean;
  /** `P14D`; undefined: the price has no trial. */
  readonly trial: string | undefined;
}

export interface Items {
  /** Each price once; the quantities of one price are added up. */
  readonly items: readonly Item[];
  readonly faults: readonly { readonly why: FlagKind; readonly note: string }[];
}

/** The items that `isMeant` keeps. Items without a price, and too many units, are faults. */
export function itemsIn(
  list: unknown,
  findProduct: FindByPrice,
  isMeant: (item: Item) => boolean = () => true,
): Items {
  const items = new Map<string, Item>();
  const faults: Items['faults'][number][] = [];
  for (const [place, source] of listOf(list).entries()) {
    const item = readItem(source, findProduct);
    if (item === undefined) {
      faults.push({
        why: 'unclear',
        note: `item ${place + 1} names no price or no quantity`,
      });
    } else if (isMeant(item)) {
      const before = items.get(item.line)?.quantity ?? 0;
      items.set(item.line, { ...item, quantity: before + item.quantity });
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

/** The price's id stands in the price, or beside it. */
function readItem(source: Loose, findProduct: FindByPrice): Item | undefined {
  const price = recordOf(source['price']);
  const line = (textOf(price['id']) ?? textOf(source['price_id']))?.toLowerCase();
  const quantity = numberOf(source['quantity']);
  const cycle = price['billing_cycle'];
  if (line === undefined || quantity === undefined) return undefined;
  return {
    line,
    product: findProduct(line, textOf(price['product_id'])),
    quantity: Math.trunc(quantity),
    isRecurring: isRecord(cycle),
    isStated: cycle === null || isRecord(cycle),
    isProration: isRecord(source['proration']),
    trial: periodIn(price['trial_period']),
  };
}

const LETTERS: Readonly<Record<string, string>> = { day: 'D', week: 'W', month: 'M', year: 'Y' };

function periodIn(value: unknown): string | undefined {
  const { interval, frequency } = recordOf(value);
  const letter = LETTERS[textOf(interval) ?? ''];
  const count = numberOf(frequency);
  if (letter === undefined || count === undefined || count < 1 || count > 999) return undefined;
  return `P${Math.trunc(count)}${letter}`;
}
