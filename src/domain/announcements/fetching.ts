/** Fetches of what events lack, such as the customer of a sale: the outbox carries them. */
import type { Decided, Market } from '../changes.ts';
import type { MarketplaceEvent } from '../facts/event.ts';
import type { Rules } from '../rules.ts';
import type { Outgoing } from '../values/announcement.ts';

/** The fetch for an event, once however often the event is applied; undefined: it lacks nothing, or nobody can fetch. */
export function fetchOf(
  { id, isLacking }: Partial<Pick<MarketplaceEvent, 'id' | 'isLacking'>>,
  market: Market,
  { canFetch }: Pick<Rules, 'canFetch'>,
): Outgoing | undefined {
  if (isLacking !== true || id === undefined || canFetch?.(market) !== true) return undefined;
  const about = { order: '', product: null, license: null, number: null, revision: 0, text: null };
  const { marketplace: target } = market;
  return { channel: 'complete', target, topic: id, ...about, of: 'newest', told: null, key: '' };
}

export function withFetch<T>({ changes, result }: Decided<T>, fetch: Outgoing): Decided<T> {
  return { changes: { ...changes, outgoing: [...changes.outgoing, fetch] }, result };
}
