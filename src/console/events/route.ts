/** Events: the lists, one event, its payload, and the decisions about it. */
import { replayEvents } from '../../domain/desk/events.ts';
import { settleFlags } from '../../domain/desk/flags.ts';
import type { KeptEvent } from '../../domain/facts/event.ts';
import type { EventPageQuery } from '../../domain/ports/ledger-reader.ts';
import { AppError } from '../../errors.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { sayingOf, withSaying } from '../decisions/sayings.ts';
import { at, notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { EVENTS_A_PAGE, eventPage, eventsPage, payloadPage } from './page.ts';
import { saidBy } from './said.ts';

/** Two marketplaces may use the same event id. */
const MOST_NAMESAKES = 10;

export const events: Screen = {
  path: '/events',
  get: async (visit) => {
    const { parts, mode } = visit;
    const which = whichOf(query(visit, 'show'));
    const before = Number(query(visit, 'before'));
    const page = { mode, limit: EVENTS_A_PAGE, before: before > 0 ? before : undefined };
    const [failed, flagged, found] = await Promise.all([
      parts.reader.listEventPage({ mode, which: 'failed', limit: EVENTS_A_PAGE }),
      parts.reader.listEventPage({ mode, which: 'flagged', limit: EVENTS_A_PAGE }),
      parts.reader.listEventPage({ ...page, which }),
    ]);
    const last = found.at(-1)?.number;
    const next = found.length >= EVENTS_A_PAGE && last !== undefined && last > 1 ? last : undefined;
    const body = eventsPage(visit, { which, found, next, failed: failed.length, flagged: flagged.length });
    return { title: 'Events', nav: 'events', counterpart: 'events', body };
  },
};

function whichOf(text: string | undefined): EventPageQuery['which'] {
  return text === 'failed' || text === 'flagged' ? text : 'all';
}

export const event: Screen = {
  path: '/events/:marketplace/:event',
  get: async (visit) => {
    const found = await eventIn(visit);
    const flags = await visit.parts.ledger.findFlags({ event: found.id, limit: 100 });
    const its = flags.filter(
      ({ marketplace, mode }) => marketplace === found.marketplace && mode === found.mode,
    );
    const values = { flags: its, said: await saidBy(visit, found), did: sayingOf(query(visit, 'did')) };
    const body = eventPage(visit, found, values);
    return { title: `Event ${found.type}`, nav: 'events', counterpart: 'events', body };
  },
};

/** Payloads are personal data: the person has to prove who it is, and each view is recorded. */
export const payload: Screen = {
  path: '/events/:marketplace/:event/payload',
  isGrave: () => true,
  get: async (visit) => {
    const found = await eventIn(visit);
    const { ledger } = visit.parts;
    const what = `read the payload of event ${found.id}`.slice(0, 200);
    await ledger.consoleAccess.note({ at: visit.now, person: visit.session.person, what });
    return { title: 'What was received', nav: 'events', body: payloadPage(visit, found) };
  },
};

export const replay: Screen = {
  path: '/events/:marketplace/:event/replay',
  get: async (visit) => {
    const found = await eventIn(visit);
    const body = decisionForm({
      question: `Apply event ${found.type} again?`,
      consequences: [
        'The event is read again with the product files and settings of now.',
        'What it says is applied once: an event that was applied before changes nothing twice.',
      ],
      button: 'Apply again',
      isDanger: false,
      action: addressOf(visit, found, 'replay'),
      leave: addressOf(visit, found),
      shown: shownOf(found),
    });
    return { title: 'Apply again?', nav: 'events', body };
  },
  post: async (visit) => {
    const found = await eventIn(visit);
    const { actor, reason } = groundsOf(visit);
    requireShown(
      visit,
      shownOf(found),
      `It was tried ${found.attempts} times meanwhile, and is ${found.outcome}.`,
    );
    const { marketplace, mode, id } = found;
    const which = { marketplace, mode, id };
    const entry = { at: visit.now, person: actor, what: `applied event ${id} again: ${reason}` };
    await visit.parts.ledger.consoleAccess.note(entry);
    const [own] = await replayEvents(visit.parts.desk, which, visit.parts.readEvent);
    if (own === undefined || own.outcome === 'forgotten')
      throw new AppError('stale_form', 'Its payload was deleted, so it cannot be applied again.');
    if (own.outcome === 'failed') {
      const { error } = own;
      throw new AppError(
        'unfit_form',
        error instanceof AppError ? error.message : 'It still cannot be read.',
        { cause: error },
      );
    }
    return { redirect: withSaying(addressOf(visit, found), own.outcome) };
  },
};

export const settle: Screen = {
  path: '/events/:marketplace/:event/settle',
  get: async (visit) => {
    const found = await eventIn(visit);
    const body = decisionForm({
      question: `Settle the flags of event ${found.type}?`,
      consequences: ['Its flags are closed with your reason. No license changes.'],
      button: 'Settle',
      isDanger: false,
      action: addressOf(visit, found, 'settle'),
      leave: addressOf(visit, found),
      shown: shownOf(found),
    });
    return { title: 'Settle?', nav: 'events', body };
  },
  post: async (visit) => {
    const found = await eventIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, shownOf(found), 'Its flags were settled meanwhile.');
    const { marketplace, mode, id } = found;
    const which = { event: id, marketplace, mode };
    const settled = await settleFlags(visit.parts.desk, which, grounds, visit.now);
    if (settled.outcome !== 'settled') throw new AppError('stale_form', 'Its flags were settled meanwhile.');
    return { redirect: withSaying(addressOf(visit, found), 'settled') };
  },
};

function shownOf({ outcome, attempts, flagged }: KeptEvent): string {
  return `${outcome}.${attempts}.${flagged}`;
}

function addressOf(visit: Visit, { marketplace, id }: KeptEvent, ...more: readonly string[]): string {
  return at(visit, 'events', marketplace, id, ...more);
}

async function eventIn(visit: Visit): Promise<KeptEvent> {
  const { parts, mode } = visit;
  const id = param(visit, 'event');
  const marketplace = param(visit, 'marketplace');
  const [found] = await parts.ledger.findEvents({ marketplace, mode, id, limit: MOST_NAMESAKES });
  if (found === undefined) throw notFound(`There is no ${mode} event ${id} of ${marketplace}.`);
  return found;
}
