/** `mintmark simulate paddle-classic`: sends the running service a sale, signed as Paddle Classic signs. */
import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import { AppError } from '../errors.ts';
import { readSimulatorKey } from '../keyring/simulator-key.ts';
import { saleFields, signForm } from '../marketplaces/paddle-classic/simulator.ts';
import { quantityArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { requireSimulator, send, serviceUrl } from './simulate-service.ts';

interface PaddleOptions {
  readonly quantity: number;
  readonly order?: string;
  readonly name: string;
  readonly email: string;
  readonly paddleProduct?: string;
  readonly get?: true;
  readonly url?: string;
  readonly json?: true;
}

export function simulatePaddleClassicCommand(context: CliContext): Command {
  return commandIn(context, 'paddle-classic')
    .description("a sale's fulfillment request as Paddle Classic sends it; always mode test")
    .argument('<product>', 'a product file by its name, without .md')
    .option('--quantity <n>', 'units bought', quantityArgument, 1)
    .option('--order <id>', 'the order id: the same again is a repeat (default: a new one)')
    .option('--name <name>', "the customer's name", 'Ada Byron')
    .option('--email <address>', "the customer's e-mail address", 'ada@example.com')
    .option('--paddle-product <id>', "p_product_id (default: the product file's)")
    .option('--get', 'send a GET instead of a POST')
    .option('--url <url>', 'where the service listens (default: by HOST and PORT)')
    .option('--json', 'print {status, order, reply}')
    .addHelpText(
      'after',
      `
It signs with the simulator's own key, which the service accepts for mode test until SIMULATOR=off, or until a
marketplace is live without SIMULATOR=on.

Example, with the service running in another terminal:
  $ ${RUN} simulate paddle-classic example --quantity 3`,
    )
    .action((product: string, options: PaddleOptions) => simulate(context, product, options));
}

async function simulate(context: CliContext, productId: string, options: PaddleOptions): Promise<void> {
  const config = context.config();
  requireSimulator(config);
  const order = options.order ?? String(randomInt(100_000_000, 1_000_000_000));
  const product = options.paddleProduct ?? (await paddleProductOf(config.productsDir, productId));
  const form = signForm(
    saleFields({ ...options, product, order, at: context.now() }),
    readSimulatorKey(config.keysDir),
  );
  const url = `${serviceUrl(config, options.url)}/fulfillment/paddle-classic/${encodeURIComponent(productId)}`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'Paddle' };
  const { status, text } = options.get
    ? await send(`${url}?${form}`, {})
    : await send(url, { body: form, headers });
  if (options.json) printJson(context, { status, order, reply: text });
  else if (status === 200) {
    context.stderr(`Order ${order}: the service answered 200. The customer is mailed:\n\n`);
    context.stdout(text);
  }
  if (status !== 200) {
    throw new AppError('not_fulfilled', `Order ${order}: the service answered ${status}.\n${text}`);
  }
}

/** Paddle's number of a product as its file has it; any will do where it has none. */
async function paddleProductOf(folder: string, productId: string): Promise<string> {
  const product = (await loadCatalog(folder)).get(productId);
  return product?.marketplaces['paddle-classic']?.products[0] ?? '1';
}
