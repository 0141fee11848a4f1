/**
 * The paid orders that FastSpring's API lists (GET /orders, then /orders/ID,ID): a sale that no event and no license request
 * told is missed by it, whatever its age. Rebills are orders too, and need no license of their own.
 */
import type { HistoryPage, ListedSale } from '../../domain/desk/reconcile.ts';
import { type ApiCall, askPatiently } from '../api.ts';
import { booleanOf, type Loose, listOf, numberOf, recordOf, textOf, timeOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { orderNames } from './order-names.ts';

const PAGE_SIZE = 50;
const DAY_MILLISECONDS = 86_400_000;

/** `callOf` makes a call of a path. */
export async function* readOrders(
  callOf: (path: string) => ApiCall,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage> {
  const { mode, since, now } = wanted;
  // The end has to be a day after the begin at least.
  const [begin, end] = [dayText(since), dayText(now + DAY_MILLISECONDS)];
  for (let page: number | undefined = 1; page !== undefined; ) {
    const query = new URLSearchParams({
      begin,
      end,
      scope: mode,
      status: 'completed',
      limit: String(PAGE_SIZE),
    });
    query.set('page', String(page));
    const listed = await askPatiently(callOf(`orders?${query}`), wanted);
    if (listed.outcome === 'stopped') return yield listed;
    const { orders, nextPage } = recordOf(listed.json);
    if (!Array.isArray(orders)) return yield { outcome: 'stopped', answer: 'no list of orders came' };
    const ids = orders.flatMap((order) => orderNames(order).id ?? []);
    if (ids.length > 0) {
      const path = ids.map((id) => encodeURIComponent(id)).join(',');
      const told = await askPatiently(callOf(`orders/${path}`), wanted);
      if (told.outcome === 'stopped') return yield told;
      yield {
        outcome: 'read',
        payloads: [],
        sales: ordersIn(told.json).flatMap((order) => saleOf(order, wanted)),
      };
    }
    const next: number | undefined = numberOf(nextPage);
    page = next !== undefined && next > page && ids.length > 0 ? next : undefined;
  }
}

/** Several are a list; one may be the answer itself. */
function ordersIn(answer: unknown): readonly Loose[] {
  const { orders } = recordOf(answer);
  return Array.isArray(orders) ? listOf(orders) : [recordOf(answer)];
}

function saleOf(order: Loose, { mode, since }: WantedHistory): ListedSale[] {
  const { id, reference } = orderNames(order);
  const at = timeOf(order['changed']) ?? timeOf(order['changedValue']);
  const name = reference ?? id;
  if (name === undefined || at === undefined || at < since || isRebill(order)) return [];
  if (booleanOf(order['completed']) !== true) return [];
  if ((booleanOf(order['live']) === true) !== (mode === 'live')) return [];
  return [{ names: id === undefined || id === name ? [name] : [name, id], at }];
}

/** The reference of a rebill ends with B. A rebill without it is missed like a sale: a person looks. */
function isRebill({ reference }: Loose): boolean {
  return /\dB$/i.test(textOf(reference) ?? '');
}

function dayText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
