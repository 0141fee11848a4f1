/** Reads and writes flags: each is raised once and settled once. Writes need a transaction. */

import type { Market } from '../../domain/changes.ts';
import type { FlagQuery } from '../../domain/ledger.ts';
import {
  BY_ITSELF,
  type Flag,
  type FlagKind,
  isSettledByItself,
  type RaisedFlag,
  unknownProductReason,
} from '../../domain/values/flag.ts';
import { FLAG_COLUMNS, type FlagRow, flagOf, flagRow, sealFlag } from '../record/flag-row.ts';
import { aggregate } from './aggregate.ts';
import { equal, IN_MARKET } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

type Key = Pick<RaisedFlag, 'key' | 'marketplace' | 'mode'>;

export class Flags {
  readonly #pen: Pen;
  readonly #known;
  readonly #insert;
  readonly #one;
  readonly #settle;
  readonly #replace;
  readonly #find;
  readonly #count;
  readonly #orders;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#known = connection.prepare<[Key], FlagRow>(
      `SELECT * FROM flag WHERE ${equal('key')} AND ${IN_MARKET}`,
    );
    this.#insert = prepareInsert<FlagRow>(connection, 'flag', FLAG_COLUMNS);
    this.#one = connection.prepare<[{ readonly id: number }], FlagRow>(
      `SELECT * FROM flag WHERE ${equal('id')}`,
    );
    this.#settle = connection.prepare<[FlagRow]>(
      `UPDATE flag SET settled_at = $settled_at, settled_by = $settled_by, seal = $seal WHERE ${equal('id')}`,
    );
    this.#replace = connection.prepare<[FlagRow]>(`
      UPDATE flag SET kind = $kind, reason = $reason, order_id = $order_id, product = $product, event_id = $event_id,
        at = $at, settled_at = NULL, settled_by = NULL, seal = $seal
      WHERE ${equal('id')}`);
    this.#find = connection.prepare<[object], FlagRow>(`
      SELECT * FROM flag
      WHERE ($id IS NULL OR id = $id) AND ($key IS NULL OR key = $key) AND ($event IS NULL OR event_id = $event)
        AND ($kind IS NULL OR kind = $kind)
        AND ($order IS NULL OR order_id = $order) AND ($settled IS NULL OR (settled_at IS NOT NULL) = $settled)
      ORDER BY id DESC LIMIT $limit`);
    this.#orders = connection
      .prepare<[Market & { readonly line: string | null }], number>(
        `SELECT count(*) FROM owed WHERE ${equal('line')} AND ${IN_MARKET} AND missing > 0 AND product IS NULL`,
      )
      .pluck();
    this.#count = connection.prepare<[], { kind: FlagKind; flags: number }>(
      'SELECT kind, count(*) AS flags FROM flag WHERE settled_at IS NULL GROUP BY kind',
    );
  }

  /** Inserts the flag. A flag of the same key stays as it is, or opens again if it was settled because its cause ended. */
  raise(flag: RaisedFlag): void {
    const known = this.#known.get(flag);
    if (known !== undefined) {
      if (isSettledByItself(known.settled_by)) this.#reopen(known, flag);
      return;
    }
    const { sealer, counter } = this.#pen;
    const row = flagRow(counter.next('flag'), flag);
    const seal = sealFlag(sealer, row);
    this.#insert.run({ ...row, seal });
    counter.count('flag', undefined, seal);
  }

  #reopen(known: FlagRow, flag: RaisedFlag): void {
    const row = flagRow(known.id, flag);
    const seal = sealFlag(this.#pen.sealer, row);
    this.#replace.run({ ...row, seal });
    this.#pen.counter.count('flag', sealFlag(this.#pen.sealer, known), seal);
  }

  /** Returns false if the flag does not exist or is settled already. */
  settle(id: number, at: number, by: string): boolean {
    const row = this.#one.get({ id });
    if (row === undefined || row.settled_at !== null) return false;
    const settled = { ...row, settled_at: at, settled_by: by };
    const seal = sealFlag(this.#pen.sealer, settled);
    this.#settle.run({ ...settled, seal });
    this.#pen.counter.count('flag', sealFlag(this.#pen.sealer, row), seal);
    return true;
  }

  /** Settles the flag of a key, if it exists. */
  settleKey(key: string, { marketplace, mode }: Market, at: number, by: string): void {
    const known = this.#known.get({ key, marketplace, mode });
    if (known !== undefined) this.settle(known.id, at, by);
  }

  /** Raises the flag if it is so, else settles it. */
  note(flag: RaisedFlag, isSo: boolean): void {
    if (isSo) this.raise(flag);
    else this.settleKey(flag.key, flag, flag.at, `${BY_ITSELF}: its cause is gone`);
  }

  find({ id, key, kind, event, order, settled, limit }: FlagQuery): readonly Flag[] {
    const rows = this.#find.all({
      id: id ?? null,
      key: key ?? null,
      kind: kind ?? null,
      event: event ?? null,
      order: order ?? null,
      settled: settled === undefined ? null : Number(settled),
      limit,
    });
    return rows.map((row) => this.#counted(flagOf(row)));
  }

  /** One flag covers all sales of an unknown line: its reason has their current number. */
  #counted(flag: Flag): Flag {
    if (flag.kind !== 'unknown-product') return flag;
    const { marketplace, mode, product: line } = flag;
    const orders = aggregate(this.#orders, { marketplace, mode, line });
    return { ...flag, reason: unknownProductReason(line ?? '', orders) };
  }

  /** Unsettled flags by kind. */
  count(): Readonly<Partial<Record<FlagKind, number>>> {
    return Object.fromEntries(this.#count.all().map(({ kind, flags }) => [kind, flags]));
  }
}
