/** The input of the readers of FastSpring's events, and their output: facts. */
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import { moneyText } from '../../domain/values/money-text.ts';
import type { Mode } from '../../domain/values/order.ts';
import type { Loose } from '../loose.ts';
import type { FindByPath } from './product-keys.ts';

/** A fact without its event's mode, time and cause; `readEvent` adds them. */
export interface Told {
  readonly subject: Subject;
  /** Unique among FastSpring's facts. Default: made of the event's type and time, the subject and the kind. */
  readonly key?: string;
  /** Default: the event's own time. */
  readonly at?: number;
  readonly body: FactBody;
  /** For the other mode: a test order that was taken for a live order. */
  readonly mode?: 'live';
}

/** One event, parsed. */
export interface Reading {
  readonly type: string;
  readonly data: Loose;
  readonly mode: Mode;
  /** When FastSpring made the event, milliseconds since 1970-01-01. */
  readonly created: number;
  readonly findProduct: FindByPath;
}

/** An amount with its currency, for a note. */
export function amountText(amount: number | undefined, currency: string | undefined): string {
  return amount === undefined ? 'an unknown amount' : moneyText(amount, currency);
}
