/** The table `flag`: what a person must look at, or has looked at. */
import type { Flag, FlagKind, RaisedFlag } from '../../domain/values/flag.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface FlagRow {
  readonly id: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly key: string;
  readonly kind: FlagKind;
  readonly reason: string;
  readonly order_id: string | null;
  readonly product: string | null;
  readonly event_id: string | null;
  readonly at: number;
  readonly settled_at: number | null;
  readonly settled_by: string | null;
  readonly seal: Buffer;
}

export const FLAG_COLUMNS: readonly (keyof FlagRow)[] = [
  'id',
  'marketplace',
  'mode',
  'key',
  'kind',
  'reason',
  'order_id',
  'product',
  'event_id',
  'at',
  'settled_at',
  'settled_by',
  'seal',
];

export function sealFlag(sealer: Sealer, row: Unsealed<FlagRow>): Buffer {
  const { id, marketplace, mode, key, kind, reason, order_id, product, event_id, at } = row;
  const raised = [id, marketplace, mode, key, kind, reason, order_id, product, event_id, at] as const;
  return sealer.seal('flag', ...raised, row.settled_at, row.settled_by);
}

/** The row of a flag that is not settled. */
export function flagRow(id: number, flag: RaisedFlag): Unsealed<FlagRow> {
  const { marketplace, mode, key, kind, reason, order, product, event, at } = flag;
  const head = { id, marketplace, mode, key, kind, reason, order_id: order, product, event_id: event, at };
  return { ...head, settled_at: null, settled_by: null };
}

export function flagOf(row: Unsealed<FlagRow>): Flag {
  const { id, marketplace, mode, key, kind, reason, product, at } = row;
  const about = { order: row.order_id, product, event: row.event_id };
  const settled = { settledAt: row.settled_at, settledBy: row.settled_by };
  return { id, marketplace, mode, key, kind, reason, ...about, at, ...settled };
}
