/**
 * Flags: cases that a person must look at. A person settles a flag with a reason, or it settles by itself
 * once its cause is gone.
 */
import type { Marketplace, Mode } from './order.ts';
import { subscriptionOf } from './order-subject.ts';

export const FLAG_KINDS = [
  'partial-refund', // money went back in part: nothing was revoked
  'unclear', // a signed message about a known order or subscription that was not understood
  'undelivered', // paid, but no code was handed out
  'unknown-product', // a sold path without a product file
  'unmapped', // a plan or quantity of a known order or subscription that cannot be mapped
  'refused', // a signed sale that was answered with an error
  'assumed-unconfirmed', // a rebill request was answered, and the event of its charge never came
  'unconfirmed-order', // a request was answered, and the order's event never came
  'odd-reference', // an order reference of an unusual shape
  'mode', // a test order that was taken for a live one, or the reverse
  'surplus', // more units were handed out than paid for
  'differs', // the handed-out codes, or another event, differ from the sale
  'revoked-but-paid', // a charge was paid for a license that is revoked or ended
  'too-many-units', // more units than a code or an order can hold
  'mail-refused', // the customer's address does not take a mail, for good
  'unconfirmed-change', // an announced change of product or quantity whose charge never came
  'drift', // a marketplace's API has what the ledger lacks, or cannot be read
] as const;

export type FlagKind = (typeof FLAG_KINDS)[number];

/** A flag as the domain raises it. */
export interface RaisedFlag {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** Unique in its marketplace and mode: a flag is raised once, however often its cause is seen. */
  readonly key: string;
  readonly kind: FlagKind;
  /** One sentence: the finding, with order and amount. No personal data. */
  readonly reason: string;
  readonly order: string | null;
  readonly product: string | null;
  /** The marketplace's id of the event that raised it. */
  readonly event: string | null;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** The start of `settledBy` if no person settled the flag. */
export const BY_ITSELF = 'by itself';

/** The flag's cause went away, so the flag may be raised again; a flag that a person settled is not. */
export function isSettledByItself(settledBy: string | null): boolean {
  return settledBy?.startsWith(BY_ITSELF) === true;
}

/** A flag as the ledger holds it. */
export interface Flag extends RaisedFlag {
  readonly id: number;
  readonly settledAt: number | null;
  /** Who settled the flag and why; `by itself: …` if its cause went away. */
  readonly settledBy: string | null;
}

/** The key of the flag of a subscription's line without a product file, by its path or else by the key of its fact. */
export function unmappedFlagKey(subscription: string, named: string): string {
  return `unmapped:${subscription}:${named}`;
}

/** The subscription in an unmapped flag's key for this path, raised once or again; undefined for other keys. */
export function subscriptionInKey(key: string, line: string): string | undefined {
  const [prefix, suffix] = [unmappedFlagKey('', '').slice(0, -1), `:${line}`];
  const first = firstKey(key);
  if (line === '' || !first.startsWith(prefix) || !first.endsWith(suffix)) return undefined;
  return first.slice(prefix.length, -suffix.length) || undefined;
}

/** Separates a flag's key from the count of its raisings. */
const AGAIN = ' again:';

/** The key of a flag that is raised for the nth time. */
export function keyAgain(key: string, count: number): string {
  return `${key}${AGAIN}${count}`;
}

/** The key without the count of raisings. */
export function firstKey(key: string): string {
  const [first = key] = key.split(AGAIN);
  return first;
}

/** The key under which to raise a flag again; undefined: one of its raisings is not over. */
export function nextKey(
  key: string,
  flags: readonly Flag[],
  isOver: (flag: Flag) => boolean,
): string | undefined {
  const raised = flags.filter((flag) => firstKey(flag.key) === key);
  if (!raised.every(isOver)) return undefined;
  return raised.length === 0 ? key : keyAgain(key, raised.length + 1);
}

/** The reason of the flag for a path without a product file. */
export function unknownProductReason(line: string, orders: number): string {
  if (orders === 0 && line !== '')
    return `${line} was sold, and no product file named it: no order waits for a license of it any more, so settle this flag`;
  const sold = orders === 1 ? 'in one order' : `in ${orders} orders`;
  if (line === '')
    return `A sale without a product's name was seen ${sold}: settle this flag once each has what was bought`;
  return `${line} was sold ${sold} while no product file named it: add it to one, restart and run  products deliver ${line}; or, if it needs no license, run  products ignore ${line}`;
}

/** The reason of the flag for a sale that names no product, such as that of a custom pay link: only a person knows what was bought. */
export function namelessReason(order: string): string {
  const subscription = subscriptionOf(order);
  const name = subscription === undefined ? `Order ${order}` : `Subscription ${subscription}`;
  return `${name} is paid for but names no product, so it has no license: run  issue PRODUCT --order …  for what was bought, if it needs one, then settle this flag`;
}

/**
 * The key of the flag for a path without a product file: one flag for all orders of the path. `products
 * ignore` settles it, and a settled flag is not raised again.
 */
export function pathFlagKey(line: string): string {
  return `path:${line.toLowerCase()}`;
}
