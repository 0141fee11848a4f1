/** `mintmark outbox list`: announcements, the newest first, and the targets that get none now. */
import { type Command, Option } from 'commander';
import { ANNOUNCEMENT_STATES, type AnnouncementState } from '../domain/values/announcement.ts';
import { RUN } from '../service/command.ts';
import { limitArgument, MOST_ROWS } from './arguments.ts';
import { type CliContext, noteLimit, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { announcementJson, announcementLine, haltLine, targetJson } from './outbox-text.ts';

interface ListOptions {
  readonly state?: AnnouncementState;
  readonly order?: string;
  readonly limit: number;
  readonly json?: true;
}

export function addOutboxList(outbox: Command, context: CliContext): void {
  outbox
    .command('list')
    .description('the newest announcements, with what became of them')
    .addOption(new Option('--state <state>', 'only in this state').choices(ANNOUNCEMENT_STATES))
    .option('--order <id>', 'only of this order')
    .option('--limit <n>', `the most to print, 1 to ${MOST_ROWS}`, limitArgument, 50)
    .option('--json', 'print {announcements, targets}')
    .addHelpText(
      'after',
      `
held: overdue by more than a day at a start, as after a backup was restored: outbox send  or  outbox drop.

Example:
  $ ${RUN} outbox list --state given-up`,
    )
    .action((options: ListOptions) => list(context, options));
}

async function list(context: CliContext, { json, ...query }: ListOptions): Promise<void> {
  const { announcements, targets } = await withLedger(context, async ({ outbox }) => ({
    announcements: await outbox.list(query),
    targets: await outbox.targets(),
  }));
  if (json) {
    const lists = { announcements: announcements.map(announcementJson), targets: targets.map(targetJson) };
    printJson(context, lists);
  } else {
    context.stdout(targets.flatMap((target) => haltLine(target) ?? []).join(''));
    context.stdout(
      announcements.length === 0 ? 'No announcements.\n' : announcements.map(announcementLine).join(''),
    );
  }
  noteLimit(context, announcements.length, query.limit);
}
