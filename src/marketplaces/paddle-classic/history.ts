/**
 * What Paddle Classic's API has: the alerts of 90 days (POST /2.0/alert/webhooks), and the sales of each product. Requests for
 * licenses are not among the alerts, so an order that only the sales have shows that such a request never came.
 */
import type { HistoryPage, ListedSale } from '../../domain/desk/reconcile.ts';
import type { Mode } from '../../domain/values/order.ts';
import { type ApiCall, askPatiently } from '../api.ts';
import { isRecord, type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { SeenPages } from '../seen-pages.ts';
import { timeIn } from './values.ts';

const HOSTS: Readonly<Record<Mode, string>> = {
  live: 'https://vendors.paddle.com/api',
  test: 'https://sandbox-vendors.paddle.com/api',
};

const DAY_MILLISECONDS = 86_400_000;
const KEPT_MILLISECONDS = 90 * DAY_MILLISECONDS;

/** Alerts may come late to the list. */
const OVERLAP_MILLISECONDS = 3_600_000;

const ALERTS_PER_PAGE = 100;
const SALES_PER_PAGE = 300;

export interface ClassicApi {
  readonly vendor: string;
  /** `vendor_auth_code`: it has all rights. */
  readonly key: string;
  /** Instead of Paddle's own. */
  readonly url?: string | undefined;
}

export async function* readHistory(api: ClassicApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  const oldest = wanted.now - KEPT_MILLISECONDS;
  const seen = new Set<string>();
  // Paddle advises a day at a time.
  for (
    let from = Math.max(wanted.since - OVERLAP_MILLISECONDS, oldest);
    from < wanted.now;
    from += DAY_MILLISECONDS
  ) {
    const pages = new SeenPages();
    for (let page = 1, last = 1; page <= last; page++) {
      const response = await ask(api, wanted, 'alert/webhooks', {
        page: String(page),
        alerts_per_page: String(ALERTS_PER_PAGE),
        query_head: timeText(from + DAY_MILLISECONDS),
        // Whether the borders belong to it is not documented.
        query_tail: timeText(from - 1000),
      });
      if ('outcome' in response) return yield response;
      const { data, total_pages } = recordOf(response.of);
      if (!Array.isArray(data)) return yield { outcome: 'stopped', answer: 'no list of alerts came' };
      last = numberOf(total_pages) ?? (data.length < ALERTS_PER_PAGE ? page : page + 1);
      if (pages.isRepeat(data) || (data.length === 0 && page < last)) {
        const answer = `page ${page} of ${last} of the alerts is empty, or came before`;
        return yield { outcome: 'stopped', answer };
      }
      const fresh = listOf(data).filter(
        (alert) => isSafe(alert) && seen.size < seen.add(String(alert['id'])).size,
      );
      yield { outcome: 'read', payloads: fresh.map(payloadOf) };
    }
  }
  for (const product of wanted.products) {
    const stopped = yield* readSales(api, wanted, product);
    if (stopped) return;
  }
  if (wanted.since >= oldest) return;
  yield {
    outcome: 'stopped',
    isAll: true,
    answer: 'alerts are kept for 90 days there: nothing is known of the time before',
  };
}

/** All pages: in which order sales come is not documented. True: reading stopped. */
async function* readSales(
  api: ClassicApi,
  wanted: WantedHistory,
  product: string,
): AsyncGenerator<HistoryPage, boolean> {
  const pages = new SeenPages();
  for (let page = 1; ; page++) {
    const path = `product/${encodeURIComponent(product)}/transactions`;
    const form = { page: String(page), results_per_page: String(SALES_PER_PAGE) };
    const response = await ask(api, wanted, path, form);
    if ('outcome' in response) {
      yield response;
      return true;
    }
    if (!Array.isArray(response.of) || pages.isRepeat(response.of)) {
      yield {
        outcome: 'stopped',
        answer: Array.isArray(response.of) ? 'a page of sales came again' : 'no list of sales came',
      };
      return true;
    }
    yield { outcome: 'read', payloads: [], sales: response.of.flatMap((sale) => saleOf(sale, wanted.since)) };
    if (response.of.length < SALES_PER_PAGE) return false;
  }
}

/** A renewal of a subscription is told by its alert, and needs no license of its own. */
function saleOf(sale: unknown, since: number): ListedSale[] {
  if (!isRecord(sale) || textOf(sale['status']) !== 'completed' || sale['is_subscription'] === true)
    return [];
  const [name, at] = [textOf(sale['order_id']), timeIn(textOf(sale['created_at']))];
  return name === undefined || at === undefined || at < since ? [] : [{ names: [name], at }];
}

/**
 * That the entry's id is the alert's is not documented. With `event_time`, the same facts have the same keys whatever its id; without
 * it, an alert that was delivered could be counted twice.
 */
function isSafe({ status, fields }: Loose): boolean {
  return recordOf(fields)['event_time'] !== undefined || textOf(status) !== 'success';
}

/** The form that Paddle posted: `fields` has its fields as JSON, without the signature. */
function payloadOf({ id, alert_name, created_at, fields }: Loose): string {
  const told = { event_time: created_at, ...recordOf(fields), alert_id: id, alert_name };
  return new URLSearchParams(
    Object.entries(told)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, fieldText(value)]),
  ).toString();
}

function fieldText(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `2026-11-26 12:00:00`, UTC. */
function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** The member `response`, or why reading stopped. A refusal comes with the status 200. */
async function ask(
  { vendor, key, url }: ClassicApi,
  wanted: WantedHistory,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly of: unknown } | Extract<HistoryPage, { outcome: 'stopped' }>> {
  const call: ApiCall = {
    url: `${url ?? HOSTS[wanted.mode]}/2.0/${path}`,
    title: 'Paddle Classic',
    needs: 'check the vendor ID and the API key',
    what: path,
    form: { vendor_id: vendor, vendor_auth_code: key, ...form },
  };
  const asked = await askPatiently(call, wanted);
  if (asked.outcome === 'stopped') return asked;
  const { success, response, error } = recordOf(asked.json);
  if (success === true) return { of: response };
  const code = numberOf(recordOf(error)['code']);
  return {
    outcome: 'stopped',
    answer: `Paddle Classic's API refused the call${code === undefined ? '' : ` (${code})`}`,
  };
}
