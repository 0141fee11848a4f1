/** The table `owed`: lines that were sold and have fewer licenses than units. */
import type { Market, OwedLine } from '../../domain/changes.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface OwedRow {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly line: string;
  readonly product: string | null;
  readonly quantity: number;
  readonly missing: number;
  readonly since: number;
  readonly due: number | null;
  readonly seal: Buffer;
}

export const OWED_COLUMNS: readonly (keyof OwedRow)[] = [
  'marketplace',
  'mode',
  'order_id',
  'line',
  'product',
  'quantity',
  'missing',
  'since',
  'due',
  'seal',
];

/**
 * A row of `owed` counts as undelivered: a file names its product, or nothing does, until its flag is settled. A path that no
 * file names has a flag for all its sales. While the row is due, its flag is not raised yet.
 */
export const IS_UNDELIVERED = `(owed.product IS NOT NULL OR (owed.line = '' AND (owed.due IS NOT NULL OR EXISTS (
  SELECT 1 FROM flag f
  WHERE f.order_id = owed.order_id AND f.marketplace = owed.marketplace AND f.mode = owed.mode
    AND f.kind = 'undelivered' AND f.settled_at IS NULL))))`;

export function sealOwed(sealer: Sealer, row: Unsealed<OwedRow>): Buffer {
  const { marketplace, mode, order_id, line, product, quantity, missing, since, due } = row;
  return sealer.seal('owed', marketplace, mode, order_id, line, product, quantity, missing, since, due);
}

export function owedRow({ order, ...line }: OwedLine, { marketplace, mode }: Market): Unsealed<OwedRow> {
  return { ...line, marketplace, mode, order_id: order };
}

export function owedLine(row: Unsealed<OwedRow>): OwedLine {
  const { order_id, line, product, quantity, missing, since, due } = row;
  return { order: order_id, line, product, quantity, missing, since, due };
}
