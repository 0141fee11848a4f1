/** `mintmark keys backup` and `keys restore`: the keys folder as one encrypted file. */
import type { Command } from 'commander';
import { requireBackup } from '../backup/read-archive.ts';
import { restore } from '../backup/restore.ts';
import { backUpKeys } from '../backup/shop.ts';
import { AppError } from '../errors.ts';
import { noteBackup } from '../keyring/backup-note.ts';
import { RUN } from '../service/command.ts';
import { noteMade } from './backup-made.ts';
import { type CliContext, printJson } from './context.ts';
import { type PassphraseOption, passphraseOf, withPassphrase } from './passphrase.ts';

interface BackupOptions extends PassphraseOption {
  readonly elsewhere?: true;
  readonly json?: true;
}

export function addKeysBackup(keys: Command, context: CliContext): void {
  withPassphrase(keys.command('backup'))
    .description('write all keys and the id secret to one encrypted file')
    .argument('[file]', 'the new file; an existing file is never replaced')
    .option('--elsewhere', 'only note that you backed them up in another way')
    .option('--json', 'print {file}')
    .addHelpText(
      'after',
      `
Encrypted with scrypt and AES-256-GCM. Private keys in it stay encrypted with KEY_PASSPHRASE too, if they are. The day
is noted, and  doctor  reports a key that was made since.

Example:
  $ ${RUN} keys backup ../keys.backup --passphrase-file ../backup-passphrase`,
    )
    .action((file: string | undefined, options: BackupOptions) => backup(context, file, options));

  withPassphrase(keys.command('restore'))
    .description('put the keys of a backup into the keys folder; replaces nothing')
    .argument('<file>', 'what  keys backup  or  backup  made')
    .option('--json', 'print {files}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} keys restore ../keys.backup --passphrase-file ../backup-passphrase`,
    )
    .action((file: string, options: PassphraseOption & { json?: true }) =>
      restoreKeys(context, file, options),
    );
}

async function backup(context: CliContext, file: string | undefined, options: BackupOptions): Promise<void> {
  const config = context.config();
  const now = context.now();
  if (options.elsewhere) {
    noteBackup(config.keysDir, new Date(now).toISOString(), 'keys');
    context.stdout(`Noted: the keys in ${config.keysDir} are backed up.\n`);
    return;
  }
  if (file === undefined) throw new AppError('bad_usage', 'Give the name of a new file, or --elsewhere.');
  const passphrase = await passphraseOf(context, options);
  backUpKeys({ config, file, passphrase, now });
  noteMade(context, config, 'keys');
  if (options.json) printJson(context, { file });
  else
    context.stdout(
      `Wrote the keys to ${file}. Keep it on another machine, and its passphrase apart from it.\n`,
    );
}

async function restoreKeys(
  context: CliContext,
  file: string,
  options: PassphraseOption & { json?: true },
): Promise<void> {
  const config = context.config();
  requireBackup(file);
  const { files, manifest } = restore(file, await passphraseOf(context, options), config, 'keys');
  if (options.json) return printJson(context, { files });
  context.stdout(`Restored the keys of ${manifest.at} to ${config.keysDir}. Next:  ${RUN} doctor\n`);
}
