/** A webhook's body: `{"events": […]}`, several to a delivery and in no order. */

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Received } from '../../domain/ingest.ts';
import { AppError } from '../../errors.ts';
import { readEvent, readHead } from './events.ts';
import { sliceArray } from './json-slices.ts';
import { isRecord } from './loose.ts';
import type { FindByPath } from './products.ts';

/** Throws AppError `malformed_request` for what is no batch; one event that cannot be read fails by itself. */
export function readBatch(body: Buffer, findProduct: FindByPath): readonly Received[] {
  if (!isUtf8(body)) throw new AppError('malformed_request', 'The body is not UTF-8.');
  const text = body.toString();
  const parsed = parse(text);
  if (!isRecord(parsed) || !Array.isArray(parsed['events'])) {
    throw new AppError('malformed_request', 'The body has no list of events.');
  }
  const payloads = sliceArray(text, 'events');
  if (payloads === undefined) throw new AppError('malformed_request', 'The body has events more than once.');
  return payloads.map((payload) => readBatchEvent(payload, findProduct));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed_request', 'The body is not JSON.', { cause });
  }
}

/** The head of an event, and how to read the rest. */
export function readBatchEvent(payload: string, findProduct: FindByPath): Received {
  try {
    const { data, ...head } = readHead(payload);
    return { head, read: () => readEvent(payload, findProduct) };
  } catch (error) {
    return { head: headOfNameless(payload), read: () => throwAgain(error) };
  }
}

/** One that has no id or type is kept under its digest, so that it stops nobody else and can be looked at. */
function headOfNameless(payload: string): Received['head'] {
  const id = `sha256-${createHash('sha256').update(payload).digest('hex')}`;
  return { marketplace: 'fastspring', mode: 'test', id, type: 'unreadable', at: 0, payload };
}

function throwAgain(error: unknown): never {
  throw error;
}
