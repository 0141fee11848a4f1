/** What a marketplace sends: requests that want codes back, and events that tell what has happened. */
import type { Item } from './books.ts';

export interface Request {
  readonly kind: 'request';
  /** When the marketplace first makes it, milliseconds since 1970-01-01. */
  readonly at: number;
  /** Unique in its story. */
  readonly name: string;
  /** The product file whose address is called. */
  readonly product: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly item: Item;
  /** Of these the earlier must have been answered before: a marketplace does not go on with a sale that hangs. */
  readonly after: string;
  /**
   * A paying customer waits, and nothing forbids an answer. `in order`: only 200 will do once all that was to be told
   * before it is told; a charge for more units than any signed event has told of is put off until one does.
   */
  readonly must: 'always' | 'in order' | 'never';
}

export interface Event {
  readonly kind: 'event';
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The request whose answer it shows, as far as there is one when it is sent. */
  readonly stored?: Request;
}

export type Call = Request | Event;

export function writeCall(call: Call): string {
  const time = new Date(call.at).toISOString().slice(0, 16);
  const what = call.kind === 'request' ? `request ${call.name}` : `${call.type} ${call.id}`;
  return `${time} ${what} ${JSON.stringify(call.kind === 'request' ? call.fields : call.data)}`;
}
