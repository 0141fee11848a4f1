/** The flags: raised once each, settled once. Writes are to be run inside a transaction. */

import type { Market } from '../../domain/changes.ts';
import {
  type Flag,
  type FlagKind,
  isSettledByItself,
  type RaisedFlag,
  unknownProductReason,
} from '../../domain/flag.ts';
import type { FlagQuery } from '../../domain/ledger.ts';
import { flagOf, flagRow } from '../record/mapping.ts';
import type { FlagRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealFlag } from '../record/seals.ts';
import { FLAG_COLUMNS } from './columns.ts';
import type { Connection } from './connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

export class Flags {
  readonly #sealer: Sealer;
  readonly #pen: Pen;
  readonly #known;
  readonly #insert;
  readonly #one;
  readonly #settle;
  readonly #replace;
  readonly #find;
  readonly #count;
  readonly #orders;
  readonly #idOf;

  constructor(connection: Connection, { sealer, pen }: { readonly sealer: Sealer; readonly pen: Pen }) {
    this.#sealer = sealer;
    this.#pen = pen;
    this.#known = connection.prepare<[RaisedFlag], FlagRow>(
      'SELECT * FROM flag WHERE key = +$key AND marketplace = +$marketplace AND mode = +$mode',
    );
    this.#idOf = connection
      .prepare<[object], number>(
        'SELECT id FROM flag WHERE key = +$key AND marketplace = +$marketplace AND mode = +$mode',
      )
      .pluck();
    this.#insert = prepareInsert<FlagRow>(connection, 'flag', FLAG_COLUMNS);
    this.#one = connection.prepare<[number], FlagRow>('SELECT * FROM flag WHERE id = +?');
    this.#settle = connection.prepare<[FlagRow]>(
      'UPDATE flag SET settled_at = $settled_at, settled_by = $settled_by, seal = $seal WHERE id = +$id',
    );
    this.#replace = connection.prepare<[FlagRow]>(`
      UPDATE flag SET kind = $kind, reason = $reason, order_id = $order_id, product = $product, event_id = $event_id,
        at = $at, settled_at = NULL, settled_by = NULL, seal = $seal
      WHERE id = +$id`);
    this.#find = connection.prepare<[object], FlagRow>(`
      SELECT * FROM flag
      WHERE ($id IS NULL OR id = $id) AND ($key IS NULL OR key = $key) AND ($event IS NULL OR event_id = $event)
        AND ($kind IS NULL OR kind = $kind)
        AND ($order IS NULL OR order_id = $order) AND ($settled IS NULL OR (settled_at IS NOT NULL) = $settled)
      ORDER BY id DESC LIMIT $limit`);
    this.#orders = connection
      .prepare<[object], number>(
        'SELECT count(*) FROM owed WHERE line = +$line AND marketplace = +$marketplace AND mode = +$mode AND missing > 0',
      )
      .pluck();
    this.#count = connection.prepare<[], { kind: FlagKind; flags: number }>(
      'SELECT kind, count(*) AS flags FROM flag WHERE settled_at IS NULL GROUP BY kind',
    );
  }

  /** A flag whose key is known stays as it is, but for one whose cause had gone away. */
  raise(flag: RaisedFlag): void {
    const known = this.#known.get(flag);
    if (known !== undefined) {
      if (isSettledByItself(known.settled_by)) this.#reopen(known, flag);
      return;
    }
    const row = flagRow(this.#pen.strokes.next('flag'), flag);
    const seal = sealFlag(this.#sealer, row);
    this.#insert({ ...row, seal });
    this.#pen.strokes.count('flag', undefined, seal);
  }

  #reopen(known: FlagRow, flag: RaisedFlag): void {
    const row = flagRow(known.id, flag);
    const seal = sealFlag(this.#sealer, row);
    this.#replace.run({ ...row, seal });
    this.#pen.strokes.count('flag', sealFlag(this.#sealer, known), seal);
  }

  /** True unless it is settled already, or not there. */
  settle(id: number, at: number, by: string): boolean {
    const row = this.#one.get(id);
    if (row === undefined || row.settled_at !== null) return false;
    const settled = { ...row, settled_at: at, settled_by: by };
    const seal = sealFlag(this.#sealer, settled);
    this.#settle.run({ ...settled, seal });
    this.#pen.strokes.count('flag', sealFlag(this.#sealer, row), seal);
    return true;
  }

  /** Settles the flag of a key, where it is raised and not settled. */
  settleKey(key: string, { marketplace, mode }: Market, at: number, by: string): void {
    const id = this.#idOf.get({ key, marketplace, mode });
    if (id !== undefined) this.settle(id, at, by);
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

  /** One flag stands for all sales of a path: it says how many there are by now. */
  #counted(flag: Flag): Flag {
    if (flag.kind !== 'unknown-product') return flag;
    const { marketplace, mode, product: line } = flag;
    const orders = this.#orders.get({ marketplace, mode, line }) ?? 0;
    return { ...flag, reason: unknownProductReason(line ?? '', orders) };
  }

  /** Unsettled ones by kind. */
  count(): Readonly<Partial<Record<FlagKind, number>>> {
    return Object.fromEntries(this.#count.all().map(({ kind, flags }) => [kind, flags]));
  }
}
