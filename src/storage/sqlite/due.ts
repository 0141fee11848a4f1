/** Finds and settles orders that time alone changes. */
import type { Market } from '../../domain/changes.ts';
import type { Connection } from './file/connection.ts';

/** Orders settled in one call of settleDueOrders. */
const BATCH = 100;

export interface DueOrder extends Market {
  readonly order: string;
}

export interface DueRow extends DueOrder {
  readonly due: number;
}

export interface DueQuery {
  readonly from: number;
  readonly now: number;
  readonly limit: number;
}

export class DueFinder {
  readonly #select;

  constructor(connection: Connection) {
    this.#select = connection.prepare<[DueQuery], DueRow>(`
      SELECT marketplace, mode, order_id AS "order", min(due) AS due FROM (
        SELECT * FROM (
          SELECT marketplace, mode, order_id, due FROM license WHERE due <= $now AND due >= $from
          ORDER BY due LIMIT $limit)
        UNION ALL
        SELECT * FROM (
          SELECT marketplace, mode, order_id, due FROM owed WHERE due <= $now AND due >= $from
          ORDER BY due LIMIT $limit)
      ) GROUP BY marketplace, mode, order_id ORDER BY due LIMIT $limit`);
  }

  /** Orders with a due date from `from` to `now`, the earliest first. */
  find(query: DueQuery): readonly DueRow[] {
    return this.#select.all(query);
  }
}

/**
 * Settles one batch of due orders. Returns how many changed; 0 once none is left to settle. An order that fails, for
 * example because its product file is missing, does not stop the others; its error is thrown at the end.
 */
export async function settleDueOrders(
  now: number,
  find: (query: DueQuery) => Promise<readonly DueRow[]>,
  settle: (order: DueOrder) => Promise<boolean>,
): Promise<number> {
  let fault: unknown;
  for (let from = 0; ; ) {
    const orders = await find({ from, now, limit: BATCH });
    const settled = await Promise.allSettled(orders.map(settle));
    for (const each of settled) if (each.status === 'rejected') fault ??= each.reason;
    const changed = settled.filter((each) => each.status === 'fulfilled' && each.value).length;
    const last = orders.at(-1);
    if (changed > 0) return changed;
    if (last === undefined || orders.length < BATCH) break;
    from = last.due + 1;
  }
  if (fault !== undefined) throw fault;
  return 0;
}
