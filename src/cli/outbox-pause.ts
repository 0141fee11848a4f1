/** `mintmark outbox pause` and `resume`: a channel, or one target of it, in every process of the ledger. */
import { Argument, type Command } from 'commander';
import { CHANNELS, type ChannelName } from '../domain/announcement.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import { pauseTarget, resumeTarget } from '../domain/desk/outbox.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withLedger } from './opened.ts';
import { targetName } from './outbox-text.ts';

interface Json {
  readonly json?: true;
}

const channel = () => new Argument('<channel>', 'mail or webhook').choices(CHANNELS);
const TARGET_IS = 'only this target, such as the name of an endpoint';

export function addOutboxPause(outbox: Command, context: CliContext): void {
  withGrounds(outbox.command('pause'))
    .description('send nothing by a channel, or to one target, until it is resumed; nothing is lost')
    .addArgument(channel())
    .argument('[target]', TARGET_IS, '')
    .option('--json', 'print {channel, target}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} outbox pause webhook crm --reason "the CRM moves"`)
    .action((name: ChannelName, target: string, options: Grounds & Json) =>
      pause(context, { channel: name, target }, options),
    );

  outbox
    .command('resume')
    .description('let a paused, stopped or resting channel or target go on at once')
    .addArgument(channel())
    .argument('[target]', TARGET_IS, '')
    .option('--json', 'print {channel, target}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} outbox resume webhook crm`)
    .action((name: ChannelName, target: string, options: Json) =>
      resume(context, { channel: name, target }, options),
    );
}

interface Target {
  readonly channel: ChannelName;
  readonly target: string;
}

async function pause(context: CliContext, target: Target, options: Grounds & Json): Promise<void> {
  const grounds = requireFit(options);
  const outcome = await withLedger(context, (ledger) =>
    pauseTarget({ ledger }, target, grounds, context.now()),
  );
  if (outcome === 'unchanged') {
    throw new AppError('nothing_changed', `It is paused already: ${targetName(target)}.`);
  }
  if (options.json) printJson(context, target);
  else context.stdout(`Paused: ${targetName(target)}.\n`);
}

async function resume(context: CliContext, target: Target, { json }: Json): Promise<void> {
  const outcome = await withLedger(context, (ledger) => resumeTarget({ ledger }, target, context.now()));
  if (outcome === 'unchanged') {
    throw new AppError(
      'nothing_changed',
      `It is neither paused, stopped nor resting: ${targetName(target)}.`,
    );
  }
  if (json) printJson(context, target);
  else context.stdout(`It goes on: ${targetName(target)}.\n`);
}
