/** `mintmark simulate fastspring`: plays a whole life of a license against the running service. */
import { randomInt } from 'node:crypto';
import { type Command, Option } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import { addPeriod, dayOf } from '../domain/day.ts';
import type { Product } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { simulatorSecret } from '../keyring/simulator-key.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { signRequest, signWebhook } from '../marketplaces/fastspring/simulator.ts';
import { type Cast, STORIES, type Step, type Story, stepsOf } from '../marketplaces/fastspring/stories.ts';
import { openLedger } from '../service/open.ts';
import { quantityArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { licenseJson } from './license-text.ts';
import { requireSimulator, send, serviceUrl } from './simulate-service.ts';

interface StoryOptions {
  readonly story: Story;
  readonly quantity: number;
  readonly url?: string;
  readonly json?: true;
}

export function simulateFastSpringCommand(context: CliContext): Command {
  return commandIn(context, 'fastspring')
    .description('a whole life of a license as FastSpring tells it; always mode test')
    .argument(
      '[product]',
      'a product file by its name, without .md (default: the first that FastSpring sells)',
    )
    .addOption(new Option('--story <name>', 'which life').choices([...STORIES]).makeOptionMandatory())
    .option('--quantity <n>', 'units bought', quantityArgument, 1)
    .option('--url <url>', 'where the service listens (default: by HOST and PORT)')
    .option('--json', 'print {order, steps}')
    .addHelpText(
      'after',
      `
Prints the ledger after each step. It signs with the simulator's own secret, which the service accepts for mode test
until SIMULATOR=off, or until a marketplace is live without SIMULATOR=on.

Example, with the service running in another terminal:
  $ ${RUN} simulate fastspring --story subscription`,
    )
    .action((product: string | undefined, options: StoryOptions) => play(context, product, options));
}

async function play(
  context: CliContext,
  productId: string | undefined,
  options: StoryOptions,
): Promise<void> {
  const config = context.config();
  requireSimulator(config);
  const cast = await castOf(config.productsDir, productId, options.quantity, context.now());
  const base = serviceUrl(config, options.url);
  const secret = simulatorSecret(config.keysDir);
  const order = `SIM${cast.run}`;
  const ledger = openLedger(config);
  const steps: object[] = [];
  try {
    for (const [place, step] of stepsOf(options.story, cast).entries()) {
      const reply = await sendStep(step, base, secret);
      // A unit that is added later is of the subscription, not of its first order.
      const licenses = (await ledger.showOrder(order)).licenses.map(licenseJson);
      steps.push({ title: step.title, reply, licenses });
      if (options.json) continue;
      context.stdout(`${place + 1}. ${step.title}\n`);
      if ('request' in step) context.stdout(`   answered with ${findCodes(reply).length} code(s)\n`);
      for (const license of licenses) {
        const where = license.order === order ? '' : ` of ${license.order}`;
        const until = license.lastValid === null ? 'for good' : `to ${license.lastValid}`;
        context.stdout(
          `   ${license.product} unit ${license.unit}${where}: ${license.state}, revision ${license.revision}, valid ${until}, ${license.seats} seat(s)\n`,
        );
      }
    }
  } finally {
    await ledger.close();
  }
  if (options.json) printJson(context, { order, steps });
  else context.stdout(`\nAll of it:  ${RUN} order show ${order}\n`);
}

async function castOf(
  folder: string,
  productId: string | undefined,
  quantity: number,
  now: number,
): Promise<Cast> {
  const sold = (await loadCatalog(folder)).all().filter(({ marketplaces }) => marketplaces['fastspring']);
  const leading = productId === undefined ? sold[0] : sold.find(({ id }) => id === productId);
  if (leading === undefined) {
    throw new AppError('not_found', 'No such product file has fastspring under marketplaces.');
  }
  const cast = [leading, ...sold.filter((product) => product !== leading)];
  const paths = cast.map((product) => product.marketplaces['fastspring']?.products[0] ?? product.id);
  return {
    paths: [paths[0] ?? leading.id, ...paths.slice(1)],
    products: [leading.id, ...cast.slice(1).map(({ id }) => id)],
    quantity,
    period: periodOf(leading, now),
    run: String(randomInt(100_000_000, 1_000_000_000)),
    now,
  };
}

/** As long as a license of the product is valid, so that each payment carries it on; a month where that is for good. */
function periodOf({ term }: Product, now: number): number {
  const first = dayOf(now);
  const next = addPeriod(first, term === 'perpetual' ? 'P1M' : term);
  return (Date.parse(next) - Date.parse(first)) / 86_400_000;
}

async function sendStep(step: Step, base: string, secret: string): Promise<string> {
  const { status, text } =
    'request' in step
      ? await send(`${base}/fulfillment/fastspring/${encodeURIComponent(step.product)}`, {
          body: signRequest(step.request, secret),
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'FS' },
        })
      : await sendEvents(JSON.stringify({ events: step.events }), base, secret);
  if (status !== 200)
    throw new AppError('not_fulfilled', `${step.title}: the service answered ${status}.\n${text}`);
  return text;
}

function sendEvents(body: string, base: string, secret: string) {
  return send(`${base}/webhooks/fastspring`, {
    body,
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      'User-Agent': 'FS',
      'X-FS-Signature': signWebhook(body, secret),
    },
  });
}
