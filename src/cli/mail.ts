/** `mintmark mail test`: hands a mail to the relay now, and prints what the relay says. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { isAddress } from '../domain/address.ts';
import { AppError } from '../errors.ts';
import { mailPage } from '../message/mail-page.ts';
import { Relay } from '../outbox/mail/relay.ts';
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
  const relay = new Relay(settings);
  try {
    const subject = 'A test mail of Mintmark';
    const text = `This is a test mail of Mintmark.\n\nIt came by ${settings.relay.host}, from ${settings.from.address}. Look at its source: SPF, DKIM and DMARC should say "pass".\n`;
    const mail = { to: { name: undefined, address }, subject, text, html: mailPage(subject, text) };
    const { outcome, answer } = await relay.send({ ...mail, id: randomUUID(), date: context.now() });
    if (options.json) printJson(context, { outcome, answer });
    else if (outcome === 'sent') context.stdout(`The relay took the mail: ${answer}\n`);
    if (outcome !== 'sent')
      throw new AppError('nothing_changed', `The relay did not take the mail (${outcome}): ${answer}`);
  } finally {
    await relay.close();
  }
}
