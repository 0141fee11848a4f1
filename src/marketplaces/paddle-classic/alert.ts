/** An alert as its readers see it, and the facts that they make of it. */
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import type { FlagKind } from '../../domain/values/flag.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import type { Field } from './values.ts';

export interface Alert {
  /** `alert_name`. */
  readonly type: string;
  /** `event_time`, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly field: Field;
  /** The product whose file lists an id of Paddle's (a product's or a plan's). */
  readonly findProduct: (paddleId: string) => Product | undefined;
}

/** A fact without its event's mode, time and cause. */
export interface Told {
  readonly subject: Subject;
  readonly body: FactBody;
  /** A key without the alert id, where one exists: the same fact in another alert has the same key. */
  readonly key?: string;
}

/** The order that an alert names; undefined where it names none, and then it yields no facts. */
export function orderIn({ field }: Alert): `order:${string}` | undefined {
  const id = field('order_id');
  return id === undefined ? undefined : `order:${id}`;
}

export function subscriptionIn({ field }: Alert): `subscription:${string}` | undefined {
  const id = field('subscription_id');
  return id === undefined ? undefined : subscriptionSubject(id);
}

/** A note for the history only. */
export function note(text: string): FactBody {
  return { kind: 'noted', note: text };
}

/** A note that raises a flag. */
export function flagged(text: string, why: FlagKind = 'unclear'): FactBody {
  return { kind: 'noted', note: text, flag: true, why };
}
