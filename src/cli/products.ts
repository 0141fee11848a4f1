/** `mintmark products`: checks, applies and exports the product files, and settles unknown paths. */
import type { Command } from 'commander';
import { type CliContext, commandIn } from './context.ts';
import { addProductsApply } from './products-apply.ts';
import { addProductsCheck } from './products-check.ts';
import { addProductsExport } from './products-export.ts';
import { addProductsPaths } from './products-paths.ts';

export function productsCommand(context: CliContext): Command {
  const products = commandIn(context, 'products').description(
    'check, apply and export the product files, deliver or ignore unknown paths',
  );
  addProductsCheck(products, context);
  addProductsApply(products, context);
  addProductsPaths(products, context);
  addProductsExport(products, context);
  return products;
}
