/** Gumroad's API, asked with the seller's access token: one sale, or the list of what was paid. */
import { type ApiCall, askApi } from '../api.ts';
import { type Loose, listOf, recordOf, textOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { SeenPages } from '../seen-pages.ts';

const API_URL = 'https://api.gumroad.com/v2';

export interface GumroadApi {
  readonly key: string;
  /** Instead of Gumroad's own. */
  readonly url?: string | undefined;
}

export type Failed = Exclude<Fetched, { readonly outcome: 'fetched' }>;

export type Query = Readonly<Record<string, string>>;

/** `path` after `/v2/`, its ids encoded. */
export function callOf({ key, url = API_URL }: GumroadApi, path: string, query: Query = {}): ApiCall {
  const search = new URLSearchParams(query).toString();
  return {
    url: `${url}/${path}${search === '' ? '' : `?${search}`}`,
    title: 'Gumroad',
    authorization: `Bearer ${key}`,
    needs: 'make a new access token, and set GUMROAD_ACCESS_TOKEN',
    what: 'the sale',
  };
}

const UNKNOWN = {
  outcome: 'refused',
  answer:
    "Gumroad's API does not know the sale: the access token is of another account, or somebody else called the address",
} as const;

/** Any purchase of the seller, also one that failed, a test, or a pre-order: that it was paid is not said. */
export async function askSale(
  id: string,
  api: GumroadApi,
  signal: AbortSignal,
): Promise<{ readonly outcome: 'found'; readonly sale: Loose } | Failed> {
  const asked = await askApi(callOf(api, `sales/${encodeURIComponent(id)}`), signal);
  if (asked.outcome === 'refused') return UNKNOWN;
  if (asked.outcome !== 'answered') return asked;
  const { success, sale } = recordOf(asked.json);
  // What it does not know is answered with status 200.
  if (success !== true || textOf(recordOf(sale)['id']) !== id) return UNKNOWN;
  return { outcome: 'found', sale: recordOf(sale) };
}

export interface Page {
  readonly sales: readonly Loose[];
  /** Of the next page; undefined: the last one. */
  readonly next: string | undefined;
}

/** A page of GET /v2/sales; undefined: it is none. */
export function pageOf(json: unknown): Page | undefined {
  const { success, sales, next_page_key } = recordOf(json);
  if (success !== true || !Array.isArray(sales)) return undefined;
  return { sales: listOf(sales), next: textOf(next_page_key) };
}

/** The entries that were looked for. `isCut`: more pages follow than are read, so others may be there. */
export interface Listed {
  readonly outcome: 'listed';
  readonly sales: readonly Loose[];
  readonly isCut: boolean;
}

/** The entries that `isMeant` keeps of what was paid, on so many pages at most; `isEnough` ends the search. */
export async function askList(
  query: Query,
  { api, signal, pages }: { readonly api: GumroadApi; readonly signal: AbortSignal; readonly pages: number },
  isMeant: (sale: Loose) => boolean,
  isEnough: (found: readonly Loose[]) => boolean,
): Promise<Listed | Failed> {
  const found: Loose[] = [];
  const seen = new SeenPages();
  let next: string | undefined;
  for (let page = 0; page < pages; page++) {
    const more: Query = next === undefined ? {} : { page_key: next };
    const asked = await askApi(callOf(api, 'sales', { ...query, ...more }), signal);
    if (asked.outcome === 'refused') return { outcome: 'failed', answer: asked.answer };
    if (asked.outcome !== 'answered') return asked;
    const read = pageOf(asked.json);
    if (read === undefined)
      return { outcome: 'failed', answer: "Gumroad's API answered without a list of sales" };
    if (seen.isRepeat(read.sales))
      return { outcome: 'failed', answer: "Gumroad's API sent a page of sales again" };
    found.push(...read.sales.filter(isMeant));
    if (read.next === undefined || isEnough(found)) return { outcome: 'listed', sales: found, isCut: false };
    next = read.next;
  }
  return { outcome: 'listed', sales: found, isCut: true };
}
