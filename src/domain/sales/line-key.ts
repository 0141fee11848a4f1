/** Map keys of lines and units. Plain text, because JSON would cost more than the lookup. */
import type { LedgerLicense } from '../changes.ts';

interface Named {
  readonly order: string;
  readonly line: string;
  /** null: no product file names the line. */
  readonly product: string | null;
}

/** Unique: the lengths separate the parts. */
export function lineKey({ order, line, product }: Named): string {
  return `${order.length} ${line.length} ${product?.length} ${order}${line}${product}`;
}

export function unitKey(license: Pick<LedgerLicense, 'order' | 'line' | 'product' | 'unit'>): string {
  return `${lineKey(license)} ${license.unit}`;
}
