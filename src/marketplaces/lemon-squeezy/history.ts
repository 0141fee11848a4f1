/**
 * What Lemon Squeezy's API has: orders, subscriptions and invoices as they are now, as if events told them. States in
 * between are not kept there (GET /v1/orders, /subscriptions, /subscription-invoices).
 */
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { askPatiently } from '../api.ts';
import { booleanOf, type Loose, listOf, numberOf, recordOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { momentIn } from '../rfc3339.ts';
import { SeenPages } from '../seen-pages.ts';
import { API_URL, JSON_API, type LemonApi } from './fetch-items.ts';

/** The lists, and the event that tells an entry. */
const LISTS = {
  orders: 'order_created',
  subscriptions: 'subscription_updated',
  'subscription-invoices': 'subscription_payment_success',
} as const;

const PAGE_SIZE = 100;

/** Every entry changed since then: a refund does not move an old order to the front, so all pages are read. */
export async function* readHistory(
  { key, url = API_URL }: LemonApi,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage> {
  for (const [list, event] of Object.entries(LISTS)) {
    const pages = new SeenPages();
    for (let page = 1, last = 1; page <= last; page++) {
      const query = new URLSearchParams({ 'page[size]': String(PAGE_SIZE), 'page[number]': String(page) });
      const call = {
        authorization: `Bearer ${key}`,
        accept: JSON_API,
        title: 'Lemon Squeezy',
        what: `the list ${list}`,
      };
      const needs = 'make a new API key, and set LEMON_SQUEEZY_API_KEY';
      const asked = await askPatiently({ ...call, needs, url: `${url}/${list}?${query}` }, wanted);
      if (asked.outcome === 'stopped') return yield asked;
      const { data, meta } = recordOf(asked.json);
      if (!Array.isArray(data)) return yield { outcome: 'stopped', answer: `no list of ${list} came` };
      last =
        numberOf(recordOf(recordOf(meta)['page'])['lastPage']) ?? (data.length < PAGE_SIZE ? page : page + 1);
      if (pages.isRepeat(data) || (data.length === 0 && page < last)) {
        const answer = `page ${page} of ${last} of ${list} is empty, or came before`;
        return yield { outcome: 'stopped', answer };
      }
      const entries = listOf(data).filter((entry) => isMeant(entry, wanted));
      yield { outcome: 'read', payloads: entries.map((entry) => payloadOf(event, entry)) };
    }
  }
}

/** Of the mode, and changed since then, or without a readable time. */
function isMeant({ attributes }: Loose, { mode, since }: WantedHistory): boolean {
  const { test_mode, updated_at, created_at } = recordOf(attributes);
  if ((booleanOf(test_mode) === true) !== (mode === 'test')) return false;
  return (momentIn(updated_at) ?? momentIn(created_at) ?? since) >= since;
}

function payloadOf(event: string, { type, id, attributes }: Loose): string {
  const { test_mode } = recordOf(attributes);
  return JSON.stringify({ meta: { event_name: event, test_mode }, data: { type, id, attributes } });
}
