/** `mintmark ledger accept-restored`: goes on with an older copy, where the newest ledger is lost. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { RUN } from '../service/command.ts';
import { acceptRestored } from '../service/open.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';

export function addLedgerRestored(ledger: Command, context: CliContext): void {
  withGrounds(ledger.command('accept-restored'))
    .description('take a ledger that was restored from a backup for the newest there is')
    .option('--json', 'print {accepted}')
    .addHelpText(
      'after',
      `
The mark beside the keys knows how far the ledger had come, and the start refuses an older copy. Where the newest is lost for
good, this lets the service go on with the copy; the reason stays in the mark. Have the marketplaces resend what they sent
since the backup.

Example:
  $ ${RUN} ledger accept-restored --reason "disk lost, backup of 2026-11-20"`,
    )
    .action((options: Grounds & { json?: true }) => accept(context, options));
}

async function accept(context: CliContext, { json, ...options }: Grounds & { json?: true }): Promise<void> {
  const { actor, reason } = requireFit(options);
  await acceptRestored(context.config(), `${actor}: ${reason}`, context.now());
  if (json) printJson(context, { accepted: true });
  else context.stdout('The ledger is taken for the newest there is: start the service.\n');
}
