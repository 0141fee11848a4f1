/** The list of orders. */
import type { ListedOrder } from '../../domain/ports/ledger-reader.ts';
import { html, type Markup } from '../../html/markup.ts';
import {
  choice,
  dayField,
  type Filters,
  filterForm,
  isFiltered,
  listAddress,
  pager,
  refusedNote,
} from '../filters.ts';
import { STATES } from '../state-tag.ts';
import { at, query, type Visit } from '../visit.ts';
import { ordersTable } from './table.ts';

export type OrderFilter = 'product' | 'marketplace' | 'state' | 'from' | 'to';

export interface OrdersValues {
  readonly found: readonly ListedOrder[];
  readonly filters: Filters<OrderFilter>;
  /** The key of the last order, if there are older ones. */
  readonly next: number | undefined;
}

export function ordersPage(visit: Visit, { found, filters, next }: OrdersValues): Markup {
  const { parts } = visit;
  const path = at(visit, 'orders');
  const { given } = filters;
  return html`<div class="head"><h1>Orders</h1><p class="soft">newest first</p><span class="spacer"></span>${found.length > 0 && html`<a class="button" href="${listAddress(path, filters, { as: 'csv' })}">As CSV</a>`}</div>
<div class="stack">
${filterForm(path, [
  choice(
    'product',
    'Product',
    given.product,
    parts.catalog.all().map(({ id, name }) => [id, name]),
  ),
  choice('marketplace', 'Sold at', given.marketplace, [
    ...parts.marketplaces.map(({ name, title }) => [name, title] as const),
    ['manual', 'by hand'],
  ]),
  choice(
    'state',
    'License',
    given.state,
    STATES.map((state) => [state, state]),
  ),
  dayField('from', 'From', given.from),
  dayField('to', 'To', given.to),
])}
${refusedNote(filters)}
<section class="card" aria-label="Orders">${found.length > 0 ? ordersTable(visit, found, 'Orders, as a table') : empty(visit, filters)}
${pager(path, filters, next, query(visit, 'before') === undefined)}</section>
</div>`;
}

function empty(visit: Visit, filters: Filters<OrderFilter>): Markup {
  if (isFiltered(filters))
    return html`<div class="empty"><p>No order fits.</p><p>Filtered by ${Object.entries(filters.given)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}.</p><p><a href="${at(visit, 'orders')}">Take the filter away</a></p></div>`;
  return html`<div class="empty"><p>Nothing was sold here yet.</p><p><a href="${at(visit, '')}">How to try it</a></p></div>`;
}
