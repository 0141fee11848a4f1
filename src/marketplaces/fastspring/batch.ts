/** The body of a webhook: `{"events": […]}`, with several events per delivery, in no order. */

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Received } from '../../domain/receive-events.ts';
import { AppError } from '../../errors.ts';
import { isRecord, parseBody } from '../loose.ts';
import { headOf, modeOf, readParsed } from './event.ts';
import { sliceArray } from './json-slices.ts';
import type { FindByPath } from './product-keys.ts';

/** Throws AppError `malformed_request` for an invalid batch; an unreadable event fails alone. */
export function readBatch(body: Buffer, findProduct: FindByPath): readonly Received[] {
  if (!isUtf8(body)) throw new AppError('malformed_request', 'The body is not UTF-8.');
  const text = body.toString();
  const parsed = parseBody(text);
  const events: unknown = isRecord(parsed) ? parsed['events'] : undefined;
  if (!Array.isArray(events)) throw new AppError('malformed_request', 'The body has no list of events.');
  const payloads = sliceArray(text, 'events');
  if (payloads === undefined)
    throw new AppError('malformed_request', 'The body has several lists of events.');
  return payloads.map((payload, place) => receivedEvent(() => events[place], payload, findProduct));
}

/** The head of a stored event, and a function that reads the rest. */
export function readBatchEvent(payload: string, findProduct: FindByPath): Received {
  return receivedEvent(() => parseBody(payload), payload, findProduct);
}

function receivedEvent(parsed: () => unknown, payload: string, findProduct: FindByPath): Received {
  let event: unknown;
  try {
    event = parsed();
    const { data, ...head } = headOf(event, payload);
    return { head, read: () => readParsed(event, payload, findProduct) };
  } catch (error) {
    return { head: headOfNameless(event, payload), read: () => throwAgain(error) };
  }
}

/** An event without id or type is stored under its digest: it blocks no other event, and a person can inspect it. */
function headOfNameless(event: unknown, payload: string): Received['head'] {
  const id = `sha256-${createHash('sha256').update(payload).digest('hex')}`;
  return { marketplace: 'fastspring', mode: modeOf(event), id, type: 'unreadable', at: 0, payload };
}

function throwAgain(error: unknown): never {
  throw error;
}
