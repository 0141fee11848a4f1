/** `mintmark products check`: faults of the product files, and what differs for licenses that were sold. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import { checkSoldTerms, loadSoldTerms, soldTermsFaults, type TermsFinding } from '../domain/sold-terms.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { describeProduct } from './product-text.ts';

interface Json {
  readonly json?: true;
}

export function addProductsCheck(products: Command, context: CliContext): void {
  products
    .command('check')
    .description('check every product file, say what a buyer of each gets, and what sold licenses live by')
    .option('--json', 'print {products, sold}')
    .addHelpText(
      'after',
      `
All faults of all files are told at once, each as file:line: fault. The service does not start while there is one.
A sold license keeps the terms of its day; a changed file holds for new sales, until  products apply  moves sold ones.

Example:
  $ ${RUN} products check`,
    )
    .action((options: Json) => check(context, options));
}

async function check(context: CliContext, options: Json): Promise<void> {
  const config = context.config();
  const catalog = await loadCatalog(config.productsDir);
  // Before the first start there is no ledger, and nothing was sold.
  const sold = existsSync(config.ledgerFile) ? await soldFindings(context, catalog) : [];
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
  const sold = `${licenses} sold license${licenses === 1 ? '' : 's'}`;
  if (finding.kind === 'no file') {
    const lives = finding.isKept
      ? 'renewals and refunds go on by the terms of their day'
      : 'no terms were kept with them, so renewals and refunds fail';
    return `${product}: its file is gone, and ${sold} of it are on record: ${lives}. New sales of it are refused; put the file back to sell it.\n`;
  }
  const differs = finding.differences.map(({ key, sold: was, now }) => `  ${key}: ${was}, now ${now}\n`);
  const move = `  to move them:  ${RUN} products apply ${product} --reason …\n`;
  return `${product}: ${sold} live by other terms than the file:\n${differs.join('')}${move}`;
}
