/** `mintmark events`: what marketplaces told, what failed or has to be looked at, and how to apply it again. */
import { type Command, InvalidArgumentError } from 'commander';
import type { KeptEvent } from '../domain/event.ts';
import type { Marketplace } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { fastSpringEvents } from '../marketplaces/fastspring/fastspring.ts';
import { paddleClassicEvents } from '../marketplaces/paddle-classic/paddle-classic.ts';
import type { EventMarketplace } from '../marketplaces/port.ts';
import { openLedger, openParts } from '../parts.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { timeText } from './license-text.ts';
import { printable } from './printable.ts';

interface ListOptions {
  readonly failed?: true;
  readonly flagged?: true;
  readonly limit: number;
  readonly json?: true;
}

const MOST_EVENTS = 10_000;

export function eventsCommand(context: CliContext): Command {
  const events = commandIn(context, 'events').description('list, show and replay what marketplaces told');

  events
    .command('list')
    .description('the newest events')
    .option('--failed', 'only those that could not be applied')
    .option('--flagged', 'only those that somebody has to look at')
    .option('--limit <n>', `how many at the most, 1 to ${MOST_EVENTS}`, limitArgument, 50)
    .option('--json', 'print {events}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} events list --failed`)
    .action((options: ListOptions) => list(context, options));

  events
    .command('show')
    .description('one event; what it says may hold personal data')
    .argument('<id>', "the marketplace's id of it")
    .option('--personal', 'show what was received, to the byte')
    .option('--json', 'print {events}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} events show jazYJQw5RSWVR474tU2Obw --personal`)
    .action((id: string, options: { personal?: true; json?: true }) => show(context, id, options));

  events
    .command('replay')
    .description('apply an event again, once what it failed for is mended')
    .argument('<id>', "the marketplace's id of it")
    .option('--json', 'print {event, outcome}')
    .addHelpText(
      'after',
      `\nAn event that was applied before changes nothing it changed already.\n\nExample:\n  $ ${RUN} events replay jazYJQw5RSWVR474tU2Obw`,
    )
    .action((id: string, options: { json?: true }) => replay(context, id, options));

  return events;
}

function limitArgument(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_EVENTS) return limit;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_EVENTS}.`);
}

async function list(context: CliContext, { json, ...query }: ListOptions): Promise<void> {
  const ledger = openLedger(context.config());
  try {
    const events = await ledger.findEvents(query);
    if (json) printJson(context, { events: events.map((event) => eventJson(event, false)) });
    else context.stdout(events.length === 0 ? 'No such events.\n' : events.map(eventLine).join(''));
  } finally {
    await ledger.close();
  }
}

async function show(
  context: CliContext,
  id: string,
  options: { personal?: true; json?: true },
): Promise<void> {
  const ledger = openLedger(context.config());
  try {
    const events = await ledger.findEvents({ id, limit: MOST_EVENTS });
    if (events.length === 0) throw new AppError('not_found', `There is no event ${id}.`);
    if (options.json)
      printJson(context, { events: events.map((event) => eventJson(event, options.personal === true)) });
    else {
      for (const event of events) {
        context.stdout(eventLine(event));
        if (options.personal) context.stdout(`${event.payload ?? 'forgotten (RETAIN_EVENTS, or erased)'}\n`);
      }
    }
  } finally {
    await ledger.close();
  }
}

async function replay(context: CliContext, id: string, options: { json?: true }): Promise<void> {
  const { ledger, catalog } = await openParts(context.config(), { modesNeeded: [] });
  try {
    const [event] = await ledger.findEvents({ id, limit: 1 });
    if (event === undefined) throw new AppError('not_found', `There is no event ${id}.`);
    if (event.payload === null) {
      throw new AppError('not_found', `What event ${id} said was forgotten: it can be replayed no more.`);
    }
    const received = marketplaceOf(event.marketplace, catalog.all()).readAgain(event.payload, event.mode);
    const outcome = await ledger.ingest(received.read(), { again: true });
    if (options.json) printJson(context, { event: id, outcome });
    else context.stdout(`Event ${id} (${event.type}) was applied.\n`);
  } finally {
    await ledger.close();
  }
}

/** The readers of events; what was kept was authenticated when it came. */
function marketplaceOf(name: Marketplace, products: readonly Product[]): EventMarketplace {
  return name === 'fastspring'
    ? fastSpringEvents({ webhookSecrets: [], simulatorSecret: undefined, products })
    : paddleClassicEvents({ keys: [], products });
}

function eventJson({ at, receivedAt, payload, ...event }: KeptEvent, personal: boolean) {
  return { ...event, at: timeText(at), receivedAt: timeText(receivedAt), ...(personal && { payload }) };
}

function eventLine({
  id,
  marketplace,
  mode,
  type,
  receivedAt,
  outcome,
  fault,
  flagged,
  attempts,
}: KeptEvent): string {
  const marks = [outcome, flagged && 'flagged', attempts > 1 && `${attempts} attempts`, fault].filter(
    Boolean,
  );
  return `${printable(`${timeText(receivedAt)}  ${marketplace} ${mode}  ${type}  ${id}  ${marks.join(', ')}`)}\n`;
}
