/** Reads an API's list of events page by page, the newest first, back to a moment. */
import type { HistoryPage } from '../domain/desk/reconcile.ts';
import { type ApiCall, askPatiently } from './api.ts';
import { type Loose, listOf, recordOf, textOf } from './loose.ts';
import type { WantedHistory } from './marketplace.ts';
import { SeenPages } from './seen-pages.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Events may come late to the list. */
const OVERLAP_MILLISECONDS = 3_600_000;

export interface EventList {
  /** The page after an event; undefined: the first page. */
  readonly callAfter: (id: string | undefined) => ApiCall;
  /** Whether the answer, whose `data` are the events, says that older ones follow; undefined: it does not say. */
  readonly hasMore: (answer: Loose) => boolean | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly momentOf: (event: Loose) => number | undefined;
  /** The member with the event's id. */
  readonly id: string;
  /** How long the marketplace keeps events. */
  readonly keptDays: number;
}

/** Events from before the moment that the marketplace still keeps are left out; where it keeps less, the last page says so. */
export async function* readEventList(list: EventList, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  const from = wanted.since - OVERLAP_MILLISECONDS;
  const pages = new SeenPages();
  for (let after: string | undefined; ; ) {
    const call = list.callAfter(after);
    const asked = await askPatiently(call, wanted);
    if (asked.outcome === 'stopped') return yield asked;
    const answer = recordOf(asked.json);
    if (!Array.isArray(answer['data'])) return yield { outcome: 'stopped', answer: 'no list of events came' };
    const events = listOf(answer['data']);
    if (pages.isRepeat(events))
      return yield { outcome: 'stopped', answer: `${call.title} sent a page again` };
    const meant = events.filter((event) => (list.momentOf(event) ?? from) >= from);
    yield { outcome: 'read', payloads: meant.map((event) => JSON.stringify(event)) };
    // Among newer ones, an old event came late: only a page of old ones is the end.
    if (events.length > 0 && meant.length === 0) return;
    const hasMore = list.hasMore(answer);
    if (hasMore === false) break;
    after = textOf(events.at(-1)?.[list.id]);
    if (hasMore === undefined || after === undefined) {
      const says = hasMore
        ? 'says that more events follow, and not which'
        : 'does not say whether more follow';
      return yield { outcome: 'stopped', answer: `${call.title} ${says}` };
    }
  }
  if (wanted.since >= wanted.now - list.keptDays * DAY_MILLISECONDS) return;
  yield {
    outcome: 'stopped',
    isAll: true,
    answer: `events are kept for ${list.keptDays} days there: nothing is known of the time before`,
  };
}
