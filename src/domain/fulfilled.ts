/** What a fulfillment request tells and gets. */
import { REQUEST, UNMARKED_REQUEST } from './causes.ts';
import type { Charged, LedgerAnswer } from './changes.ts';
import type { Day } from './day.ts';
import type { Fact } from './fact.ts';
import type { Handouts } from './handouts.ts';
import type { HeldLicense, HeldOrder, Issue, Ledger } from './ledger.ts';
import type { Order } from './order.ts';
import type { Product } from './product.ts';

/** A license together with the answer in which it was handed out. */
export type AnsweredLicense = HeldLicense & { readonly answer: LedgerAnswer };

/** How the reply fared, told back where units are delivered one by one. */
export interface Delivery {
  /** The 200 went out whole. */
  finished(): Promise<void>;
  /** The connection closed; counts only before that. */
  abandoned(): void;
}

/** What a request tells beside the order. */
export interface Asked {
  readonly facts: readonly Fact[];
  /** The subscription that it names, and what it tells of that. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  readonly trialEnd?: Day | undefined;
  readonly features?: readonly string[] | undefined;
  /** What it says that the order came to. */
  readonly charged?: Charged | undefined;
  /** The order's reference has an unusual shape: a stranger may have made it up. */
  readonly oddReference?: boolean | undefined;
  /** It did not say whether it is a test. */
  readonly isUnmarked?: boolean | undefined;
  /** Why it is not clear which line is asked for; undefined: it is. */
  readonly ambiguity?: string | undefined;
}

export type Fulfilled =
  | {
      readonly outcome: 'issued' | 'repeated';
      /** At least one; in order of unit. */
      readonly licenses: readonly [AnsweredLicense, ...AnsweredLicense[]];
      readonly held: HeldOrder;
      readonly delivery: Delivery | undefined;
    }
  /** The order is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number }
  /** Nothing may be mailed: the license is over, or on hold. */
  | { readonly outcome: 'revoked' | 'suspended' }
  /** More units than a signed event has told of. */
  | { readonly outcome: 'too many units'; readonly known: number }
  /** The request has to name the line. */
  | { readonly outcome: 'ambiguous'; readonly reason: string }
  /** Too many orders of an unusual shape wait for a person. */
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
  { facts, trialEnd, features, charged, isUnmarked }: Asked,
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
    at: now(),
    cause: isUnmarked === true ? UNMARKED_REQUEST : REQUEST,
  };
}

export function isAnswered(license: HeldLicense): license is AnsweredLicense {
  return license.answer !== null;
}

/** A code that is revoked is mailed to nobody. */
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
