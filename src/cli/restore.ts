/** `mintmark restore`: a shop from its backup. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { requireBackup } from '../backup/read-archive.ts';
import { restore } from '../backup/restore.ts';
import { RUN } from '../service/command.ts';
import { readConfig } from '../service/config.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { type PassphraseOption, passphraseOf, withPassphrase } from './passphrase.ts';

interface RestoreOptions extends PassphraseOption {
  readonly into?: string;
  readonly json?: true;
}

export function restoreCommand(context: CliContext): Command {
  return withPassphrase(commandIn(context, 'restore'))
    .description('make a shop of a backup; replaces nothing')
    .argument('<file>', 'what  backup  made')
    .option('--into <folder>', 'a folder for keys/, data/ and .env; default: where the settings say')
    .option('--json', 'print {files}')
    .addHelpText(
      'after',
      `
The settings go into .env, if there is none; secrets are not in a backup and have to be set again. Orders since the
backup are not in it: let the marketplaces send their events again.

Example:
  $ ${RUN} restore ../shop.backup --into ../shop --passphrase-file ../backup-passphrase`,
    )
    .action((file: string, options: RestoreOptions) => restoreShop(context, file, options));
}

async function restoreShop(context: CliContext, file: string, options: RestoreOptions): Promise<void> {
  const { into } = options;
  const places = into === undefined ? context.config() : shopIn(into);
  requireBackup(file);
  const passphrase = await passphraseOf(context, options);
  const { files, manifest, settings } = restore(file, passphrase, places, 'shop');
  const env = join(into ?? '.', '.env');
  const written = settings !== undefined && writeSettings(env, settings);
  if (options.json) return printJson(context, { files: written ? [...files, env] : files });
  context.stdout(`Restored the shop of ${manifest.at}: ${files.length} files.\n`);
  if (written) context.stdout(`Its settings are in ${env}; secrets have to be set again.\n`);
  else if (settings !== undefined)
    context.stdout(`${env} was not written. The settings of the backup:\n\n${settings}\n`);
  context.stdout(`Next:  ${RUN} doctor  in that folder, then start the service.\n`);
}

function shopIn(folder: string) {
  return readConfig({ DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys') }, () => '');
}

/** False where there is a `.env` already, or the folder is read-only, as in a container. */
function writeSettings(file: string, text: string): boolean {
  if (existsSync(file)) return false;
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
