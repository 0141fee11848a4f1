/** The input of the readers of Paddle Billing's events, and their output: facts. */
import type { FactBody, Subject } from '../../domain/fact.ts';
import type { Loose } from '../loose.ts';
import type { FindByPrice } from './product-keys.ts';

/** A fact without its event's mode, time and cause; `events.ts` adds them. */
export interface Told {
  readonly subject: Subject;
  /** Made of Paddle's ids and states, so that a replay, or another event about the same, states the same fact. */
  readonly key: string;
  readonly body: FactBody;
}

/** One event, parsed. */
export interface Reading {
  readonly type: string;
  readonly data: Loose;
  /** `occurred_at`, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly findProduct: FindByPrice;
}
