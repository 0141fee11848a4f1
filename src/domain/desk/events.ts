/** Applies an event again, once what it failed for was put right. */
import type { KeptEvent, MarketplaceEvent } from '../event.ts';
import type { Desk } from './operator.ts';

export type Replayed =
  | { readonly outcome: 'applied' | 'unmatched'; readonly event: KeptEvent }
  /** What it said is kept no more. */
  | { readonly outcome: 'forgotten'; readonly event: KeptEvent };

/** Two marketplaces, or the two modes of one, may have an event of the same id: each is applied in its own. */
const MOST_NAMESAKES = 10;

/** Nothing for an id that no event has. Throws what `read` throws where an event still cannot be read. */
export async function replayEvents(
  { ledger }: Pick<Desk, 'ledger'>,
  id: string,
  read: (event: KeptEvent & { readonly payload: string }) => MarketplaceEvent,
): Promise<readonly Replayed[]> {
  const events = await ledger.findEvents({ id, limit: MOST_NAMESAKES });
  const replayed: Replayed[] = [];
  for (const event of events) {
    const { payload } = event;
    if (payload === null) {
      replayed.push({ outcome: 'forgotten', event });
      continue;
    }
    const outcome = await ledger.ingest(read({ ...event, payload }), { again: true });
    replayed.push({ outcome: outcome === 'unmatched' ? 'unmatched' : 'applied', event });
  }
  return replayed;
}
