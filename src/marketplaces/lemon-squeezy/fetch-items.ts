/** Fetches the items of an order with the seller's API key (GET /v1/order-items). */
import { askApi } from '../api.ts';
import { type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';

export const API_URL = 'https://api.lemonsqueezy.com/v1';
export const JSON_API = 'application/vnd.api+json';

/** Items of a page, and the most pages of one order. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;

export interface LemonApi {
  readonly key: string;
  /** Instead of Lemon Squeezy's own. */
  readonly url?: string | undefined;
}

/** Only what is read is kept. */
export async function fetchItems(
  order: string,
  { key, url = API_URL }: LemonApi,
  signal: AbortSignal,
): Promise<Fetched> {
  const items: object[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = new URLSearchParams({
      'filter[order_id]': order,
      'page[size]': String(PAGE_SIZE),
      'page[number]': String(page),
    });
    const call = {
      authorization: `Bearer ${key}`,
      accept: JSON_API,
      title: 'Lemon Squeezy',
      what: 'the order',
    };
    const needs = 'make a new API key, and set LEMON_SQUEEZY_API_KEY';
    const asked = await askApi({ ...call, needs, url: `${url}/order-items?${query}` }, signal);
    if (asked.outcome !== 'answered') return asked;
    const { data, meta } = recordOf(asked.json);
    // A list that leaves the filter out would sell other people's items.
    items.push(
      ...listOf(data)
        .filter((item) => orderOf(item) === order)
        .map(keptOf),
    );
    if (page >= (numberOf(recordOf(recordOf(meta)['page'])['lastPage']) ?? 1)) break;
  }
  if (items.length === 0) {
    return { outcome: 'failed', answer: "Lemon Squeezy's API answered without an item of the order" };
  }
  return { outcome: 'fetched', text: JSON.stringify({ data: items }) };
}

function orderOf({ attributes }: Loose): string | undefined {
  return textOf(recordOf(attributes)['order_id']);
}

function keptOf({ id, attributes }: Loose): object {
  const { order_id, product_id, variant_id, quantity } = recordOf(attributes);
  return { id, attributes: { order_id, product_id, variant_id, quantity } };
}
