/** `mintmark reconcile`: asks a marketplace's API what the ledger lacks, and feeds it in. */
import type { Command } from 'commander';
import type { Lacking, Reconciled } from '../domain/desk/reconcile.ts';
import { type Day, dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { RUN } from '../service/command.ts';
import { settleDrift } from '../service/drift-flags.ts';
import { sinceOf } from '../service/reconcile-all.ts';
import { findLastReading, keyOf } from '../service/reconciled-note.ts';
import { definitionOf, reconcileAccount } from '../service/reconciling.ts';
import { dayArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { withDesk } from './opened.ts';

interface Options {
  readonly since: Day;
  readonly apply?: true;
  readonly test?: true;
  readonly json?: true;
}

export function reconcileCommand(context: CliContext): Command {
  return commandIn(context, 'reconcile')
    .description("ask a marketplace's API what the ledger lacks")
    .argument('<marketplace>', 'its name, such as in product files')
    .requiredOption('--since <day>', 'the first day, YYYY-MM-DD; sales before it are left alone', dayArgument)
    .option('--apply', 'feed in what is lacking, as if its webhooks had come')
    .option('--test', 'test mode instead of live')
    .option('--json', 'print {read, lacking, older, stopped, isAll}')
    .addHelpText(
      'after',
      `
Without --apply nothing is changed. Exit status 1 where reading stopped before its end: run it again then; what
was applied changes nothing twice.

Example:
  $ ${RUN} reconcile ${MARKETPLACES.at(-1)?.name} --since 2026-11-01 --apply`,
    )
    .action((marketplace: string, options: Options) => run(context, marketplace, options));
}

async function run(context: CliContext, marketplace: string, options: Options): Promise<void> {
  const { since, apply = false, test = false, json } = options;
  const definition = definitionOf(marketplace);
  if (definition === undefined) {
    const known = MARKETPLACES.map(({ name }) => name).join(', ');
    throw new AppError('not_found', `There is no marketplace ${marketplace}. There are: ${known}.`);
  }
  const config = context.config();
  const account = config.accounts.find((each) => each.marketplace === marketplace);
  if (since > dayOf(context.now()))
    throw new AppError('bad_usage', `${since} is in the future: nothing is sold since.`);
  const wish = { mode: test ? 'test' : 'live', since, apply } as const;
  const found = await withDesk(context, async ({ ledger }, { catalog }) => {
    const now = context.now();
    if (account === undefined) return undefined;
    const read = await reconcileAccount(account, wish, { ledger, catalog, now, wait, signal: NEVER });
    const isDone = read?.stopped === undefined && read?.lacking.every(({ outcome }) => outcome !== 'failed');
    const noted = await findLastReading(ledger, config.dataDir, keyOf(marketplace, wish.mode));
    // What was found in the days before is still open.
    const isAll = noted === undefined || since <= sinceOf(noted, now);
    if (apply && isDone && isAll) await settleDrift(ledger, { marketplace, mode: wish.mode }, now);
    return read;
  });
  if (found === undefined) throw new AppError('bad_usage', `${definition.title}'s API is not read.`);
  if (json) printJson(context, found);
  else context.stdout(textOf(found));
  if (found.stopped !== undefined) throw new AppError('not_found', json ? '' : `Stopped: ${found.stopped}.`);
}

const NEVER = new AbortController().signal;

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const SAID: Readonly<Record<Lacking['outcome'], string>> = {
  shown: 'lacking',
  flagged: 'lacking, and flagged',
  applied: 'applied',
  unmatched: 'about no order or license in the ledger',
  known: 'known',
  failed: 'not read',
};

function textOf({ read, lacking, older }: Reconciled): string {
  const lines = lacking.map(
    ({ type, id, at, about, outcome }) =>
      `${new Date(at).toISOString().slice(0, 16)} ${type} ${id}: ${about.join(', ')}: ${SAID[outcome]}\n`,
  );
  const left = older === 0 ? '' : ` ${older} sales from before that day were left alone.`;
  return `${lines.join('')}${read} entries read, ${lacking.length} that the ledger lacks.${left}\n`;
}
