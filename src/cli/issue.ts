/** `mintmark issue`: a sale of the seller's own, issued exactly once like a marketplace's sale. */
import { type Command, Option } from 'commander';
import { issueSale } from '../domain/desk/sale.ts';
import { LARGEST_QUANTITY, MANUAL, type Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { writeMessage } from '../message/reply.ts';
import { RUN } from '../service/command.ts';
import { openParts } from '../service/open.ts';
import { addressArgument, nameArgument, quantityArgument } from './arguments.ts';
import { type CliContext, clocksOf, commandIn, printJson } from './context.ts';
import { readIsMailed } from './is-mailed.ts';
import { writeLicenseFile } from './license-file.ts';

interface IssueOptions {
  readonly order: string;
  readonly quantity: number;
  readonly mode?: Mode;
  readonly name?: string;
  readonly email?: string;
  readonly out?: string;
  readonly json?: true;
}

export function issueCommand(context: CliContext): Command {
  return commandIn(context, 'issue')
    .description('issue licenses for a sale of your own, and print the text for the customer')
    .argument('<product>', 'the name of a product file, without .md')
    .requiredOption('--order <id>', 'your own order number: the same number again gives the same codes')
    .option('--quantity <n>', `units, 1 to ${LARGEST_QUANTITY}`, quantityArgument, 1)
    .addOption(
      new Option('--mode <mode>', 'default: live, or test while there is no live signing key').choices([
        'live',
        'test',
      ]),
    )
    .option('--name <name>', "the customer's name", nameArgument)
    .option('--email <address>', "the customer's e-mail address", addressArgument)
    .option(
      '--out <folder>',
      'write a file ID.license for each license, which the customer can open, paste or mail',
    )
    .option('--json', 'print {outcome, mode, order, licenses, text}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} issue example --order invoice-17 --quantity 2 --name "Ada Byron"`,
    )
    .action((product: string, options: IssueOptions) => issue(context, product, options));
}

async function issue(context: CliContext, productId: string, options: IssueOptions): Promise<void> {
  requireOrderNumber(options.order);
  const modesNeeded = options.mode ? [options.mode] : [];
  const parts = await openParts(context.config(), { modesNeeded, ...clocksOf(context) });
  try {
    const product = parts.catalog.get(productId);
    if (product === undefined) {
      const known = parts.catalog.all().map(({ id }) => id);
      throw new AppError('not_found', `There is no product ${productId}. There are: ${known.join(', ')}.`);
    }
    const { order, quantity, name, email } = options;
    const mode = options.mode ?? (parts.signers.signerFor('live') ? 'live' : 'test');
    const sale = { product, mode, order, quantity, customer: { name, email } };
    const issued = await issueSale(parts, sale, context.now());
    if (issued.outcome === 'conflict') {
      throw new AppError(
        'order_conflict',
        `Order ${order} has quantity ${issued.heldQuantity} in the ledger; nothing was changed.`,
      );
    }
    if (!('licenses' in issued))
      throw new AppError('license_revoked', `The licenses of order ${order} were revoked.`);
    const { outcome, held, licenses } = issued;
    const text = await writeMessage(licenses, { order, mode }, held.customer ?? sale.customer, parts);
    if (options.out !== undefined) {
      for (const { id, answer } of licenses)
        writeLicenseFile(options.out, formatLicenseId(id), { code: answer.code, product: productId, order });
    }
    if (options.json) {
      const codes = licenses.map(({ id, unit, answer: { revision, code } }) => ({
        id: formatLicenseId(id),
        unit,
        revision,
        code,
      }));
      return printJson(context, { outcome, mode, order, licenses: codes, text });
    }
    if (outcome === 'issued') {
      const isMailed = await readIsMailed(context, parts, 'sold');
      const sold = { product: productId, marketplace: MANUAL, mode, customer: sale.customer };
      const rest = isMailed(sold) ? 'See in  outbox list  that it is mailed' : 'Send this to the customer';
      context.stderr(`Issued (mode ${mode}). ${rest}:\n\n`);
    } else context.stderr(`Already issued, unchanged (mode ${mode}):\n\n`);
    context.stdout(text);
  } finally {
    await parts.ledger.close();
  }
}

function requireOrderNumber(order: string): void {
  if (/^[\x21-\x7e]{1,100}$/.test(order)) return;
  throw new AppError('bad_usage', '--order: 1 to 100 printable ASCII characters without spaces.');
}
