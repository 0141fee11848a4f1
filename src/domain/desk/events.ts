/** Replays an event after the cause of its failure was fixed. */
import type { Market } from '../changes.ts';
import type { KeptEvent, MarketplaceEvent } from '../facts/event.ts';
import type { Desk } from './operator.ts';

/** Parses the payload of a stored event; rejects if it cannot be parsed. */
export type ReadKept = (
  event: KeptEvent & { readonly payload: string },
) => MarketplaceEvent | Promise<MarketplaceEvent>;

export type Replayed =
  | { readonly outcome: 'applied' | 'unmatched'; readonly event: KeptEvent }
  /** The payload was deleted. */
  | { readonly outcome: 'forgotten'; readonly event: KeptEvent }
  /** The payload still cannot be parsed. */
  | { readonly outcome: 'failed'; readonly event: KeptEvent; readonly error: unknown };

/** Two marketplaces, or the two modes of one, may use the same event id: each event is replayed in its own market. */
const MOST_NAMESAKES = 10;

/** `which`: one event, or all with this id, each tried whatever became of the others. An empty list: an unknown id. */
export async function replayEvents(
  { ledger }: Pick<Desk, 'ledger'>,
  which: { readonly id: string } & Partial<Market>,
  read: ReadKept,
): Promise<readonly Replayed[]> {
  const events = await ledger.findEvents({ ...which, limit: MOST_NAMESAKES });
  const replayed: Replayed[] = [];
  for (const event of events) {
    const { payload } = event;
    if (payload === null) {
      replayed.push({ outcome: 'forgotten', event });
      continue;
    }
    let parsed: MarketplaceEvent;
    try {
      parsed = await read({ ...event, payload });
    } catch (error) {
      replayed.push({ outcome: 'failed', event, error });
      continue;
    }
    const outcome = await ledger.ingest(parsed, { again: true });
    replayed.push({ outcome: outcome === 'unmatched' ? 'unmatched' : 'applied', event });
  }
  return replayed;
}
