/** `mintmark products`: are the product files in order, and what does a buyer get? */
import type { Command } from 'commander';
import { loadCatalog } from '../catalog.ts';
import type { Product } from '../domain/product.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';

export function productsCommand(context: CliContext): Command {
  const products = commandIn(context, 'products').description('check the product files');
  products
    .command('check')
    .description('check every product file, and say what a buyer of each gets')
    .option('--json', 'print {products}')
    .addHelpText(
      'after',
      `
All faults of all files are told at once, each as file:line: fault. The service does not start while there is one.

Example:
  $ ${RUN} products check`,
    )
    .action((options: { json?: true }) => check(context, options));
  return products;
}

async function check(context: CliContext, options: { json?: true }): Promise<void> {
  const products = (await loadCatalog(context.config().productsDir)).all();
  if (options.json) return printJson(context, { products });
  for (const product of products) context.stdout(`${product.id}: ${describeProduct(product)}\n`);
}

/** What a buyer gets, in a line. */
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
  return seats === 1 ? '1 seat' : `${seats} seats`;
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
  return parts
    .map(([, count, unit = '']) => `${Number(count)} ${UNITS[unit]}${Number(count) === 1 ? '' : 's'}`)
    .join(' ');
}

function isNone(period: string): boolean {
  return inWords(period) === '';
}
