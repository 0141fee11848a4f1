/** What a marketplace signed and nobody can read as an event. */
import { createHash } from 'node:crypto';
import type { Received } from '../domain/receive-events.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';

export interface Unread {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** What came, whole. */
  readonly payload: string;
}

/** Stored under its digest, and flagged: it blocks no other event, and a person can inspect it. A repeat is the same. */
export function unreadable({ marketplace, mode, payload: text }: Unread, error: unknown): Received {
  // No database stores NUL in a text.
  const payload = text.replaceAll('\0', '\uFFFD');
  const id = `sha256-${createHash('sha256').update(payload).digest('hex')}`;
  const read = () => {
    throw error;
  };
  return { head: { marketplace, mode, id, type: 'unreadable', at: 0, payload }, read };
}

/** `read` throws what is wrong with it. */
export function orUnreadable(own: Unread, read: () => Received): Received {
  try {
    return read();
  } catch (error) {
    return unreadable(own, error);
  }
}
