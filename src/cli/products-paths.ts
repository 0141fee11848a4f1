/** `mintmark products deliver` and `ignore`: settle sales under a path that no product file had. */
import { type Command, Option } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { type DeliveredOrder, deliverPath, ignorePath } from '../domain/desk/paths.ts';
import { counted } from '../domain/values/counted.ts';
import type { Marketplace } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { MarketplaceDefinition } from '../marketplaces/marketplace.ts';
import { namesAt } from '../marketplaces/product-keys.ts';
import { RUN } from '../service/command.ts';
import { pathArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { byText } from './flag-text.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withDesk, withLedger } from './opened.ts';
import { printable } from './printable.ts';
import { readKept } from './read-kept.ts';

type Options = Grounds & { readonly marketplace?: Marketplace; readonly json?: true };

const PATH = '<path>';
const PATH_IS = 'the path or number at the marketplace, as in the flag';

export function addProductsPaths(products: Command, context: CliContext): void {
  withGrounds(products.command('deliver'), 'a product file names it now')
    .description('issue the missing licenses of a path that a product file has')
    .argument(PATH, PATH_IS, pathArgument)
    .addOption(
      new Option('--marketplace <name>', 'only of this one').choices(MARKETPLACES.map(({ name }) => name)),
    )
    .option('--json', 'print {orders}')
    .addHelpText(
      'after',
      `
It prints the orders whose codes you have to send. Where mail is set and on for their sales, the customers are mailed.

Example:
  $ ${RUN} products deliver lumen-edu --reason "the file was forgotten"`,
    )
    .action((path: string, options: Options) => deliver(context, path, options));

  withGrounds(products.command('ignore'), 'it needs no license')
    .description('settle the flags of a path that needs no license')
    .argument(PATH, PATH_IS, pathArgument)
    .option('--json', 'print {flags}')
    .addHelpText(
      'after',
      `
The settled flag stays in the ledger, so further sales of the path raise no flag. If a product file names the path
later,  products deliver  still issues the missing licenses.

Example:
  $ ${RUN} products ignore lumen-mug --reason "a mug has no license"`,
    )
    .action((path: string, options: Options) => ignore(context, path, options));
}

async function deliver(context: CliContext, path: string, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const orders = await withDesk(context, async (desk, { catalog }) => {
    const delivered: DeliveredOrder[] = [];
    const read = readKept(catalog);
    const named = MARKETPLACES.filter(
      ({ name }) => options.marketplace === undefined || options.marketplace === name,
    ).map((marketplace) => ({
      marketplace: marketplace.name,
      product: productOf(catalog.all(), marketplace, path),
    }));
    if (named.every(({ product }) => product === undefined)) throw unnamed(path);
    for (const { marketplace, product } of named) {
      if (product === undefined) continue;
      const mapped = { marketplace, path, product: product.id };
      const result = await deliverPath({ ...desk, read }, mapped, grounds, context.now());
      if (result.outcome === 'delivered') delivered.push(...result.orders);
    }
    return delivered;
  });
  if (orders.length === 0) throw new AppError('nothing_changed', `No license of ${path} is missing.`);
  if (options.json) return printJson(context, { orders: orders.map(({ customer: _, ...order }) => order) });
  const [waiting, others] = [orders.filter(isWaiting), orders.filter((order) => !isWaiting(order))];
  if (waiting.length > 0) context.stdout(`Send these customers their codes yourself${unless(context)}:\n`);
  for (const order of waiting) {
    const text = `${orderText(order)}: ${counted(order.licenses, 'license')}   ${RUN} order show ${order.order}`;
    context.stdout(`${printable(text)}\n`);
  }
  if (others.length > 0)
    context.stdout('Send nothing for these orders, which have no active license of it:\n');
  for (const order of others) context.stdout(`${printable(orderText(order))}\n`);
}

function unless(context: CliContext): string {
  return context.config().mail === undefined ? '' : ', where  outbox list  has no mail to them';
}

function isWaiting({ licenses }: DeliveredOrder): boolean {
  return licenses > 0;
}

function orderText({ marketplace, mode, order, customer }: DeliveredOrder): string {
  const person = [customer.name, customer.email].filter(Boolean).join(', ');
  return `  ${order} (${marketplace}, ${mode})${person === '' ? '' : `, ${person}`}`;
}

async function ignore(context: CliContext, path: string, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const settled = await withLedger(context, (ledger) =>
    ignorePath({ ledger }, { path }, grounds, context.now()),
  );
  if (settled.outcome === 'unknown') {
    throw new AppError('not_found', `No sale of ${path} is on record, so there is nothing to ignore.`);
  }
  if (settled.outcome === 'unchanged') {
    throw new AppError(
      'nothing_changed',
      `The flag of ${path} was settled before, ${byText(settled.flags[0]?.settledBy)}.`,
    );
  }
  if (options.json) printJson(context, { flags: settled.flags.map(({ id }) => id) });
  else context.stdout(`${path} is ignored: further sales of it raise no flag.\n`);
}

/** The product whose file has the path. */
function productOf(
  products: readonly Product[],
  marketplace: MarketplaceDefinition,
  path: string,
): Product | undefined {
  return products.find((product) =>
    namesAt(marketplace, product).some((name) => name.toLowerCase() === path.toLowerCase()),
  );
}

function unnamed(path: string): AppError {
  return new AppError(
    'bad_usage',
    `No product file names ${path}. Add it to a product file, under marketplaces, and run this again; or, if it needs no license:  ${RUN} products ignore ${path} --reason …`,
  );
}
