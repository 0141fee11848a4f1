/** `mintmark products`: are the product files in order, and what becomes of what was sold by them? */
import type { Command } from 'commander';
import { type CliContext, commandIn } from './context.ts';
import { addProductsApply } from './products-apply.ts';
import { addProductsCheck } from './products-check.ts';
import { addProductsExport } from './products-export.ts';
import { addProductsPaths } from './products-paths.ts';

export function productsCommand(context: CliContext): Command {
  const products = commandIn(context, 'products').description(
    'check the product files, apply them to sold licenses, deliver or ignore what none of them names, export what your program needs',
  );
  addProductsCheck(products, context);
  addProductsApply(products, context);
  addProductsPaths(products, context);
  addProductsExport(products, context);
  return products;
}
