/** `mintmark products apply`: moves sold licenses to the terms of today's product file. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { applyTerms } from '../domain/desk/products.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { productArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withDesk } from './opened.ts';

export function addProductsApply(products: Command, context: CliContext): void {
  withGrounds(products.command('apply'))
    .description("move all sold licenses of a product to its file's terms, each with a row in its history")
    .argument('<product>', 'the name of a product file, without .md', productArgument)
    .option('--json', 'print {product, orders}')
    .addHelpText(
      'after',
      `
products check  prints the differences. A license can change at once: an earlier refund revokes it under
refund: revoke, and a longer grace moves the last valid day of a subscription. A sale that was paid once keeps the days of
its code, also under a longer term or longer updates:  license renew  and  license extend  move them.
The service may run meanwhile. After an interruption, run it again.

Example:
  $ ${RUN} products apply example --reason "refunds are goodwill from now on"`,
    )
    .action((product: string, options: Grounds & { json?: true }) => apply(context, product, options));
}

async function apply(
  context: CliContext,
  product: string,
  { json, ...options }: Grounds & { json?: true },
): Promise<void> {
  const grounds = requireFit(options);
  const applied = await withDesk(context, (desk) => applyTerms(desk, product, grounds, context.now()));
  switch (applied.outcome) {
    case 'applied':
      if (json) printJson(context, { product, orders: applied.orders });
      else
        context.stdout(
          `Moved the licenses of ${counted(applied.orders, 'order')} to the terms of ${product}.md.\n`,
        );
      return;
    case 'unchanged':
      throw new AppError(
        'nothing_changed',
        `All sold licenses of ${product} already have the terms of its file.`,
      );
    case 'no such product':
      throw new AppError('not_found', `There is no product file ${product}.md.`);
    case 'features moved': {
      const [moved] = applied.differences;
      throw new AppError(
        'bad_configuration',
        `${product}.md: features: sold licenses have ${moved?.sold}, and the file has ${moved?.now}: new features may only be appended. Nothing was changed.`,
      );
    }
    case 'quantity differs': {
      const [{ sold, now } = { sold: '', now: '' }] = applied.differences;
      throw new AppError(
        'bad_configuration',
        `${product}.md: quantity: it was sold with ${sold}, and the file has ${now}: sold licenses cannot move between the two. Nothing was changed. Sold licenses stay as they are, and new sales get ${now}. To apply the other changes of the file, put  quantity: ${sold}  back, run this again, and then write  quantity: ${now}.`,
      );
    }
  }
}
