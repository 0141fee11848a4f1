/** `mintmark products check`: faults of the product files, and how their terms differ from those of sold licenses. */
import type { Command } from 'commander';
import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import {
  checkSoldTerms,
  loadSoldTerms,
  soldTermsFaults,
  type TermsFinding,
} from '../domain/life/sold-terms.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { hasLedger } from '../service/open.ts';
import { type CliContext, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { describeProduct } from './product-text.ts';

interface Json {
  readonly json?: true;
}

export function addProductsCheck(products: Command, context: CliContext): void {
  products
    .command('check')
    .description(
      'check every product file; print what its buyer gets, and how the terms of sold licenses differ',
    )
    .option('--json', 'print {products, sold}')
    .addHelpText(
      'after',
      `
Prints all faults of all files, each as file:line: fault. The service does not start while there is a fault.
A sold license keeps the terms of its sale; a changed file is for new sales, until  products apply  moves sold licenses.

Example:
  $ ${RUN} products check`,
    )
    .action((options: Json) => check(context, options));
}

async function check(context: CliContext, options: Json): Promise<void> {
  const config = context.config();
  const catalog = await loadCatalog(config.productsDir);
  // There is no ledger before the first start, so nothing was sold.
  const sold = (await hasLedger(config)) ? await soldFindings(context, catalog) : [];
  if (options.json) printJson(context, { products: catalog.all(), sold });
  else {
    for (const product of catalog.all()) context.stdout(`${product.id}: ${describeProduct(product)}\n`);
    for (const finding of sold) context.stdout(findingText(finding));
  }
  const faults = soldTermsFaults(sold);
  if (faults.length > 0) {
    throw new AppError('bad_configuration', `The products have faults:\n${faults.join('\n')}`);
  }
}

function soldFindings(context: CliContext, catalog: Catalog): Promise<readonly TermsFinding[]> {
  return withLedger(context, async (ledger) =>
    checkSoldTerms(await loadSoldTerms(ledger), (id) => {
      const product = catalog.get(id);
      return product && keptTermsOf(product);
    }),
  );
}

export function findingText(finding: TermsFinding): string {
  const { product, licenses } = finding;
  const sold = counted(licenses, 'sold license');
  if (finding.kind === 'no file') {
    const lives = finding.isKept
      ? 'renewals and refunds use the terms of the sale'
      : 'their terms were not kept, so renewals and refunds fail';
    return `${product}: its file is gone, but the ledger has ${sold} of it: ${lives}. Sales of its paths are refused unless another file names them now; put the file back to sell it under this id.\n`;
  }
  const differs = finding.differences.map(({ key, sold: was, now }) => `  ${key}: ${was}, now ${now}\n`);
  const move = `  to move them:  ${RUN} products apply ${product} --reason …\n`;
  return `${product}: ${sold} have other terms than the file:\n${differs.join('')}${move}`;
}
