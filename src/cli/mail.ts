/** `mintmark mail test`: hands a mail to the relay now, and prints what the relay says. */
import type { Command } from 'commander';
import { isAddress } from '../domain/values/address.ts';
import { AppError } from '../errors.ts';
import { sendTestMail } from '../outbox/mail/test-mail.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { requireMail } from './mail-settings.ts';

interface Options {
  readonly json?: true;
}

export function mailCommand(context: CliContext): Command {
  const mail = commandIn(context, 'mail').description('try the mail settings');
  mail
    .command('test')
    .description('send a mail to an address, and print what the relay says')
    .argument('<address>', 'where the mail goes, such as your own address')
    .option('--json', 'print {outcome, answer}')
    .addHelpText(
      'after',
      `\nExit status 1 where the relay does not take it.\n\nExample:\n  $ ${RUN} mail test me@example.com`,
    )
    .action((address: string, options: Options) => test(context, address, options));
  return mail;
}

async function test(context: CliContext, address: string, options: Options): Promise<void> {
  if (!isAddress(address)) throw new AppError('bad_usage', 'Write one address, such as me@example.com.');
  const settings = requireMail(context.config());
  const { outcome, answer } = await sendTestMail(settings, address, context.now());
  if (options.json) printJson(context, { outcome, answer });
  else if (outcome === 'sent') context.stdout(`The relay took the mail: ${answer}\n`);
  if (outcome !== 'sent')
    throw new AppError('nothing_changed', `The relay did not take the mail (${outcome}): ${answer}`);
}
