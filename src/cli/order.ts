/** `mintmark order`: the whole history of an order on one screen. */
import type { Command } from 'commander';
import { noteMailed } from '../domain/desk/mailed.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import { eventsOf } from '../domain/desk/order-events.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { textsSent } from '../service/sent-text.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { readFeatureNames } from './feature-names.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withDesk } from './opened.ts';
import { findOrderName, type MarketOptions, withMarket } from './order-name.ts';
import { orderScreen, type ShownOrder, shownOrderJson } from './order-text.ts';

interface ShowOptions {
  readonly personal?: true;
  readonly json?: true;
}

export function orderCommand(context: CliContext): Command {
  const order = commandIn(context, 'order').description(
    'show the history of an order, or note that you mailed its codes',
  );
  order
    .command('show')
    .description('the sale, its facts, the sent texts, the licenses with their history, flags and events')
    .argument('<id>', 'the number of an order or of a renewal, an internal id, or a subscription')
    .option('--personal', 'with --json: also the customer and the sent text')
    .option('--json', 'print {order, licenses, owed, facts, flags, events}')
    .addHelpText(
      'after',
      `
The text is rendered again from the ledger, byte for byte as it was sent.

Example:
  $ ${RUN} order show 573252`,
    )
    .action((id: string, options: ShowOptions) => show(context, id, options));
  withMarket(withGrounds(order.command('mailed')))
    .description('note that you mailed the newest codes of an order: it is no longer undelivered or unmailed')
    .argument('<id>', 'the order number of the marketplace')
    .option('--json', 'print {order, licenses}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} order mailed 573252 --reason "sent with ticket 17"`)
    .action((id: string, options: Grounds & MarketOptions & { json?: true }) => mailed(context, id, options));
  return order;
}

async function mailed(
  context: CliContext,
  order: string,
  { json, ...options }: Grounds & MarketOptions & { json?: true },
): Promise<void> {
  const grounds = requireFit(options);
  const noted = await withDesk(context, async (desk) => {
    const name = await findOrderName(desk.ledger, order, options);
    return name && noteMailed(desk, name, grounds, context.now());
  });
  if (noted === undefined || noted.outcome === 'unknown')
    throw new AppError('not_found', `The ledger has no license of order ${order}.`);
  if (noted.outcome === 'unchanged') {
    throw new AppError('nothing_changed', 'Nothing changed: all newest codes were delivered before.');
  }
  if (json) printJson(context, { order, licenses: noted.licenses });
  else context.stdout(`Noted: the newest codes of ${counted(noted.licenses, 'license')} were mailed.\n`);
}

async function show(context: CliContext, id: string, options: ShowOptions): Promise<void> {
  const shown = await load(context, id);
  if (options.json) printJson(context, shownOrderJson(shown, options.personal === true));
  else context.stdout(orderScreen(shown));
}

async function load(context: CliContext, order: string): Promise<ShownOrder> {
  return withDesk(context, async ({ ledger }, { catalog, templates, minter }) => {
    const shown = await ledger.showOrder(order, { byAnyName: true });
    const { licenses, owed, facts, flags } = shown;
    if (licenses.length + owed.length + facts.length + flags.length === 0) {
      throw new AppError('not_found', `The ledger has no order ${order}.`);
    }
    const findProduct = (product: string) => catalog.get(product);
    const texts = await textsSent(licenses, { templates, minter, findProduct });
    const namesOf = await readFeatureNames(ledger, licenses);
    return { order, ...shown, events: await eventsOf(shown, ledger), texts, namesOf };
  });
}
