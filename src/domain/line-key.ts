/** Keys for maps of lines and units: plain texts, as JSON costs a decision more than what it looks up. */
import type { LedgerLicense } from './changes.ts';

interface Named {
  readonly order: string;
  readonly line: string;
  /** null: no product file names it. */
  readonly product: string | null;
}

/** No two lines have the same: the lengths keep the borders. */
export function lineKey({ order, line, product }: Named): string {
  return `${order.length} ${line.length} ${product === null ? '' : '='}${order}${line}${product}`;
}

export function unitKey(license: Pick<LedgerLicense, 'order' | 'line' | 'product' | 'unit'>): string {
  return `${lineKey(license)} ${license.unit}`;
}
