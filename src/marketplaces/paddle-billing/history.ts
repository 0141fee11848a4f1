/** What Paddle Billing's API has: the events of 90 days, the newest first (GET /events). */
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { askPatiently } from '../api.ts';
import { listOf, recordOf, textOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { momentIn } from '../rfc3339.ts';
import { HOSTS, type PaddleApi } from './customer.ts';

const PAGE_SIZE = 200;

/** Events may come late to the list. */
const OVERLAP_MILLISECONDS = 3_600_000;

export async function* readHistory(
  { key, url }: PaddleApi,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage> {
  const host = url ?? HOSTS[wanted.mode];
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({ order_by: 'id[DESC]', per_page: String(PAGE_SIZE) });
    if (after !== undefined) query.set('after', after);
    const call = {
      authorization: `Bearer ${key}`,
      title: 'Paddle',
      what: 'the events',
      url: `${host}/events?${query}`,
    };
    const needs = 'the API key needs the permission notification.read';
    const asked = await askPatiently({ ...call, needs }, wanted);
    if (asked.outcome === 'stopped') return yield asked;
    const { data, meta } = recordOf(asked.json);
    if (!Array.isArray(data)) return yield { outcome: 'stopped', answer: 'no list of events came' };
    const events = listOf(data);
    const from = wanted.since - OVERLAP_MILLISECONDS;
    const meant = events.filter(({ occurred_at }) => (momentIn(occurred_at) ?? 0) >= from);
    yield { outcome: 'read', payloads: meant.map((event) => JSON.stringify(event)) };
    // `next` is always there.
    const hasMore = recordOf(recordOf(meta)['pagination'])['has_more'] === true;
    const last = textOf(events.at(-1)?.['event_id']);
    if (!hasMore || meant.length < events.length || last === undefined || last === after) return;
    after = last;
  }
}
