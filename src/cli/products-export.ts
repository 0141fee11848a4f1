/** `mintmark products export`: prints the product data that a program embeds beside the keyring. */
import type { Command } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';

export function addProductsExport(products: Command, context: CliContext): void {
  products
    .command('export')
    .description("print a product's id and feature names for your program, as JSON")
    .argument('<product>', 'the product id')
    .addHelpText(
      'after',
      `
A reader that gets the feature names answers  verdict.has('export')  by name. Their order is that of the product file.

Example: put them into your program, beside the keyring
  $ ${RUN} products export example > ../product.json`,
    )
    .action(async (id: string) => {
      const { productsDir } = context.config();
      const product = (await loadCatalog(productsDir)).get(id);
      if (product === undefined) {
        throw new AppError(
          'not_found',
          `No file ${productsDir}/${id}.md: products check lists the products.`,
        );
      }
      printJson(context, { product: product.id, features: product.features });
    });
}
