/** What Paddle Billing's API has: the events of 90 days, the newest first (GET /events). */
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { readEventList } from '../event-list.ts';
import { booleanOf, recordOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { momentIn } from '../rfc3339.ts';
import { HOSTS, type PaddleApi } from './customer.ts';

const PAGE_SIZE = 200;

export function readHistory({ key, url }: PaddleApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  return readEventList(
    {
      callAfter: (after) => {
        const query = new URLSearchParams({ order_by: 'id[DESC]', per_page: String(PAGE_SIZE) });
        if (after !== undefined) query.set('after', after);
        return {
          authorization: `Bearer ${key}`,
          title: 'Paddle',
          what: 'the events',
          needs: 'the API key needs the permission notification.read',
          url: `${url ?? HOSTS[wanted.mode]}/events?${query}`,
        };
      },
      // `next` is always there.
      hasMore: ({ meta }) => booleanOf(recordOf(recordOf(meta)['pagination'])['has_more']),
      momentOf: ({ occurred_at }) => momentIn(occurred_at),
      id: 'event_id',
      keptDays: 90,
    },
    wanted,
  );
}
