/** Lists of FastSpring's API, page by page: 50 entries, or 50 ids, whose entries are asked for together. */
import { type ApiCall, askPatiently } from '../api.ts';
import { type Loose, listOf, numberOf, recordOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { SeenPages } from '../seen-pages.ts';
import { idOf } from './references.ts';

const PAGE_SIZE = 50;

export interface Listed {
  /** The path, and the member of its answers. */
  readonly list: 'orders' | 'subscriptions';
  /** The member of an entry that names it. */
  readonly id: 'order' | 'subscription';
  readonly query: Readonly<Record<string, string>>;
}

export type ListedPage =
  | { readonly outcome: 'listed'; readonly entries: readonly Loose[] }
  | { readonly outcome: 'stopped'; readonly answer: string };

/** `callOf` makes a call of a path. */
export async function* listedPages(
  { list, id, query }: Listed,
  callOf: (path: string) => ApiCall,
  wanted: WantedHistory,
): AsyncGenerator<ListedPage> {
  const pages = new SeenPages();
  for (let page: number | undefined = 1; page !== undefined; ) {
    const asked = { ...query, limit: String(PAGE_SIZE), page: String(page) };
    const listed = await askPatiently(callOf(`${list}?${new URLSearchParams(asked)}`), wanted);
    if (listed.outcome === 'stopped') return yield listed;
    const { [list]: told, nextPage } = recordOf(listed.json);
    if (!Array.isArray(told)) return yield { outcome: 'stopped', answer: `no list of ${list} came` };
    if (pages.isRepeat(told))
      return yield { outcome: 'stopped', answer: `page ${page} of ${list} came before` };
    const entries = listOf(told);
    const ids = told.flatMap((entry) => (typeof entry === 'object' ? [] : (idOf(entry, id) ?? [])));
    if (ids.length > 0) {
      const path = ids.map((each) => encodeURIComponent(each)).join(',');
      const details = await askPatiently(callOf(`${list}/${path}`), wanted);
      if (details.outcome === 'stopped') return yield details;
      entries.push(...detailsIn(details.json, list));
    }
    if (entries.length > 0) yield { outcome: 'listed', entries };
    const next: number | undefined = numberOf(nextPage);
    page = next !== undefined && next > page && told.length > 0 ? next : undefined;
  }
}

/** Several are a list; one may be the answer itself. */
function detailsIn(answer: unknown, list: string): readonly Loose[] {
  const { [list]: several } = recordOf(answer);
  return Array.isArray(several) ? listOf(several) : [recordOf(answer)];
}

/** The days that a list is asked for: the end has to be a day after the begin at least. */
export function daysOf({ since, now }: WantedHistory): { readonly begin: string; readonly end: string } {
  return { begin: dayText(since), end: dayText(now + DAY_MILLISECONDS) };
}

const DAY_MILLISECONDS = 86_400_000;

function dayText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
