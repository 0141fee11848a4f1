/** `mintmark keys bundle`: all keys as one encrypted text, for places without a disk. */
import type { Command } from 'commander';
import { bundleKeys } from '../backup/shop.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';
import { passphraseOf } from './passphrase.ts';

interface Options {
  readonly passphraseFile: string;
  readonly simulator?: true;
  readonly json?: true;
}

/** 128 random bits in base64. */
const SHORTEST = 22;

export function addKeysBundle(keys: Command, context: CliContext): void {
  keys
    .command('bundle')
    .description('print all keys and the id secret as one encrypted line, for KEYS_BUNDLE')
    .requiredOption('--passphrase-file <file>', 'KEYS_BUNDLE_PASSPHRASE, or - for standard input')
    .option('--simulator', "with the simulator's key, which makes it three times as long")
    .option('--json', 'print {bundle}')
    .addHelpText(
      'after',
      `
The format of  keys backup, in base64. It is decrypted at each start, and so with little work for each guess: its
passphrase has to be random, such as from  openssl rand -base64 24. It is no backup, and no backup is noted.

Example:
  $ ${RUN} keys bundle --passphrase-file ../bundle-passphrase > ../keys.bundle`,
    )
    .action(async (options: Options) => {
      const passphrase = await passphraseOf(context, options);
      if (passphrase.length < SHORTEST)
        throw new AppError(
          'bad_configuration',
          `The passphrase of a bundle has at least ${SHORTEST} characters, and is random: openssl rand -base64 24`,
        );
      const { simulator = false } = options;
      const bundle = bundleKeys({ config: context.config(), passphrase, now: context.now(), simulator });
      if (options.json) printJson(context, { bundle });
      else context.stdout(`${bundle}\n`);
    });
}
