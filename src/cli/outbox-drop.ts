/** `mintmark outbox drop`: an announcement that shall not be sent any more. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { dropAnnouncement } from '../domain/desk/outbox.ts';
import { RUN } from '../service/command.ts';
import { announcementArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withLedger } from './opened.ts';
import { noAnnouncement, refusedAnnouncement } from './outbox-refusal.ts';

export function addOutboxDrop(outbox: Command, context: CliContext): void {
  withGrounds(outbox.command('drop'))
    .description('never send an announcement that waits, is held or was given up')
    .argument('<number>', 'the number in outbox list', announcementArgument)
    .option('--json', 'print {number}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} outbox drop 12 --reason "told by telephone"`)
    .action((number: number, options: Grounds & { json?: true }) => drop(context, number, options));
}

async function drop(context: CliContext, number: number, options: Grounds & { json?: true }): Promise<void> {
  const grounds = requireFit(options);
  const dropped = await withLedger(context, (ledger) =>
    dropAnnouncement({ ledger }, number, grounds, context.now()),
  );
  if (dropped.outcome === 'unknown') throw noAnnouncement(number);
  if (dropped.outcome === 'refused') throw refusedAnnouncement(number, dropped.state);
  if (options.json) printJson(context, { number });
  else context.stdout(`Announcement ${number} is dropped.\n`);
}
