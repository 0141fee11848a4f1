/** The events from which the ledger knows about an order. */
import type { KeptEvent } from '../facts/event.ts';
import type { Ledger } from '../ledger.ts';
import type { OrderStory } from '../ports/ledger-views.ts';

/** A subscription of many years has more events; the newest are the useful ones. */
const MOST_EVENTS = 100;

/** Oldest first. A fact's cause ends with its event's id (`order.completed ID`); a flag has an event id of its own. */
export async function eventsOf(
  { facts, flags }: Pick<OrderStory, 'facts' | 'flags'>,
  ledger: Pick<Ledger, 'findEvents'>,
): Promise<readonly KeptEvent[]> {
  const told = [...facts].sort((a, b) => b.at - a.at).flatMap(({ cause }) => idsIn(cause));
  const flagged = flags.flatMap(({ event }) => (event === null ? [] : [event]));
  const ids = [...new Set([...flagged, ...told])].slice(0, MOST_EVENTS);
  const found = await Promise.all(ids.map((id) => ledger.findEvents({ id, limit: MOST_EVENTS })));
  const markets = new Set([...facts, ...flags].map(({ marketplace, mode }) => `${marketplace} ${mode}`));
  return found
    .flat()
    .filter(({ marketplace, mode }) => markets.has(`${marketplace} ${mode}`))
    .sort((a, b) => a.at - b.at);
}

/** The id in `type id …`. */
function idsIn(cause: string): readonly string[] {
  const [, id] = /^\S+ ([^\s;:,()]+)/.exec(cause) ?? [];
  return id === undefined ? [] : [id];
}
