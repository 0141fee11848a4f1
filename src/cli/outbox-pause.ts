/** `mintmark outbox pause` and `resume`: a channel, or one target of it, in every process of the ledger. */
import { Argument, type Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { pauseTarget, resumeTarget } from '../domain/desk/outbox.ts';
import type { Ledger } from '../domain/ledger.ts';
import { CHANNELS, type ChannelName, TO_CUSTOMER } from '../domain/values/announcement.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { didYouMean } from '../message/nearest.ts';
import { TO_SELLER } from '../outbox/mail/seller-mail.ts';
import { loadEndpoints } from '../outbox/webhook/endpoints-file.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withLedger } from './opened.ts';
import { targetName } from './outbox-text.ts';
import { printable } from './printable.ts';

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
  const outcome = await withLedger(context, async (ledger) => {
    await requireKnown(target, ledger, context.config().webhooksFile);
    return pauseTarget({ ledger }, target, grounds, context.now());
  });
  if (outcome === 'unchanged') {
    throw new AppError('nothing_changed', `It is paused already: ${targetName(target)}.`);
  }
  if (options.json) printJson(context, target);
  else context.stdout(`Paused: ${targetName(target)}.\n`);
}

/** A mistyped name would pause nothing, and say that it did. Throws AppError `not_found`. */
async function requireKnown(
  { channel, target }: Target,
  { outbox }: Pick<Ledger, 'outbox'>,
  webhooksFile: string,
): Promise<void> {
  if (target === '') return;
  const told = (await outbox.targets()).filter((one) => one.channel === channel && one.target !== '');
  const known = new Set(told.map((one) => one.target));
  // Also while webhooks.yaml has a fault.
  if (known.has(target)) return;
  for (const name of await namesOf(channel, webhooksFile)) known.add(name);
  if (known.has(target)) return;
  const names = [...known];
  const which = names.length === 0 ? '' : ` There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}`;
  const slip = didYouMean(target, names);
  throw new AppError(
    'not_found',
    `The channel ${channel} has no target ${printable(target)}.${which}${slip || (which && '.')}`,
  );
}

async function namesOf(channel: ChannelName, webhooksFile: string): Promise<readonly string[]> {
  switch (channel) {
    case 'webhook':
      return (await loadEndpoints(webhooksFile)).map(({ name }) => name);
    case 'mail':
      return [TO_CUSTOMER, TO_SELLER];
    case 'inquiry':
      return [TO_CUSTOMER];
    case 'complete':
      return MARKETPLACES.map(({ name }) => name);
  }
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
