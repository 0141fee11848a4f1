/** `mintmark orders`: lists sales, filtered by what the seller has to do about them. */
import { type Command, Option } from 'commander';
import type { OrderQuery, OrderSummary } from '../domain/ports/ledger-views.ts';
import { type Day, startOfDay } from '../domain/values/day.ts';
import type { LicenseState } from '../domain/values/license.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { csv } from '../message/csv.ts';
import { RUN } from '../service/command.ts';
import { dayArgument, limitArgument, MOST_ROWS, productArgument } from './arguments.ts';
import { type CliContext, commandIn, noteLimit, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { marketplaceOption } from './order-name.ts';
import { ORDER_COLUMNS, orderCells, orderJson, orderLine } from './orders-text.ts';

interface ListOptions {
  readonly product?: string;
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  readonly state?: LicenseState;
  readonly since?: number;
  readonly undelivered?: true;
  readonly unmailed?: true;
  readonly expiring?: Day;
  readonly limit: number;
  readonly personal?: true;
  readonly json?: true;
  readonly csv?: true;
}

export function ordersCommand(context: CliContext): Command {
  const orders = commandIn(context, 'orders').description('list sales');
  orders
    .command('list')
    .description('the newest orders, one line per product')
    .option('--product <id>', 'only of this product', productArgument)
    .addOption(marketplaceOption('only of this marketplace'))
    .addOption(new Option('--mode <mode>', 'only this mode').choices(['live', 'test']))
    .addOption(
      new Option('--state <state>', 'only with a license in this state').choices([
        'active',
        'suspended',
        'revoked',
        'ended',
      ]),
    )
    .option('--since <day>', 'only recorded on this UTC day or later', sinceArgument)
    .option('--undelivered', 'only with a paid unit whose code was not delivered within an hour')
    .option('--unmailed', 'only with an active license whose newest code was not delivered')
    .option(
      '--expiring <day>',
      'only with an active license whose last valid day is before this one',
      dayArgument,
    )
    .option('--limit <n>', `the most to print, 1 to ${MOST_ROWS}`, limitArgument, 50)
    .option('--personal', 'with --json or --csv: name and e-mail address too')
    .option('--json', 'print {orders}')
    .option('--csv', 'print a table for a spreadsheet (RFC 4180)')
    .addHelpText(
      'after',
      `
A unit whose code was not delivered counts at once in the list, and passes --undelivered after an hour.
A text that a spreadsheet would run as a formula has an apostrophe before it.

Examples:
  $ ${RUN} orders list --undelivered
  $ ${RUN} orders list --product example --expiring 2027-01-01 --csv --personal > ../renew.csv`,
    )
    .action((options: ListOptions) => list(context, options));
  return orders;
}

/** A list without the filter counts each unit at once. */
const NOT_YET = '; a unit is late, and listed here, an hour after its sale';

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const { personal = false, json, csv: asTable, expiring, ...filters } = options;
  if (json && asTable) throw new AppError('bad_usage', '--json and --csv: choose one of them.');
  const query: OrderQuery = {
    ...filters,
    ...(expiring !== undefined && { expiringBefore: expiring }),
    now: context.now(),
  };
  const found = await withLedger(context, (ledger) => ledger.listOrders(query));
  if (json) printJson(context, { orders: found.map((order) => orderJson(order, personal)) });
  else if (asTable) context.stdout(table(found, personal));
  else if (found.length === 0) context.stdout(`No such orders${filters.undelivered ? NOT_YET : ''}.\n`);
  else context.stdout(found.map(orderLine).join(''));
  noteLimit(context, found.length, filters.limit);
}

function table(orders: readonly OrderSummary[], personal: boolean): string {
  const columns = personal ? [...ORDER_COLUMNS, 'name', 'email'] : ORDER_COLUMNS;
  const rows = orders.map((order) => orderCells(order, personal));
  return csv(columns, rows);
}

function sinceArgument(text: string): number {
  return startOfDay(dayArgument(text));
}
