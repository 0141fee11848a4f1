/** The passphrase of a backup: from a file, from standard input, or from the settings. */
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../errors.ts';
import { secret } from '../marketplaces/secret.ts';
import type { CliContext } from './context.ts';
import { readInput } from './input.ts';

export interface PassphraseOption {
  readonly passphraseFile?: string;
}

export function withPassphrase(command: Command): Command {
  return command.option(
    '--passphrase-file <file>',
    'the passphrase, or - for standard input; default: BACKUP_PASSPHRASE',
  );
}

/** Throws AppError `bad_configuration` if the passphrase is missing or is not a valid secret. */
export async function passphraseOf(
  context: CliContext,
  { passphraseFile }: PassphraseOption,
): Promise<string> {
  const given =
    passphraseFile === undefined
      ? context.config().backupPassphrase
      : (await readInput(context, passphraseFile)).replace(/\r?\n$/, '');
  if (given === undefined) {
    throw new AppError(
      'bad_configuration',
      'A backup is encrypted: set BACKUP_PASSPHRASE (or BACKUP_PASSPHRASE_FILE), or give --passphrase-file FILE. Keep the passphrase where the backup is not.',
    );
  }
  const checked = secret.safeParse(given);
  if (checked.success) return given;
  throw new AppError(
    'bad_configuration',
    `The passphrase ${checked.error.issues[0]?.message ?? 'is faulty'}`,
  );
}

/** A whole number from 1, for commander. */
export function atLeastOne(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a whole number from 1');
}
