/** `mintmark flags`: lists flags, and settles a flag that a person looked at. */
import type { Command } from 'commander';
import { settleFlags } from '../domain/desk/flags.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { flagIdArgument, limitArgument, MOST_ROWS } from './arguments.ts';
import { type CliContext, commandIn, noteLimit, printJson } from './context.ts';
import { byText, flagJson, flagLines } from './flag-text.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withLedger } from './opened.ts';

interface ListOptions {
  readonly all?: true;
  readonly order?: string;
  readonly limit: number;
  readonly json?: true;
}

export function flagsCommand(context: CliContext): Command {
  const flags = commandIn(context, 'flags').description(
    'list and settle flags, which ask for a decision of a person',
  );

  flags
    .command('list')
    .description('the newest open flags, each with its reason and order')
    .option('--all', 'settled flags too')
    .option('--order <id>', 'only of this order')
    .option('--limit <n>', `the most to print, 1 to ${MOST_ROWS}`, limitArgument, 50)
    .option('--json', 'print {flags}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} flags list`)
    .action((options: ListOptions) => list(context, options));

  withGrounds(flags.command('settle'))
    .description('settle a flag, with your decision as the reason; it is not raised again')
    .argument('<id>', 'the number of the flag in flags list', flagIdArgument)
    .option('--json', 'print {flags}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} flags settle 12 --reason "goodwill, the license stays"`)
    .action((id: number, options: Grounds & { json?: true }) => settle(context, id, options));

  return flags;
}

async function list(context: CliContext, { all, json, ...query }: ListOptions): Promise<void> {
  const flags = await withLedger(context, (ledger) =>
    ledger.findFlags({ ...query, ...(!all && { settled: false }) }),
  );
  if (json) printJson(context, { flags: flags.map(flagJson) });
  else context.stdout(flags.length === 0 ? 'No flags.\n' : flags.map(flagLines).join(''));
  noteLimit(context, flags.length, query.limit);
}

async function settle(context: CliContext, id: number, options: Grounds & { json?: true }): Promise<void> {
  const grounds = requireFit(options);
  const settled = await withLedger(context, (ledger) =>
    settleFlags({ ledger }, { id }, grounds, context.now()),
  );
  if (settled.outcome === 'unknown') throw new AppError('not_found', `There is no flag ${id}.`);
  const [flag] = settled.flags;
  if (settled.outcome === 'unchanged') {
    throw new AppError('nothing_changed', `Flag ${id} was settled before, ${byText(flag?.settledBy)}.`);
  }
  if (options.json) printJson(context, { flags: settled.flags.map(flagJson) });
  else context.stdout(`Flag ${id} is settled.\n`);
}
