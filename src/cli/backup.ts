/** `mintmark backup`: the whole shop as one encrypted file. */
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { backupIn, removeOlder } from '../backup/retention.ts';
import { backUpShop } from '../backup/shop.ts';
import { AppError } from '../errors.ts';
import { fileFault } from '../keyring/key-files.ts';
import { RUN } from '../service/command.ts';
import { noteMade } from './backup-made.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { atLeastOne, type PassphraseOption, passphraseOf, withPassphrase } from './passphrase.ts';

interface BackupOptions extends PassphraseOption {
  readonly keep?: number;
  readonly json?: true;
}

export function backupCommand(context: CliContext): Command {
  return withPassphrase(commandIn(context, 'backup'))
    .description('write keys, products, settings without secrets and ledger to one encrypted file')
    .argument('<file>', 'a new file, or a folder: then the file is named by the moment')
    .option('--keep <count>', 'in a folder: remove all but the newest backups', atLeastOne)
    .option('--json', 'print {file, removed}')
    .addHelpText(
      'after',
      `
The service may run meanwhile.  ${RUN} restore FILE  makes a shop of it again.

Examples:
  $ ${RUN} backup ../shop.backup --passphrase-file ../backup-passphrase
  $ ${RUN} backup /var/backups/mintmark --keep 14`,
    )
    .action((file: string, options: BackupOptions) => backup(context, file, options));
}

async function backup(context: CliContext, target: string, options: BackupOptions): Promise<void> {
  const config = context.config();
  const now = context.now();
  const isFolder = isDirectory(target);
  if (options.keep !== undefined && !isFolder)
    throw new AppError('bad_usage', `${target} is no folder: --keep needs a folder of backups.`);
  const passphrase = await passphraseOf(context, options);
  const file = isFolder ? backupIn(target, now) : target;
  await backUpShop({ config, file, passphrase, now });
  noteMade(context, config, 'shop');
  const removed = options.keep === undefined ? [] : removeOlder(target, options.keep, file);
  if (options.json) return printJson(context, { file, removed });
  context.stdout(
    `Wrote the shop to ${file}. Keep it on another machine, and its passphrase apart from it.\n`,
  );
  for (const old of removed) context.stdout(`Removed ${old}.\n`);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw fileFault(error, path, 'read');
  }
}
