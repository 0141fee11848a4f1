/**
 * The events that FastSpring could not deliver (GET /events/unprocessed): 25 at a time, of the last 30 days. An event that is
 * marked as processed leaves the list, so the next 25 come only once those are applied.
 */
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { type ApiCall, askPatiently } from '../api.ts';
import { booleanOf, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { readOrders } from './order-list.ts';
import { readSubscriptions } from './subscription-list.ts';

const API_URL = 'https://api.fastspring.com';
const DAY_MILLISECONDS = 86_400_000;
const MOST_DAYS = 30;

export interface FastSpringApi {
  readonly username: string;
  readonly password: string;
  /** Instead of FastSpring's own. */
  readonly url?: string | undefined;
}

/** What was not delivered, then orders and subscriptions: what no event told is older than 30 days, or the webhook was switched off. */
export async function* readHistory(api: FastSpringApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  const undelivered = yield* readUndelivered(api, wanted);
  if (undelivered === 'stopped') return;
  const call = (path: string) => callOf(api, path);
  for await (const page of readOrders(call, wanted)) {
    yield page;
    if (page.outcome === 'stopped') return;
  }
  for await (const page of readSubscriptions(call, wanted)) {
    yield page;
    if (page.outcome === 'stopped') return;
  }
  // The lists do not depend on the events that wait behind others.
  if (undelivered !== 'read') yield { outcome: 'stopped', answer: undelivered.left };
}

/** `left`: why further events are not known; the API answers. */
async function* readUndelivered(
  api: FastSpringApi,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage, 'read' | 'stopped' | { readonly left: string }> {
  const { mode, since, now } = wanted;
  const days = Math.min(MOST_DAYS, Math.max(1, Math.ceil((now - since) / DAY_MILLISECONDS)));
  let seen: string | undefined;
  for (;;) {
    const asked = await askPatiently(callOf(api, `events/unprocessed?days=${days}`), wanted);
    if (asked.outcome === 'stopped' || !Array.isArray(recordOf(asked.json)['events'])) {
      yield asked.outcome === 'stopped' ? asked : { outcome: 'stopped', answer: 'no list of events came' };
      return 'stopped';
    }
    const { events: list, more } = recordOf(asked.json);
    const events = listOf(list);
    const meant = events.filter((event) => isOf(event, mode));
    if (meant.length === 0 && booleanOf(more) === true) return { left: OTHERS };
    const ids = meant.map(({ id }) => textOf(id));
    // Else a mark that does not work would be asked for again and again.
    if (seen !== undefined && ids.join() === seen) return { left: SAME };
    seen = ids.join();
    let isTaken = false;
    const acknowledge = async (places: readonly number[]) => {
      const refused = await markAll(
        api,
        places.flatMap((place) => ids[place] ?? []),
        wanted,
      );
      isTaken = refused === undefined;
      return refused;
    };
    const payloads = meant.map((event) => JSON.stringify(event));
    yield { outcome: 'read', payloads, acknowledge };
    if (booleanOf(more) !== true) return 'read';
    if (!isTaken) return { left: MORE };
  }
}

const MORE = 'FastSpring lists 25 events at a time: the others come once these are applied';
const SAME =
  'the same events came again: they are from before that day, could not be applied, or are not taken as processed';
const OTHERS =
  'FastSpring lists 25 events at a time, and these are of the other mode: reconcile that one first';

function isOf({ live }: Loose, mode: WantedHistory['mode']): boolean {
  return (booleanOf(live) === true) === (mode === 'live');
}

/** Resolves to what was answered where one is not taken. */
async function markAll(
  api: FastSpringApi,
  ids: readonly string[],
  wanted: WantedHistory,
): Promise<string | undefined> {
  for (const id of ids) {
    const call = callOf(api, `events/${encodeURIComponent(id)}`);
    const asked = await askPatiently({ ...call, body: { processed: true } }, wanted);
    if (asked.outcome === 'stopped') return asked.answer;
  }
  return undefined;
}

/** Too many calls are answered with 404, so a 404 never means that there is nothing. */
function callOf({ username, password, url = API_URL }: FastSpringApi, path: string): ApiCall {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    url: `${url}/${path}`,
    title: 'FastSpring',
    authorization: `Basic ${credentials}`,
    needs: 'check FASTSPRING_API_USERNAME and FASTSPRING_API_PASSWORD',
    what: 'the events',
    isBusyAt404: true,
  };
}
