/** `mintmark events`: lists, shows, replays and settles the events of marketplaces. */
import type { Command } from 'commander';
import { type Replayed, replayEvents } from '../domain/desk/events.ts';
import { settleFlags } from '../domain/desk/flags.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import type { KeptEvent } from '../domain/facts/event.ts';
import type { EventQuery, Ledger } from '../domain/ledger.ts';
import type { Flag } from '../domain/values/flag.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { limitArgument, MOST_ROWS } from './arguments.ts';
import { type CliContext, commandIn, noteLimit, printJson } from './context.ts';
import { eventJson, eventLine } from './event-text.ts';
import { flagJson } from './flag-text.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { withDesk, withLedger } from './opened.ts';
import { readKept } from './read-kept.ts';

interface ListOptions {
  readonly failed?: true;
  readonly flagged?: true;
  readonly limit: number;
  readonly json?: true;
}

interface Json {
  readonly json?: true;
}

const ID = '<id>';
const ID_IS = 'the event id of the marketplace';

export function eventsCommand(context: CliContext): Command {
  const events = commandIn(context, 'events').description(
    'list, show, replay and settle events of marketplaces',
  );

  events
    .command('list')
    .description('the newest events')
    .option('--failed', 'only events that could not be applied')
    .option('--flagged', 'only events with open flags, each with its reason')
    .option('--limit <n>', `the most to print, 1 to ${MOST_ROWS}`, limitArgument, 50)
    .option('--json', 'print {events}')
    .addHelpText(
      'after',
      `
unmatched: signed and read, but about no order or license in the ledger.

Example:
  $ ${RUN} events list --failed`,
    )
    .action((options: ListOptions) => list(context, options));

  events
    .command('show')
    .description('one event; its payload can contain personal data')
    .argument(ID, ID_IS)
    .option('--personal', 'print the payload, byte for byte as received')
    .option('--json', 'print {events}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} events show jazYJQw5RSWVR474tU2Obw --personal`)
    .action((id: string, options: Json & { personal?: true }) => show(context, id, options));

  events
    .command('replay')
    .description('apply an event again, after the cause of its failure was corrected')
    .argument(ID, ID_IS)
    .option('--json', 'print {event, outcome, replayed}')
    .addHelpText(
      'after',
      `\nAn event that was applied before changes nothing twice. Two marketplaces, or the two modes of one, may use\nthe same id: then each of these events is replayed.\n\nExample:\n  $ ${RUN} events replay jazYJQw5RSWVR474tU2Obw`,
    )
    .action((id: string, options: Json) => replay(context, id, options));

  withGrounds(events.command('settle'))
    .description('settle all flags of an event, with your decision as the reason')
    .argument(ID, ID_IS)
    .option('--json', 'print {flags}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} events settle jazYJQw5RSWVR474tU2Obw --reason "goodwill, the license stays"`,
    )
    .action((id: string, options: Grounds & Json) => settle(context, id, options));

  return events;
}

async function list(context: CliContext, { json, ...query }: ListOptions): Promise<void> {
  const found = await withLedger(context, (ledger) => eventsWithFlags(ledger, query));
  if (json) printJson(context, { events: found.map(([event, flags]) => eventJson(event, flags, false)) });
  else if (found.length === 0) context.stdout('No such events.\n');
  else context.stdout(found.map(([event, flags]) => eventLine(event, flags)).join(''));
  noteLimit(context, found.length, query.limit);
}

async function show(
  context: CliContext,
  id: string,
  { personal = false, json }: Json & { personal?: boolean },
) {
  const found = await withLedger(context, (ledger) => eventsWithFlags(ledger, { id, limit: MOST_ROWS }));
  if (found.length === 0) throw noEvent(id);
  if (json) {
    return printJson(context, { events: found.map(([event, flags]) => eventJson(event, flags, personal)) });
  }
  for (const [event, flags] of found) {
    context.stdout(eventLine(event, flags));
    if (personal) context.stdout(`${event.payload ?? 'deleted (RETAIN_EVENTS, or erased)'}\n`);
  }
}

/** Each event with its open flags. */
async function eventsWithFlags(
  ledger: Ledger,
  query: EventQuery,
): Promise<readonly (readonly [KeptEvent, readonly Flag[]])[]> {
  const events = await ledger.findEvents(query);
  return Promise.all(
    events.map(async (event) => {
      if (!event.flagged) return [event, []] as const;
      const flags = await ledger.findFlags({ event: event.id, settled: false, limit: MOST_ROWS });
      return [event, flags.filter((flag) => isIts(flag, event))] as const;
    }),
  );
}

function isIts(flag: Flag, event: KeptEvent): boolean {
  return flag.marketplace === event.marketplace && flag.mode === event.mode;
}

async function replay(context: CliContext, id: string, options: Json): Promise<void> {
  const replayed = await withDesk(context, (desk, { catalog }) =>
    replayEvents(desk, { id }, readKept(catalog)),
  );
  if (replayed.length === 0) throw noEvent(id);
  const done = replayed.filter(isDone);
  if (options.json && done.length > 0) printJson(context, replayedJson(id, replayed));
  else if (!options.json) {
    for (const { outcome, event } of done) {
      context.stdout(
        `Event ${id} (${replayed.length > 1 ? marketOf(event) : event.type}) ${SAID[outcome]}.\n`,
      );
    }
  }
  if (done.length < replayed.length) throw notReplayed(id, replayed);
}

type Done = Extract<Replayed, { readonly outcome: 'applied' | 'unmatched' }>;

function isDone(replayed: Replayed): replayed is Done {
  return replayed.outcome === 'applied' || replayed.outcome === 'unmatched';
}

/** `outcome` is `applied` if each of the events was; `replayed` has each event of this id. */
function replayedJson(id: string, replayed: readonly Replayed[]) {
  return {
    event: id,
    outcome: replayed.find(({ outcome }) => outcome !== 'applied')?.outcome ?? 'applied',
    replayed: replayed.map(({ event: { marketplace, mode }, outcome }) => ({ marketplace, mode, outcome })),
  };
}

function notReplayed(id: string, replayed: readonly Replayed[]): unknown {
  const errors = replayed.flatMap((one) => {
    if (isDone(one)) return [];
    const which = replayed.length > 1 ? `${id} (${marketOf(one.event)})` : id;
    if (one.outcome === 'forgotten') {
      const text = `The payload of event ${which} was deleted, so it cannot be replayed.`;
      return [new AppError('not_found', text)];
    }
    if (replayed.length === 1 || !(one.error instanceof AppError)) return [one.error];
    return [new AppError(one.error.code, `Event ${which}: ${one.error.message}`, { cause: one.error })];
  });
  const [first] = errors;
  if (errors.length === 1 || !(first instanceof AppError)) return first;
  return new AppError(first.code, errors.map((error) => (error as Error).message).join('\n'));
}

function marketOf({ marketplace, mode, type }: KeptEvent): string {
  return `${marketplace} ${mode}, ${type}`;
}

const SAID = {
  applied: 'was applied',
  unmatched: 'was read, but is about no order or license in the ledger',
} as const;

async function settle(context: CliContext, id: string, options: Grounds & Json): Promise<void> {
  const grounds = requireFit(options);
  const settled = await withLedger(context, (ledger) =>
    settleFlags({ ledger }, { event: id }, grounds, context.now()),
  );
  if (settled.outcome === 'unknown') throw new AppError('not_found', `There is no flag of an event ${id}.`);
  if (settled.outcome === 'unchanged') {
    throw new AppError('nothing_changed', `All flags of event ${id} were settled before.`);
  }
  if (options.json) printJson(context, { flags: settled.flags.map(flagJson) });
  else context.stdout(`Settled: ${settled.flags.map((flag) => `flag ${flag.id}`).join(', ')}.\n`);
}

function noEvent(id: string): AppError {
  return new AppError('not_found', `There is no event ${id}.`);
}
