/**
 * The paid orders that FastSpring's API lists (GET /orders): a sale that no event and no license request told is missed by it,
 * whatever its age. Rebills are orders too, and need no license of their own.
 */
import type { HistoryPage, ListedSale } from '../../domain/desk/reconcile.ts';
import type { ApiCall } from '../api.ts';
import { booleanOf, type Loose, textOf, timeOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { daysOf, listedPages } from './listed.ts';
import { orderNames } from './order-names.ts';

/** `callOf` makes a call of a path. */
export async function* readOrders(
  callOf: (path: string) => ApiCall,
  wanted: WantedHistory,
): AsyncGenerator<HistoryPage> {
  const query = { ...daysOf(wanted), scope: wanted.mode, status: 'completed' };
  for await (const page of listedPages({ list: 'orders', id: 'order', query }, callOf, wanted)) {
    if (page.outcome === 'stopped') return yield page;
    yield {
      outcome: 'read',
      payloads: [],
      sales: page.entries.flatMap((order) => saleOf(order, wanted)),
    };
  }
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
