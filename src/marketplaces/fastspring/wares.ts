/** The product, quantity and features of an order's item, a charge's item or a subscription. */
import type { FlagKind } from '../../domain/values/flag.ts';
import type { Product } from '../../domain/values/product.ts';
import { isRecord, type Loose, numberOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import type { FindByPath } from './product-keys.ts';
import { pathOf } from './references.ts';

export interface Ware {
  /** The item's path, lower case. */
  readonly line: string;
  /** Undefined where no product file has the path. */
  readonly product: Product | undefined;
  /** Whole units, at least 1. */
  readonly quantity: number;
  /** What one of it holds, where the message says that it is more than 1; counted in `quantity`. */
  readonly per: number | undefined;
  /** Undefined: those of the product file. */
  readonly features: readonly string[] | undefined;
  readonly faults: readonly WareFault[];
}

/** An item that could not be mapped, with the kind of its flag. */
export interface WareFault {
  readonly why: FlagKind;
  readonly note: string;
}

/**
 * The seller's attributes are of the product, so `mintmark_quantity` is what one of it holds (a pack of 5), and
 * `mintmark_product` goes over the path. Undefined without a product or a unit.
 */
export function readWare(source: Loose, findProduct: FindByPath): Ware | undefined {
  const attributes = attributesOf(source);
  const chosen = attributes('mintmark_product');
  const path = pathOf(source['product']) ?? chosen;
  const pack = attributes('mintmark_quantity');
  const inPack = unitsOf(pack) ?? 1;
  const quantity = (unitsOf(source['quantity']) ?? 1) * inPack;
  if (path === undefined || quantity < 1) return undefined;
  const line = path.toLowerCase();
  const product = findProduct(chosen ?? path);
  const faults: WareFault[] = [
    ...(isUnreadable(source['quantity']) ? [unreadable(line, 'quantity')] : []),
    ...(isUnreadable(pack) ? [unreadable(line, 'mintmark_quantity')] : []),
  ];
  if (chosen !== undefined && product === undefined) {
    faults.push({
      why: 'unmapped',
      note: `mintmark_product of ${line} is ${chosen}, a path that no product file names`,
    });
  }
  const named = attributes('mintmark_features')?.split(/[\s,]+/);
  const unknown = product && named?.filter((name) => name !== '' && !product.features.includes(name));
  if (unknown !== undefined && unknown.length > 0) {
    faults.push({
      why: 'unmapped',
      note: `mintmark_features of ${line} names ${unknown.join(', ')}, which the product file does not list`,
    });
  }
  return {
    line,
    product,
    quantity,
    per: inPack > 1 ? inPack : undefined,
    features: product && named?.filter((name) => product.features.includes(name)),
    faults,
  };
}

/** More units than a license code or an order can have. */
export function tooMany({ line, product, quantity }: Ware): WareFault | undefined {
  const most = mostUnits(product);
  if (quantity <= most) return undefined;
  return { why: 'too-many-units', note: `${line} has ${quantity} units, of at most ${most}: none was read` };
}

function unreadable(line: string, name: string): WareFault {
  return { why: 'unclear', note: `the ${name} of ${line} is no number of units: 1 counts` };
}

/** The item names a product that no file does: the account may sell other programs too. */
export function isOfOthers(source: Loose, findProduct: FindByPath): boolean {
  const path = attributesOf(source)('mintmark_product') ?? pathOf(source['product']);
  return path !== undefined && findProduct(path) === undefined;
}

/** The quantity is present and is no number of units. */
export function isUnreadable(quantity: unknown): boolean {
  return quantity !== undefined && quantity !== null && numberOf(quantity) === undefined;
}

/** From a text, or from a number that can be written as `1.0`: whole units. */
function unitsOf(value: unknown): number | undefined {
  const units = numberOf(value);
  return units === undefined ? undefined : Math.trunc(units);
}

/** The custom attributes of the item; with webhook expansion they can be in the product only. */
function attributesOf({ attributes, product }: Loose): (name: string) => string | undefined {
  const own = isRecord(attributes) ? attributes : {};
  const ofProduct = isRecord(product) && isRecord(product['attributes']) ? product['attributes'] : {};
  return (name) => textOf(own[name]) ?? textOf(ofProduct[name]);
}
