/** `mintmark outbox show`: one announcement with every try. */
import type { Command } from 'commander';
import { RUN } from '../service/command.ts';
import { announcementArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { noAnnouncement } from './outbox-refusal.ts';
import { announcementJson, announcementLine, tryJson, tryLine } from './outbox-text.ts';
import { printable } from './printable.ts';

export function addOutboxShow(outbox: Command, context: CliContext): void {
  outbox
    .command('show')
    .description('one announcement: every try with its time and answer, and the body of a webhook')
    .argument('<number>', 'the number in outbox list', announcementArgument)
    .option('--json', 'print {announcement, body, tries}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} outbox show 12`)
    .action((number: number, options: { json?: true }) => show(context, number, options));
}

async function show(context: CliContext, number: number, { json }: { json?: true }): Promise<void> {
  const story = await withLedger(context, ({ outbox }) => outbox.show(number));
  if (story === undefined) throw noAnnouncement(number);
  const { announcement, tries } = story;
  const body = announcement.body === null ? null : Buffer.from(announcement.body).toString('utf8');
  if (json) {
    return printJson(context, {
      announcement: announcementJson(announcement),
      body,
      tries: tries.map(tryJson),
    });
  }
  const { id, reason } = announcement;
  context.stdout(announcementLine(announcement));
  context.stdout(`    id ${id}\n`);
  if (reason !== null) context.stdout(`    ${printable(reason)}\n`);
  if (body !== null) context.stdout(`    ${printable(body)}\n`);
  context.stdout(tries.map(tryLine).join(''));
}
