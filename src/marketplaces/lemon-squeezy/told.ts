/** The input of the readers of Lemon Squeezy's events, and their output: facts. */
import type { FactBody, Subject } from '../../domain/fact.ts';
import type { Loose } from '../loose.ts';
import type { FindByVariant } from './product-keys.ts';

/** A fact without its event's mode and cause; `events.ts` adds them. */
export interface Told {
  readonly subject: Subject;
  /** Made of Lemon Squeezy's ids and states, so that a replay, or another event about the same, states the same fact. */
  readonly key: string;
  readonly body: FactBody;
  /** Milliseconds since 1970-01-01, where it is another time than the object's last change. */
  readonly at?: number;
}

/** One event, parsed. */
export interface Reading {
  /** `meta.event_name` */
  readonly type: string;
  /** `data.id` */
  readonly id: string;
  readonly attributes: Loose;
  /** An order that says that its first item is its only one. */
  readonly isSingle: boolean;
  /** When the object last changed, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly findProduct: FindByVariant;
}
