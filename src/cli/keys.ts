/** `mintmark keys`: make, list, rotate and publish the signing keys. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { dayOf } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { idSecretFile, keyringFile, makeFolder, signingKeyFile } from '../keyring/key-files.ts';
import { formatKeyring, type KeyEntry, type Keyring, readKeyring, writeKeyring } from '../keyring/keyring.ts';
import { withLock } from '../keyring/lock.ts';
import { activate, keyOf, retire } from '../keyring/rotation.ts';
import { addSigningKey, readSigningKey } from '../keyring/signing-key.ts';
import { RUN, START } from '../service/command.ts';
import { keyIdArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { addKeysBackup } from './keys-backup.ts';
import { addKeysBundle } from './keys-bundle.ts';
import { addKeysCompromised } from './keys-compromised.ts';
import { addListCommand } from './keys-list.ts';

interface Json {
  readonly json?: true;
}

interface ExportOptions {
  readonly liveOnly?: true;
  readonly without?: number;
}

export function keysCommand(context: CliContext): Command {
  const keys = commandIn(context, 'keys').description('make, list, rotate and publish the signing keys');

  keys
    .command('new')
    .description('make a signing key: active at once if its mode has no active key, else next')
    .addOption(
      new Option('--mode <mode>', 'what it signs: live or test orders')
        .choices(['live', 'test'])
        .makeOptionMandatory(),
    )
    .option('--next', 'only prepare it: publish it first, activate it later')
    .option('--json', 'print {key, file, encrypted}')
    .addHelpText(
      'after',
      `
The private key goes to the keys folder (KEYS_DIR), encrypted if KEY_PASSPHRASE is set. It is never printed.

Example: your first key for real sales
  $ ${RUN} keys new --mode live
Example: the next key, to activate once your programs know it
  $ ${RUN} keys new --mode live --next`,
    )
    .action((options: Json & { mode: Mode; next?: true }) => newKey(context, options));

  addListCommand(keys, context);

  keys
    .command('activate')
    .description('sign with a key from the next start; the former active key of its mode is retired')
    .argument('<id>', 'number of the key', keyIdArgument)
    .option('--json', 'print {changed, key, retired}')
    .addHelpText(
      'after',
      `
Do it once every program that you support knows the key: other programs answer unknown-key.
A retired key signs nothing more, and its codes stay valid.

Example:
  $ ${RUN} keys activate 2`,
    )
    .action((id: number, options: Json) => change(context, id, options, 'activate'));

  keys
    .command('retire')
    .description('stop signing with a key; the codes that it signed stay valid')
    .argument('<id>', 'number of the key', keyIdArgument)
    .option('--json', 'print {changed, key, retired}')
    .addHelpText(
      'after',
      `
The only active key of a mode cannot be retired: activate another key, which retires it.

Example:
  $ ${RUN} keys retire 3`,
    )
    .action((id: number, options: Json) => change(context, id, options, 'retire'));

  keys
    .command('export')
    .description('print the public keyring, for your program to embed')
    .option('--live-only', 'leave test keys out: a production build embeds live keys only')
    .option('--without <id>', 'leave a key out that leaked', keyIdArgument)
    .option('--json', 'no effect: the keyring is always JSON')
    .addHelpText(
      'after',
      `
It holds public keys only. A production build embeds live keys only, so that no test code works in it.

Example:
  $ ${RUN} keys export --live-only > keyring.json`,
    )
    .action((options: ExportOptions) => exportKeyring(context, options));

  addKeysBackup(keys, context);
  addKeysBundle(keys, context);
  addKeysCompromised(keys, context);
  return keys;
}

async function newKey(context: CliContext, options: Json & { mode: Mode; next?: true }): Promise<void> {
  const { keysDir: folder, keyPassphrase: passphrase } = context.config();
  makeFolder(folder);
  const key = await withLock(folder, () =>
    addSigningKey(folder, readKeyring(folder), {
      mode: options.mode,
      next: options.next ?? false,
      today: dayOf(context.now()),
      passphrase,
      randomBytes,
    }),
  );
  const file = signingKeyFile(folder, key.id);
  const encrypted = passphrase !== undefined;
  if (options.json) return printJson(context, { key, file, encrypted });
  const secrecy = encrypted
    ? 'encrypted with KEY_PASSPHRASE, which every start needs'
    : 'not encrypted: KEY_PASSPHRASE is not set';
  context.stdout(`Made key ${key.id} for ${key.mode} orders. ${stateText(key, options.next === true)}

  private half  ${file} (${secrecy})
  public half   ${keyringFile(folder)}

Next:
${nextSteps(folder, key)}`);
}

function stateText(key: KeyEntry, asked: boolean): string {
  if (key.state === 'active') return 'It is active: it signs from the next start of the service.';
  return asked
    ? 'It is next: it signs nothing until you activate it.'
    : `It is next, because another ${key.mode} key is active: it signs nothing until you activate it.`;
}

function nextSteps(folder: string, key: KeyEntry): string {
  const backup = existsSync(idSecretFile(folder))
    ? `Back up the folder ${folder}: nobody can make a lost key again.`
    : `Start the service once (${START}), which makes the id secret too, and back up the folder ${folder}: nobody can make a lost key again.`;
  const publish =
    key.mode === 'live'
      ? `Put the public keys into your program, and release it:  ${RUN} keys export --live-only`
      : `Put the public keys into a test build of your program:  ${RUN} keys export`;
  const last =
    key.state === 'next'
      ? `Once every program that you support knows key ${key.id}:  ${RUN} keys activate ${key.id}`
      : `Start the service again: from then on ${key.mode} orders are signed with key ${key.id}.`;
  return [backup, publish, last].map((step, index) => `  ${index + 1}. ${step}\n`).join('');
}

async function change(
  context: CliContext,
  id: number,
  options: Json,
  act: 'activate' | 'retire',
): Promise<void> {
  const { keysDir: folder, keyPassphrase } = context.config();
  // Before the lock, which needs a folder.
  keyOf(readKeyring(folder), id);
  const { before, after } = await withLock(folder, () => {
    const before = readKeyring(folder);
    const after = act === 'activate' ? activate(before, id) : retire(before, id);
    // A key that cannot sign would stop the next start of the service.
    if (act === 'activate') readSigningKey(folder, keyOf(after, id), keyPassphrase);
    if (formatKeyring(after) !== formatKeyring(before)) writeKeyring(folder, after);
    return { before, after };
  });
  const key = keyOf(after, id);
  const changed = formatKeyring(after) !== formatKeyring(before);
  const retired = newlyRetired(before, after);
  if (options.json) return printJson(context, { changed, key, retired });
  context.stdout(
    changed ? changeText(key, retired, keyringFile(folder)) : `Key ${id} is ${key.state} already.\n`,
  );
}

function changeText(key: KeyEntry, retired: readonly number[], file: string): string {
  const gone = retired
    .map((id) => `Key ${id} is retired: it signs nothing more, and its codes stay valid.\n`)
    .join('');
  if (key.state === 'retired') return `${gone}\nNext: back up ${file}.\n`;
  return `Key ${key.id} is active: it signs ${key.mode} orders from the next start of the service.
${gone}
Next:
  1. Start the service again.
  2. Back up ${file}.
`;
}

function newlyRetired(before: Keyring, after: Keyring): readonly number[] {
  return after
    .filter(({ id, state }) => state === 'retired' && keyOf(before, id).state !== 'retired')
    .map(({ id }) => id);
}

function exportKeyring(context: CliContext, { liveOnly, without }: ExportOptions): void {
  const all = readKeyring(context.config().keysDir);
  if (without !== undefined) keyOf(all, without);
  const entries = all.filter(({ id, mode }) => id !== without && (!liveOnly || mode === 'live'));
  if (entries.length === 0) {
    throw new AppError(
      'not_found',
      `There is no ${liveOnly ? 'live ' : ''}key to export: make one with  ${RUN} keys new --mode live`,
    );
  }
  context.stdout(formatKeyring(entries));
  if (entries.some(({ mode }) => mode === 'test')) {
    context.stderr('Test keys are in it. A production build embeds live keys only: add --live-only.\n');
  }
}
