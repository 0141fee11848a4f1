/** `mintmark upgrade check`: what this version will change at its first start, before it does. */
import type { Command } from 'commander';
import { examineUpgrade } from '../doctor/upgrade.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn } from './context.ts';
import { printFindings } from './doctor.ts';

export function upgradeCommand(context: CliContext): Command {
  const upgrade = commandIn(context, 'upgrade').description('say what a new version will change');
  upgrade
    .command('check')
    .description('rehearse the first start of this version on a copy of the ledger')
    .option('--json', 'print {findings}')
    .addHelpText(
      'after',
      `
Run it with the new version and your settings, while the old version serves. It changes nothing, and needs room for a
copy of the ledger beside it. Exit status 1 where the start would fail.

Example:
  $ ${RUN} upgrade check`,
    )
    .action(async (options: { json?: true }) =>
      printFindings(context, await examineUpgrade(context.config()), options),
    );
  return upgrade;
}
