/** The calls of a marketplace: requests for codes, and events. */
import type { Item } from './books.ts';

export interface Request {
  readonly kind: 'request';
  /** When the marketplace first makes it, milliseconds since 1970-01-01. */
  readonly at: number;
  /** Unique in its story. */
  readonly name: string;
  /** The product file of the called path. */
  readonly product: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly item: Item;
  /** Requests with the same value are answered in order: a marketplace does not continue a hanging sale. */
  readonly after: string;
  /**
   * A paying customer waits, and nothing forbids an answer. `in order`: only 200 is right once all earlier events
   * arrived; a charge for more units than any signed event reported waits for such an event, a first request during a
   * dispute waits for its end.
   */
  must: 'always' | 'in order' | 'never';
}

export interface Event {
  readonly kind: 'event';
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The request whose answer the event contains, if there is one at that time. */
  readonly stored?: Request;
  /** The requests with this value of `after` are answered before: where they are not, license ids depend on it (docs/life.md). */
  readonly after?: string;
}

export type Call = Request | Event;

export function writeCall(call: Call): string {
  const time = new Date(call.at).toISOString().slice(0, 16);
  const what = call.kind === 'request' ? `request ${call.name}` : `${call.type} ${call.id}`;
  return `${time} ${what} ${JSON.stringify(call.kind === 'request' ? call.fields : call.data)}`;
}
