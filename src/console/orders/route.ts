/** GET /console/MODE/orders: the orders, newest first, by page or as CSV. */
import type { ListedOrder, OrderPageQuery } from '../../domain/ports/ledger-reader.ts';
import { isDay, startOfDay } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import { MANUAL } from '../../domain/values/order.ts';
import { csv } from '../../message/csv.ts';
import { type Filters, readFilters } from '../filters.ts';
import { STATES } from '../state-tag.ts';
import { query, type Screen, type Visit } from '../visit.ts';
import { type OrderFilter, ordersPage } from './page.ts';
import { unitsOf } from './table.ts';

const A_PAGE = 50;
const MOST_IN_CSV = 5_000;
const DAY = 86_400_000;

export const orders: Screen = {
  path: '/orders',
  get: async (visit) => {
    const filters = orderFilters(visit);
    const isCsv = query(visit, 'as') === 'csv';
    const found = await visit.parts.reader.listOrderPage(
      asQuery(visit, filters, isCsv ? MOST_IN_CSV : A_PAGE),
    );
    if (isCsv)
      return { file: asCsv(found), name: `orders-${visit.mode}.csv`, type: 'text/csv; charset=utf-8' };
    const last = found.at(-1)?.number;
    const next = found.length >= A_PAGE && last !== undefined && last > 1 ? last : undefined;
    return {
      title: 'Orders',
      nav: 'orders',
      counterpart: 'orders',
      body: ordersPage(visit, { found, filters, next }),
    };
  },
};

function orderFilters(visit: Visit): Filters<OrderFilter> {
  const { parts } = visit;
  const marketplaces = [...parts.marketplaces.map(({ name }) => name), MANUAL];
  return readFilters(visit, {
    product: (text) => text.length <= 64,
    marketplace: (text) => marketplaces.includes(text),
    state: (text) => STATES.some((state) => state === text),
    from: isDay,
    to: isDay,
  });
}

function asQuery(visit: Visit, { given }: Filters<OrderFilter>, limit: number): OrderPageQuery {
  const before = Number(query(visit, 'before'));
  return {
    mode: visit.mode,
    now: visit.now,
    limit,
    before: Number.isSafeInteger(before) && before > 0 ? before : undefined,
    product: given.product,
    marketplace: given.marketplace,
    state: given.state as LicenseState | undefined,
    from: given.from === undefined ? undefined : startOfDay(given.from),
    to: given.to === undefined ? undefined : startOfDay(given.to) + DAY,
  };
}

const HEAD = [
  'time',
  'marketplace',
  'order',
  'product',
  'units',
  'active',
  'suspended',
  'ended',
  'revoked',
  'missing',
];

function asCsv(orders: readonly ListedOrder[]): string {
  const rows = orders.map((order) => [
    new Date(order.at).toISOString(),
    order.marketplace,
    order.order,
    order.product ?? order.line,
    unitsOf(order),
    ...STATES.map((state) => order.licenses[state]),
    order.missing,
    order.customer.name,
    order.customer.email,
  ]);
  return csv([...HEAD, 'name', 'email'], rows);
}
