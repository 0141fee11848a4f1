/** `mintmark ledger copy`: moves the ledger from a file to PostgreSQL, or back. */
import type { Command } from 'commander';
import { RUN } from '../service/command.ts';
import { moveLedger } from '../service/ledger-files.ts';
import { type CliContext, printJson } from './context.ts';

export function addLedgerCopy(ledger: Command, context: CliContext): void {
  ledger
    .command('copy')
    .description('move the ledger from a file to a PostgreSQL database, or back to a file')
    .requiredOption('--to <url>', 'postgres://… or sqlite:FILE: a place without a ledger')
    .option('--json', 'print {moved}')
    .addHelpText(
      'after',
      `
Stop the service first. Every row is compared before anything is committed. Afterwards the old ledger can be read, and
refuses to mint: set LEDGER_URL to the new place, with the same keys folder.

Example:
  $ ${RUN} ledger copy --to postgres://mintmark@db.example.com/ledger`,
    )
    .action(async ({ to, json }: { readonly to: string; readonly json?: true }) => {
      await moveLedger(context.config(), to);
      if (json) printJson(context, { moved: true });
      else context.stdout('The ledger was moved: set LEDGER_URL to the new place, and start the service.\n');
    });
}
