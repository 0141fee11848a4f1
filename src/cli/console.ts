/** `mintmark console`: links into the console, and the end of all its sessions. */
import type { Command } from 'commander';
import { digestOf, newLinkCode } from '../console/access/secret.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { loadSigners } from '../keyring/signer.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { withLedger } from './opened.ts';

interface LinkOptions {
  readonly name: string;
  readonly url?: string;
  readonly json?: true;
}

/** A person's name stands beside each decision in the history. */
const LONGEST_NAME = 40;

export function consoleCommand(context: CliContext): Command {
  const command = commandIn(context, 'console').description(
    'let somebody into the console, or everybody out',
  );
  command
    .command('link')
    .description('print an address and a code that let one person in, once, within 10 minutes')
    .option('--name <name>', 'who gets in; it stands beside their decisions', 'Operator')
    .option('--url <address>', 'where the console is reached, if the settings do not say it')
    .option('--json', 'print {address, code}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} console link --name Ada`)
    .action((options: LinkOptions) => link(context, options));
  command
    .command('sign-out')
    .description('end sessions of the console')
    .requiredOption('--all', 'of everybody')
    .option('--json', 'print {sessions}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} console sign-out --all`)
    .action((options: { readonly json?: true }) => signOut(context, options));
  return command;
}

async function link(context: CliContext, { name, url, json }: LinkOptions): Promise<void> {
  const person = name.trim();
  if (person === '' || person.length > LONGEST_NAME)
    throw new AppError('bad_usage', `--name: 1 to ${LONGEST_NAME} characters.`);
  const config = context.config();
  if (!config.console) throw new AppError('bad_usage', 'The console is off: set CONSOLE=on, or PUBLIC_URL.');
  // A link gives no power that its caller lacks: who has no passphrase of the keys gets none.
  loadSigners(config.keysDir, { passphrase: config.keyPassphrase, modesNeeded: [] });
  const code = newLinkCode();
  const now = context.now();
  await withLedger(context, ({ consoleAccess }) =>
    consoleAccess.addLink(
      { digest: digestOf(code), person, madeAt: now },
      { at: now, person, what: 'a link was made on the command line' },
    ),
  );
  const address = `${url?.replace(/\/$/, '') ?? originOf(config)}/console/in#${code}`;
  if (json) return printJson(context, { address, code });
  context.stdout(
    `Open this address, once, within 10 minutes:\n  ${address}\nOr type the code there:\n  ${code}\n`,
  );
}

function originOf({ consolePort, publicUrl, port }: Config): string {
  if (consolePort !== undefined) return `http://localhost:${consolePort}`;
  return publicUrl ?? `http://localhost:${port}`;
}

async function signOut(context: CliContext, { json }: { readonly json?: true }): Promise<void> {
  const entry = { at: context.now(), person: 'command line', what: 'ended all sessions' };
  const sessions = await withLedger(context, ({ consoleAccess }) => consoleAccess.endSessions('all', entry));
  if (json) printJson(context, { sessions });
  else context.stdout(`Ended ${counted(sessions, 'session')}.\n`);
}
