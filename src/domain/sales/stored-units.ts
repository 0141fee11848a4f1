/** Separate Multibuy: which units of an order have a code that the marketplace stored. */
import type { LedgerLicense } from '../changes.ts';
import { licenseIdText } from '../facts/license-subject.ts';
import { unitKey } from './line-key.ts';

/**
 * The keys of the units of a license's order and product that `stored` names, by any license of the unit: each unit
 * counts once. Ids of other orders do not count: the stored text may quote any code.
 */
export function storedUnits(
  stored: readonly string[],
  { order, product }: Pick<LedgerLicense, 'order' | 'product'>,
  licenses: readonly LedgerLicense[],
): ReadonlySet<string> {
  const isStored = ({ id }: LedgerLicense) => stored.includes(licenseIdText(id));
  return new Set(
    licenses
      .filter((other) => other.order === order && other.product === product && isStored(other))
      .map(unitKey),
  );
}
