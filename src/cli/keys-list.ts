/** `mintmark keys list`: the keyring, with a fingerprint of each public key. */
import type { Command } from 'commander';
import { fingerprintOf } from '../keyring/fingerprint.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { RUN, START } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';

export function addListCommand(keys: Command, context: CliContext): void {
  keys
    .command('list')
    .description('show the keyring')
    .option('--json', 'print {keys}')
    .addHelpText(
      'after',
      `
The fingerprint is for people to compare: the first 80 bits of the SHA-256 of the raw public key, as 16 digits of
Crockford's base 32 (which has no I, L, O and U).

Example:
  $ ${RUN} keys list`,
    )
    .action((options: { json?: true }) => list(context, options));
}

function list(context: CliContext, options: { json?: true }): void {
  const entries = readKeyring(context.config().keysDir);
  if (options.json) {
    printJson(context, {
      keys: entries.map((entry) => ({ ...entry, fingerprint: fingerprintOf(entry.publicKey) })),
    });
    return;
  }
  if (entries.length === 0) {
    context.stdout(
      `No keys yet. For test orders:  ${START}   For real sales:  ${RUN} keys new --mode live\n`,
    );
    return;
  }
  const lines = entries.map(
    ({ id, mode, state, created, publicKey }) =>
      `${String(id).padStart(3)}  ${mode}  ${state.padEnd(7)}  ${created}  ${fingerprintOf(publicKey)}  ${publicKey}\n`,
  );
  context.stdout(` id  mode  state    created     fingerprint          public key\n${lines.join('')}`);
}
