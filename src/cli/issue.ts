/** `mintmark issue`: a sale of the seller's own, as exactly-once as a marketplace's. */
import { type Command, Option } from 'commander';
import { fulfill } from '../domain/fulfill.ts';
import { Handouts } from '../domain/handouts.ts';
import { LARGEST_QUANTITY, type Mode, type Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { writeMessage } from '../message/reply.ts';
import { openParts } from '../parts.ts';
import { quantityArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { licenseIdText } from './license-text.ts';

interface IssueOptions {
  readonly order: string;
  readonly quantity: number;
  readonly mode?: Mode;
  readonly name?: string;
  readonly email?: string;
  readonly json?: true;
}

export function issueCommand(context: CliContext): Command {
  return commandIn(context, 'issue')
    .description('issue licenses for a sale of your own, and print the text for the customer')
    .argument('<product>', 'a product file by its name, without .md')
    .requiredOption(
      '--order <id>',
      'your own number of the order: the same number again gives the same codes',
    )
    .option('--quantity <n>', `units, 1 to ${LARGEST_QUANTITY}`, quantityArgument, 1)
    .addOption(
      new Option('--mode <mode>', 'default: live, or test while there is no live signing key').choices([
        'live',
        'test',
      ]),
    )
    .option('--name <name>', "the customer's name")
    .option('--email <address>', "the customer's e-mail address")
    .option('--json', 'print {outcome, mode, order, licenses, text}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} issue example --order invoice-17 --quantity 2 --name "Ada Byron"`,
    )
    .action((product: string, options: IssueOptions) => issue(context, product, options));
}

async function issue(context: CliContext, productId: string, options: IssueOptions): Promise<void> {
  const parts = await openParts(context.config(), { modesNeeded: options.mode ? [options.mode] : [] });
  try {
    const product = parts.catalog.get(productId);
    if (product === undefined) {
      const known = parts.catalog.all().map(({ id }) => id);
      throw new AppError('not_found', `There is no product ${productId}. There are: ${known.join(', ')}.`);
    }
    const mode = options.mode ?? (parts.signers.signerFor('live') ? 'live' : 'test');
    const order = orderOf(product, mode, options, context.now());
    // All units at once, whatever a marketplace does.
    const whole = { ...product, multibuy: 'single' as const };
    const fulfilled = await fulfill(order, whole, { ...parts, handouts: new Handouts(), now: context.now });
    if (fulfilled.outcome === 'conflict') {
      throw new AppError(
        'order_conflict',
        `Order ${order.order} has quantity ${fulfilled.heldQuantity} in the ledger; nothing was changed.`,
      );
    }
    const { outcome, licenses, held } = fulfilled;
    const text = await writeMessage(licenses, order, held.customer ?? order.customer, parts);
    if (!options.json) {
      context.stderr(
        `${outcome === 'issued' ? 'Issued' : 'Already issued, the same again'} (mode ${mode}):\n\n`,
      );
      context.stdout(text);
      return;
    }
    const issued = licenses.map(({ id, unit, answer: { revision, code } }) => ({
      id: licenseIdText(id),
      unit,
      revision,
      code,
    }));
    printJson(context, { outcome, mode, order: order.order, licenses: issued, text });
  } finally {
    await parts.ledger.close();
  }
}

function orderOf(product: Product, mode: Mode, options: IssueOptions, now: number): Order {
  if (!/^[\x21-\x7e]{1,100}$/.test(options.order)) {
    throw new AppError('bad_usage', '--order: 1 to 100 printable ASCII characters without spaces.');
  }
  return {
    marketplace: 'manual',
    mode,
    order: options.order,
    product: product.id,
    quantity: options.quantity,
    soldAt: now,
    customer: { name: options.name, email: options.email },
  };
}
