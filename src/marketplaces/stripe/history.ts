/** What Stripe's API has: the events of 30 days, the newest first (GET /v1/events). */
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { readEventList } from '../event-list.ts';
import { booleanOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { callOf, type StripeApi } from './api.ts';
import { momentIn } from './values.ts';

export function readHistory(api: StripeApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  return readEventList(
    {
      // All types: `types[]` takes 20 at most, and a type that is read by nobody says nothing.
      callAfter: (after) => ({
        ...callOf(api, 'events', { limit: '100', ...(after !== undefined && { starting_after: after }) }),
        needs: 'the API key has to read Events',
        what: 'the events',
      }),
      hasMore: ({ has_more }) => booleanOf(has_more),
      momentOf: ({ created }) => momentIn(created),
      id: 'id',
      keptDays: 30,
    },
    wanted,
  );
}
