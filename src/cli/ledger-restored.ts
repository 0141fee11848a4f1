/** `mintmark ledger accept-restored`: continues with an older copy when the newest ledger is lost. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { RUN } from '../service/command.ts';
import { acceptRestored } from '../service/open.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';

export function addLedgerRestored(ledger: Command, context: CliContext): void {
  withGrounds(ledger.command('accept-restored'))
    .description('accept a ledger that was restored from a backup as the newest')
    .option('--json', 'print {accepted}')
    .addHelpText(
      'after',
      `
The mark beside the keys records the newest state of the ledger, and the start refuses an older copy. If the newest
ledger is lost, this lets the service continue with the copy; the reason stays in the mark. Have the marketplaces
resend the events since the backup. It also lets a ledger in a file that  ledger copy  moved away mint again: only where
the new place has no ledger, or is lost for good.

Example:
  $ ${RUN} ledger accept-restored --reason "disk lost, backup of 2026-11-20"`,
    )
    .action((options: Grounds & { json?: true }) => accept(context, options));
}

async function accept(context: CliContext, { json, ...options }: Grounds & { json?: true }): Promise<void> {
  const { actor, reason } = requireFit(options);
  await acceptRestored(context.config(), `${actor}: ${reason}`, context.now());
  if (json) printJson(context, { accepted: true });
  else context.stdout('The ledger is accepted as the newest: start the service.\n');
}
