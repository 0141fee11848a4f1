/** The input and the result of a fulfillment request. */
import type { Charged, LedgerAnswer } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import type { HeldLicense, HeldOrder, Issue, Ledger } from '../ledger.ts';
import type { Handouts } from '../ports/handouts.ts';
import { REQUEST, UNMARKED_REQUEST } from '../values/causes.ts';
import type { Day } from '../values/day.ts';
import type { Order } from '../values/order.ts';
import type { Product } from '../values/product.ts';

/** A license with the answer that handed it out. */
export type AnsweredLicense = HeldLicense & { readonly answer: LedgerAnswer };

/** Callbacks about the sent reply, where units are delivered one by one. */
export interface Delivery {
  /** The 200 was sent completely. */
  finished(): Promise<void>;
  /** The connection closed; ignored after `finished`. */
  abandoned(): void;
}

/** What a request states beside the order. */
export interface Asked {
  readonly facts: readonly Fact[];
  /** The subscription that the request names, and the facts about it. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  readonly trialEnd?: Day | undefined;
  readonly features?: readonly string[] | undefined;
  /** The order's total as the request states it. */
  readonly charged?: Charged | undefined;
  /** The marketplace's name of the product, of an order whose one line has no name. */
  readonly item?: string | undefined;
  /** The order's reference has an unusual shape: an attacker may have made it up. */
  readonly oddReference?: boolean | undefined;
  /** The request did not tell test from live. */
  readonly isUnmarked?: boolean | undefined;
  /** Why the requested line is not clear; undefined: it is clear. */
  readonly ambiguity?: string | undefined;
}

export type Fulfilled =
  | {
      readonly outcome: 'issued' | 'repeated';
      /** At least one license, ordered by unit. */
      readonly licenses: readonly [AnsweredLicense, ...AnsweredLicense[]];
      readonly held: HeldOrder;
      readonly delivery: Delivery | undefined;
    }
  /** The order is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number }
  /** Nothing may be mailed: the license is in this state. */
  | { readonly outcome: 'revoked' | 'ended' | 'suspended' }
  /** More units were requested than signed events report. */
  | { readonly outcome: 'too many units'; readonly known: number }
  /** The request must name the line. */
  | { readonly outcome: 'ambiguous'; readonly reason: string }
  /** Too many orders with unusual references wait for a person. */
  | { readonly outcome: 'odd' };

export interface FulfillmentContext {
  readonly ledger: Ledger;
  readonly handouts: Handouts;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function issueOf(
  order: Order,
  product: Product,
  units: Issue['units'],
  { facts, trialEnd, features, charged, item, isUnmarked }: Asked,
  { now }: FulfillmentContext,
): Issue {
  return {
    order,
    product,
    units,
    facts,
    ...(trialEnd !== undefined && { trialEnd }),
    ...(features !== undefined && { features }),
    ...(charged !== undefined && { charged }),
    ...(item !== undefined && { item }),
    at: now(),
    cause: isUnmarked === true ? UNMARKED_REQUEST : REQUEST,
  };
}

export function isAnswered(license: HeldLicense): license is AnsweredLicense {
  return license.answer !== null;
}

/** Drops revoked licenses: a revoked code is never mailed. */
export function fulfilled(
  outcome: 'issued' | 'repeated',
  held: HeldOrder,
  licenses: readonly HeldLicense[],
  delivery: Delivery | undefined,
): Fulfilled {
  const [first, ...others] = licenses.filter(isAnswered).filter(({ state }) => state !== 'revoked');
  if (first !== undefined) return { outcome, licenses: [first, ...others], held, delivery };
  delivery?.abandoned();
  return { outcome: 'revoked' };
}
