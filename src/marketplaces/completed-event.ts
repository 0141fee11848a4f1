/**
 * A completed event: an event together with what it lacked. It is stored as an event of its own, so that it is erased,
 * forgotten and replayed like any other.
 */
import type { EventHead } from '../domain/facts/event.ts';
import { isRecord } from './loose.ts';

/** `event` is the stored payload of a JSON event, `fetched` the JSON text of what it lacked. */
export function completedPayload(event: string, fetched: string): string {
  return `{"completes":${event},"fetched":${fetched}}`;
}

/** The two parts of a completed event; undefined: another event. */
export function partsOfCompleted(
  parsed: unknown,
): { readonly event: unknown; readonly fetched: unknown } | undefined {
  if (!isRecord(parsed) || parsed['completes'] === undefined || !('fetched' in parsed)) return undefined;
  return { event: parsed['completes'], fetched: parsed['fetched'] };
}

/** The head of a completed event, from the head of its event. */
export function completedHead<H extends EventHead>(head: H, payload: string): H {
  return { ...head, id: `${head.id}:completed`, type: `${head.type}:completed`, payload };
}
