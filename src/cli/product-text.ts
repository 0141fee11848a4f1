/** A product in words. */
import { counted } from '../domain/values/counted.ts';
import type { Product } from '../domain/values/product.ts';

/** What a buyer gets, on one line. */
export function describeProduct(product: Product): string {
  const { term, grace, updates, seats, grants, trial } = product;
  return [
    `${product.name}${trial ? ' (trial)' : ''}`,
    term === 'perpetual'
      ? 'valid for good'
      : `valid for ${inWords(term)}${isNone(grace) ? '' : ` and ${inWords(grace)} of grace`}`,
    updates === 'unlimited' ? 'all updates' : `updates for ${inWords(updates)}`,
    `${product.quantity === 'codes' ? 'a code for each unit' : 'one code for all units'}, ${seatsInWords(seats)}`,
    grants.length > 0 ? `features ${grants.join(', ')}` : 'no features',
    soldAt(product),
  ].join('; ');
}

function seatsInWords(seats: number): string {
  if (seats === 0) return 'seats without limit';
  return counted(seats, 'seat');
}

function soldAt({ marketplaces }: Product): string {
  const names = Object.entries(marketplaces).map(([name, { products }]) =>
    products.length === 0 ? name : `${name} as ${products.join(' or ')}`,
  );
  return names.length > 0 ? `sold at ${names.join(', ')}` : 'sold at no marketplace';
}

const UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };

/** `P1Y6M` as "1 year 6 months". */
function inWords(period: string): string {
  const parts = [...period.matchAll(/(\d+)([YMWD])/g)].filter(([, count]) => Number(count) !== 0);
  return parts.map(([, count, unit = '']) => counted(Number(count), UNITS[unit] ?? '')).join(' ');
}

function isNone(period: string): boolean {
  return inWords(period) === '';
}
