/** The table `owed`: lines that were sold and have fewer licenses than units. */
import type { Market, OwedLine } from '../../domain/changes.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
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
