/** Runs a command and prints its error. */
import { CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { AppError, exitStatusOf } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { RUN } from '../service/command.ts';
import { backupCommand } from './backup.ts';
import { consoleCommand } from './console.ts';
import { type CliContext, commandIn } from './context.ts';
import { customerCommand } from './customer.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { flagsCommand } from './flags.ts';
import { initCommand } from './init.ts';
import { issueCommand } from './issue.ts';
import { keysCommand } from './keys.ts';
import { ledgerCommand } from './ledger.ts';
import { licenseCommand } from './license.ts';
import { mailCommand } from './mail.ts';
import { migrateCommand } from './migrate.ts';
import { orderCommand } from './order.ts';
import { ordersCommand } from './orders.ts';
import { outboxCommand } from './outbox.ts';
import { previewCommand } from './preview.ts';
import { productsCommand } from './products.ts';
import { qrCommand } from './qr.ts';
import { readCommand } from './read.ts';
import { reconcileCommand } from './reconcile.ts';
import { releasesCommand } from './releases.ts';
import { restoreCommand } from './restore.ts';
import { revocationsCommand } from './revocations.ts';
import { simulateCommand } from './simulate.ts';
import { startCommand } from './start.ts';
import { upgradeCommand } from './upgrade.ts';
import { webhooksCommand } from './webhooks.ts';

/** Runs one command line. Resolves to its exit status: 0 only on success. */
export async function runCli(words: readonly string[], context: CliContext): Promise<number> {
  const [first] = MARKETPLACES;
  const example = first === undefined ? 'preview example' : `simulate ${first.simulator.example('example')}`;
  const program = commandIn(context, 'mintmark')
    .usage('<command> [options]')
    .version(manifest.version, '--version', 'print the version')
    .description('Turns a sale into a signed license code that a program verifies offline.')
    .addHelpText('after', `\nExample:\n  $ ${RUN} ${example}`);
  const commands = [
    startCommand,
    initCommand,
    doctorCommand,
    keysCommand,
    productsCommand,
    previewCommand,
    issueCommand,
    readCommand,
    explainCommand,
    qrCommand,
    ordersCommand,
    orderCommand,
    flagsCommand,
    ledgerCommand,
    backupCommand,
    restoreCommand,
    upgradeCommand,
    licenseCommand,
    eventsCommand,
    reconcileCommand,
    migrateCommand,
    outboxCommand,
    customerCommand,
    consoleCommand,
    mailCommand,
    revocationsCommand,
    webhooksCommand,
    releasesCommand,
    simulateCommand,
  ];
  for (const command of commands) program.addCommand(command(context));
  try {
    await program.parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    context.stderr(faultText(error));
    return exitStatusOf(error);
  }
}

function faultText(error: unknown): string {
  if (!(error instanceof AppError)) {
    return `A fault in Mintmark itself: ${error instanceof Error ? error.stack : String(error)}\n`;
  }
  const lines = [error.message, error.detail].filter((text) => text !== undefined && text !== '');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
