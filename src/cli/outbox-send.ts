/** `mintmark outbox send`: sends again what was given up, held or sent. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { sendAgain } from '../domain/desk/outbox.ts';
import { RUN } from '../service/command.ts';
import { announcementArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withLedger } from './opened.ts';
import { noAnnouncement, refusedAnnouncement } from './outbox-refusal.ts';

export function addOutboxSend(outbox: Command, context: CliContext): void {
  withGrounds(outbox.command('send'))
    .description('send an announcement again')
    .argument('<number>', 'the number in outbox list', announcementArgument)
    .option('--json', 'print {number}')
    .addHelpText(
      'after',
      `
What was given up or held waits again under its id, so that a receiver that has it notices. What was sent
waits as a copy with a number and an id of its own.

Example:
  $ ${RUN} outbox send 12 --reason "the relay works again"`,
    )
    .action((number: number, options: Grounds & { json?: true }) => send(context, number, options));
}

async function send(context: CliContext, number: number, options: Grounds & { json?: true }): Promise<void> {
  const grounds = requireFit(options);
  const sent = await withLedger(context, (ledger) => sendAgain({ ledger }, number, grounds, context.now()));
  if (sent.outcome === 'unknown') throw noAnnouncement(number);
  if (sent.outcome === 'refused') throw refusedAnnouncement(number, sent.state);
  const waiting = sent.outcome === 'copied' ? sent.copy : number;
  if (options.json) printJson(context, { number: waiting });
  else if (sent.outcome === 'again') context.stdout(`Announcement ${number} waits again.\n`);
  else context.stdout(`Announcement ${number} waits again as a copy: ${waiting}.\n`);
}
