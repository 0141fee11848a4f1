/** `mintmark preview`: the mail of a product as a customer sees it, with made-up codes. */
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { Marked } from 'marked';
import { loadCatalog } from '../catalog/catalog.ts';
import { addPeriod, dayOf } from '../domain/day.ts';
import type { Product } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { assertSafeReply } from '../message/proof.ts';
import { sampleCodes } from '../message/samples.ts';
import { compileMessage, type MessageValues } from '../message/template.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';

interface PreviewOptions {
  readonly out?: string;
  readonly codes: number;
  readonly test?: true;
  readonly text?: true;
  readonly json?: true;
}

const MOST_CODES = 1000;

export function previewCommand(context: CliContext): Command {
  return commandIn(context, 'preview')
    .description('show the mail of a product as a customer will see it')
    .argument('<product>', 'the name of a product file, without .md')
    .option('--out <file>', 'the HTML file to write (default: preview-<product>.html in this folder)')
    .option('--codes <n>', `the number of units, 1 to ${MOST_CODES}`, codeCount, 1)
    .option('--test', 'show the mail of a test order')
    .option('--text', 'print the Markdown of the reply, and write no file')
    .option('--json', 'print {product, text, file}')
    .addHelpText(
      'after',
      `
The codes are made up: they look like license codes and unlock nothing.

Example:
  $ ${RUN} preview example --codes 3`,
    )
    .action((product: string, options: PreviewOptions) => preview(context, product, options));
}

async function preview(context: CliContext, productId: string, options: PreviewOptions): Promise<void> {
  const catalog = await loadCatalog(context.config().productsDir);
  const product = catalog.get(productId);
  if (!product) {
    const known = catalog.all().map(({ id }) => id);
    throw new AppError('not_found', `There is no product ${productId}. There are: ${known.join(', ')}.`);
  }
  const values = sampleValues(product, options.codes, options.test === true, context.now());
  const text = compileMessage(product.message).render(values);
  assertSafeReply(text, values.codes);
  const file = options.out ?? `preview-${product.id}.html`;
  if (!options.text) await write(file, page(product.name, text));
  if (options.json) printJson(context, { product: product.id, text, file: options.text ? null : file });
  else if (options.text) context.stdout(text);
  else context.stdout(`${file}: the mail of ${product.name}. Open it in a browser.\n`);
}

/** A sample sale of today. */
function sampleValues(product: Product, units: number, test: boolean, now: number): MessageValues {
  const today = dayOf(now);
  const { term, grace, updates, features, grants, trial, seats } = product;
  const isOne = product.quantity === 'seats';
  return {
    codes: sampleCodes(isOne ? 1 : units),
    license: {
      lastValid: term === 'perpetual' ? null : addPeriod(addPeriod(today, term), grace),
      updatesUntil: updates === 'unlimited' ? null : addPeriod(today, updates),
      seats: isOne ? seats * units : seats,
      features: features.reduce((bits, name, bit) => (grants.includes(name) ? bits | (1 << bit) : bits), 0),
      trial,
    },
    order: { id: '621267-5045403', quantity: units, test },
    customer: { name: 'Zoë O’Brien', email: 'zoe@example.com' },
  };
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.55 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
  pre, code { font: 14px/1.5 ui-monospace, monospace; }
  pre { padding: .9rem 1rem; border-radius: .4rem; background: light-dark(#f2f2f0, #2a2a2c); }
  pre, p { overflow-wrap: anywhere; } pre { white-space: pre-wrap; }
  a { color: light-dark(#0a58ca, #7ab8ff); }
  table { border-collapse: collapse; } th, td { padding: .3rem .7rem; border: 1px solid #8886; }
`;

/** A whole page. The proof shows that marked finds no HTML in the reply, so no text in it becomes markup. */
function page(title: string, reply: string): string {
  const name = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: preview of the mail</title>
<style>${STYLE}</style>
<main>
${new Marked({ async: false }).parse(reply)}</main>
</html>
`;
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw new AppError('bad_usage', `${file} cannot be written: choose another place with --out.`, { cause });
  }
}

function codeCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_CODES) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_CODES}.`);
}
