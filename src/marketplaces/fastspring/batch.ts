/** The body of a webhook: `{"events": […]}`, with several events per delivery, in no order. */

import { isUtf8 } from 'node:buffer';
import type { Received } from '../../domain/receive-events.ts';
import type { Mode } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import { isRecord, parseBody } from '../loose.ts';
import { orUnreadable, unreadable } from '../unreadable.ts';
import { headOf, modeOf, readParsed } from './event.ts';
import { sliceArray } from './json-slices.ts';
import type { FindByPath } from './product-keys.ts';

/** An unreadable event fails alone; a body without events is one unreadable event of this mode. */
export function readBatch(body: Buffer, mode: Mode, findProduct: FindByPath): readonly Received[] {
  const text = body.toString();
  try {
    return eventsIn(body, text, findProduct);
  } catch (error) {
    return [unreadable({ marketplace: 'fastspring', mode, payload: text }, error)];
  }
}

function eventsIn(body: Buffer, text: string, findProduct: FindByPath): readonly Received[] {
  if (!isUtf8(body)) throw new AppError('malformed_request', 'The body is not UTF-8.');
  const parsed = parseBody(text);
  const events: unknown = isRecord(parsed) ? parsed['events'] : undefined;
  if (!Array.isArray(events)) throw new AppError('malformed_request', 'The body has no list of events.');
  const payloads = sliceArray(text, 'events');
  if (payloads === undefined)
    throw new AppError('malformed_request', 'The body has several lists of events.');
  return payloads.map((payload, place) => receivedEvent(events[place], payload, findProduct));
}

/** The head of a stored event, and a function that reads the rest. `mode`: of what does not state one. */
export function readBatchEvent(payload: string, mode: Mode, findProduct: FindByPath): Received {
  return orUnreadable({ marketplace: 'fastspring', mode, payload }, () =>
    receivedEvent(parseBody(payload), payload, findProduct),
  );
}

function receivedEvent(event: unknown, payload: string, findProduct: FindByPath): Received {
  return orUnreadable({ marketplace: 'fastspring', mode: modeOf(event), payload }, () => {
    const { data: _, ...head } = headOf(event, payload);
    return { head, read: () => readParsed(event, payload, findProduct) };
  });
}
