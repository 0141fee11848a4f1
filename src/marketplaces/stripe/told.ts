/** The input of the readers of Stripe's events, and their output: facts. */
import type { Subject } from '../../domain/facts/fact.ts';
import type { Loose } from '../loose.ts';
import type { Told } from '../told.ts';
import type { FindByPrice } from './product-keys.ts';

/** One event, parsed. */
export interface Reading {
  readonly type: string;
  /** `data.object`: the object as it was when the event was made. */
  readonly data: Loose;
  /** `data.previous_attributes`: what changed, as it was before. */
  readonly previous: Loose;
  /** `created`, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly findProduct: FindByPrice;
}

/** What a seller does where lines are not fetched. */
export const REMEDY =
  'Set STRIPE_API_KEY (in test mode STRIPE_TEST_API_KEY) and run  events replay  with the id of its event.';

/** Another name of an order, such as its payment or invoice. */
export function aliasOf(name: Subject, of: Subject): Told {
  return { subject: name, key: `alias:${name}:${of}`, body: { kind: 'alias', of } };
}

/** The subject of a payment: `pi_…`, or `ch_…` where no payment intent is known. */
export function paymentSubject(payment: string): Subject {
  return `order-id:${payment}`;
}
