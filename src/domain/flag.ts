/** Flags: what a person has to look at. A flag is settled by a person with a reason, or by itself once its cause is gone. */
import type { Marketplace, Mode } from './order.ts';

export const FLAG_KINDS = [
  'partial-refund', // money went back in part: nothing was revoked
  'unclear', // signed, about something known, and not understood
  'undelivered', // paid for, and no code was handed out
  'unknown-product', // a path was sold that no product file names
  'unmapped', // about a known order or subscription, and its plan or quantity cannot be mapped
  'refused', // a signed sale that was answered with an error
  'assumed-unconfirmed', // a rebill was answered before its charge was told, and the charge never came
  'unconfirmed-order', // a request was answered, and the order's event never came
  'odd-reference', // an order reference of an unusual shape
  'mode', // a test order that was taken for a live one, or the reverse
  'surplus', // more units are out than were paid for
  'differs', // the codes that were handed out differ from what was sold
  'revoked-but-paid', // a charge was paid for a license that is revoked or ended
  'too-many-units', // more units than a code or an order can hold
  'unconfirmed-change', // an announced change of product or quantity whose charge never came
] as const;

export type FlagKind = (typeof FLAG_KINDS)[number];

/** A flag as the domain raises it. */
export interface RaisedFlag {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** Unique in its marketplace and mode: raised once, however often its cause is seen. */
  readonly key: string;
  readonly kind: FlagKind;
  /** One sentence: what is so, with order and amount. No personal data. */
  readonly reason: string;
  readonly order: string | null;
  readonly product: string | null;
  /** The marketplace's id of the event that raised it. */
  readonly event: string | null;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** How `settledBy` begins where no person settled it. */
export const BY_ITSELF = 'by itself';

/** Its cause went away, so that the same may be raised again; what a person settled is not. */
export function isSettledByItself(settledBy: string | null): boolean {
  return settledBy?.startsWith(BY_ITSELF) === true;
}

/** A flag as the ledger holds it. */
export interface Flag extends RaisedFlag {
  readonly id: number;
  readonly settledAt: number | null;
  /** Who settled it and why; `by itself: …` where its cause went away. */
  readonly settledBy: string | null;
}

/** The key of the flag of what a subscription is for and no product file names: its path, or the fact that told it. */
export function unmappedFlagKey(subscription: string, named: string): string {
  return `unmapped:${subscription}:${named}`;
}

/** The subscription in such a key of a path, whether it was raised once or again; undefined in any other key. */
export function subscriptionInKey(key: string, line: string): string | undefined {
  const [prefix, suffix] = [unmappedFlagKey('', '').slice(0, -1), `:${line}`];
  const first = firstKey(key);
  if (line === '' || !first.startsWith(prefix) || !first.endsWith(suffix)) return undefined;
  return first.slice(prefix.length, -suffix.length) || undefined;
}

/** Between the key of a flag and how often it was raised. */
const AGAIN = ' again:';

/** The key of a flag that is raised for the so-manieth time. */
export function keyAgain(key: string, count: number): string {
  return `${key}${AGAIN}${count}`;
}

/** The key without how often it was raised. */
export function firstKey(key: string): string {
  const [first = key] = key.split(AGAIN);
  return first;
}

/** What the flag of a path says that no product file names. */
export function unknownProductReason(line: string, orders: number): string {
  const sold = orders === 1 ? 'in one order' : `in ${orders} orders`;
  const name = line === '' ? 'A product without a name' : line;
  return `${name} was sold ${sold}, and no product file names it: write one, or say  products ignore ${line}`;
}

/**
 * The key of the one flag of a path that no product file names, however many orders have it. Settling it is how
 * `products ignore` is remembered: a flag that was settled is not raised again.
 */
export function pathFlagKey(line: string): string {
  return `path:${line.toLowerCase()}`;
}
