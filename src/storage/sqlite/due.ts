/** Which stories have something that becomes true by time alone. */
import type { Market } from '../../domain/changes.ts';
import type { Connection } from './connection.ts';

export interface DueOrder extends Market {
  readonly order: string;
}

interface DueRow extends DueOrder {
  readonly due: number;
}

export class DueFinder {
  readonly #select;

  constructor(connection: Connection) {
    this.#select = connection.prepare<[object], DueRow>(`
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

  /** Orders with a due date up to `now` and from `from` on, the earliest first. */
  find(from: number, now: number, limit: number): readonly DueRow[] {
    return this.#select.all({ from, now, limit });
  }
}
