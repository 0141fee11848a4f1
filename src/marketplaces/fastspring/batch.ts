/** A webhook's body: `{"events": […]}`, several to a delivery and in no order. */
import { isUtf8 } from 'node:buffer';
import type { Received } from '../../domain/ingest.ts';
import { AppError } from '../../errors.ts';
import { readEvent, readHead } from './events.ts';
import { sliceArray } from './json-slices.ts';
import type { FindByPath } from './products.ts';

/** Throws AppError `malformed_request` for what is no batch; one event that cannot be read fails by itself. */
export function readBatch(body: Buffer, findProduct: FindByPath): readonly Received[] {
  if (!isUtf8(body)) throw new AppError('malformed_request', 'The body is not UTF-8.');
  const text = body.toString();
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed_request', 'The body is not JSON.', { cause });
  }
  const payloads = sliceArray(text, 'events');
  if (payloads === undefined) throw new AppError('malformed_request', 'The body has no list of events.');
  return payloads.map((payload) => readBatchEvent(payload, findProduct));
}

/** The head of an event, and how to read the rest: an event that has none cannot be kept or named in an answer. */
export function readBatchEvent(payload: string, findProduct: FindByPath): Received {
  const { data, ...head } = readHead(payload);
  return { head, read: () => readEvent(payload, findProduct) };
}
