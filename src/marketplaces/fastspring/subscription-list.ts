/**
 * What FastSpring's API lists of subscriptions (GET /subscriptions): those that were created, charged, canceled or deactivated
 * since, as they are now. It shows what was lost longer ago than events are kept, and proves no paid day.
 */
import type { ListedSubscription } from '../../domain/desk/listed-subscription.ts';
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import type { ApiCall } from '../api.ts';
import { booleanOf, dayIn, type Loose, textOf, timeOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { daysOf, listedPages } from './listed.ts';
import { idOf, pathOf } from './references.ts';
import { nextCharge, stateOf } from './subscription-state.ts';

/** Without `event`, days do not filter; with it, whole subscriptions are listed instead of ids. */
const EVENTS = ['created', 'charged', 'canceled', 'deactivated'];

/** Each subscription once. `callOf` makes a call of a path. */
export async function* readSubscriptions(
  callOf: (path: string) => ApiCall,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage> {
  const seen = new Set<string>();
  for (const event of EVENTS) {
    const query = { ...daysOf(wanted), scope: wanted.mode, event };
    const pages = listedPages({ list: 'subscriptions', id: 'subscription', query }, callOf, wanted);
    for await (const page of pages) {
      if (page.outcome === 'stopped') return yield page;
      const subscriptions = page.entries
        .flatMap((entry) => listedIn(entry, wanted))
        .filter(({ subscription }) => seen.size < seen.add(subscription).size);
      yield { outcome: 'read', payloads: [], subscriptions };
    }
  }
}

function listedIn(entry: Loose, { mode, products }: WantedHistory): ListedSubscription[] {
  const subscription = idOf(entry, 'subscription') ?? textOf(entry['id']);
  const at = timeOf(entry['changed']) ?? timeOf(entry['changedValue']);
  const path = pathOf(entry['product'])?.toLowerCase();
  if (subscription === undefined || at === undefined || path === undefined) return [];
  if ((booleanOf(entry['live']) === true) !== (mode === 'live')) return [];
  const isSold = products.some((product) => product.toLowerCase() === path);
  const until = nextCharge(entry);
  const own = { subscription, at, isSold, ...(until !== undefined && { until }) };
  switch (stateOf(entry)) {
    case 'active':
    case 'trial':
      return [{ ...own, standing: 'running' }];
    case 'canceled':
      // Without its last day, it moves nothing.
      if (dayIn(entry['deactivationDate']) === undefined) return [];
      return [{ ...own, standing: 'ending', payload: eventOf('canceled', subscription, at, entry) }];
    case 'deactivated':
      return [{ ...own, standing: 'ended', payload: eventOf('deactivated', subscription, at, entry) }];
    default:
      // Overdue and paused ones are charged or end: both are listed then.
      return [];
  }
}

/** The event that would have told it. */
function eventOf(kind: string, subscription: string, at: number, entry: Loose): string {
  return JSON.stringify({
    id: `listed-${subscription}-${kind}-${at}`,
    type: `subscription.${kind}`,
    live: booleanOf(entry['live']) === true,
    created: at,
    data: { ...entry, id: subscription },
  });
}
