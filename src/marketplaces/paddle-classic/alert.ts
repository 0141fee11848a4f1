/** An alert while it is read, and what its readers make of it. */
import type { FactBody, Subject } from '../../domain/fact.ts';
import type { FlagKind } from '../../domain/flag.ts';
import type { Product } from '../../domain/product.ts';
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

/** A fact before its event is known. */
export interface Told {
  readonly subject: Subject;
  readonly body: FactBody;
  /** The business's own key, where one exists: the same fact under another alert id has the same key. */
  readonly key?: string;
}

/** The order that an alert names; undefined where it names none, and then nothing can be told of it. */
export function orderIn({ field }: Alert): `order:${string}` | undefined {
  const id = field('order_id');
  return id === undefined ? undefined : `order:${id}`;
}

export function subscriptionIn({ field }: Alert): `subscription:${string}` | undefined {
  const id = field('subscription_id');
  return id === undefined ? undefined : `subscription:${id}`;
}

/** For the history alone. */
export function note(text: string): FactBody {
  return { kind: 'noted', note: text };
}

/** For a person to look at. */
export function flagged(text: string, why: FlagKind = 'unclear'): FactBody {
  return { kind: 'noted', note: text, flag: true, why };
}
