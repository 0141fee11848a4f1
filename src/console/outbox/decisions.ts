/** Decisions about the outbox: send again, drop, pause a channel, let it go on. */
import { dropAnnouncement, pauseTarget, resumeTarget, sendAgain } from '../../domain/desk/outbox.ts';
import type { KeptAnnouncement } from '../../domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../domain/ports/outbox-target.ts';
import { CHANNELS } from '../../domain/values/announcement.ts';
import { AppError } from '../../errors.ts';
import { html } from '../../html/markup.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { withSaying } from '../decisions/sayings.ts';
import { at, notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { announcementIn } from './route.ts';
import { STATE_LOOKS, targetText } from './words.ts';

export const sendAnnouncement: Screen = {
  path: '/outbox/:number/send',
  get: async (visit) => {
    const { announcement } = await announcementIn(visit);
    const wasSent = announcement.state === 'sent';
    const body = decisionForm({
      question: 'Send it again?',
      consequences: [
        wasSent
          ? 'It was sent: a copy goes out, with an id of its own.'
          : 'It goes out at once, with its id, and is tried ten times over three days.',
        'A mail has the codes and the address that the ledger holds when it goes out.',
      ],
      button: 'Send again',
      isDanger: false,
      action: own(visit, 'send'),
      leave: own(visit),
      shown: shownOf(announcement),
    });
    return { title: 'Send again?', nav: 'outbox', body };
  },
  post: async (visit) => {
    const { announcement } = await announcementIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, shownOf(announcement), meanwhile(announcement));
    const sent = await sendAgain(visit.parts.desk, announcement.number, grounds, visit.now);
    if (sent.outcome !== 'again' && sent.outcome !== 'copied')
      throw new AppError('stale_form', meanwhile(announcement));
    const number = sent.outcome === 'copied' ? sent.copy : announcement.number;
    return { redirect: withSaying(at(visit, 'outbox', String(number)), 'again') };
  },
};

export const drop: Screen = {
  path: '/outbox/:number/drop',
  get: async (visit) => {
    const { announcement } = await announcementIn(visit);
    const body = decisionForm({
      question: 'Drop it?',
      consequences: ['It is never sent. The row stays, with your reason.', 'This cannot be undone.'],
      button: 'Drop',
      isDanger: true,
      action: own(visit, 'drop'),
      leave: own(visit),
      shown: shownOf(announcement),
    });
    return { title: 'Drop?', nav: 'outbox', body };
  },
  post: async (visit) => {
    const { announcement } = await announcementIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, shownOf(announcement), meanwhile(announcement));
    const dropped = await dropAnnouncement(visit.parts.desk, announcement.number, grounds, visit.now);
    if (dropped.outcome !== 'dropped') throw new AppError('stale_form', meanwhile(announcement));
    return { redirect: withSaying(own(visit), 'dropped') };
  },
};

function own(visit: Visit, ...act: readonly string[]): string {
  return at(visit, 'outbox', param(visit, 'number'), ...act);
}

function shownOf({ state, round, tries }: KeptAnnouncement): string {
  return `${state}.${round}.${tries}`;
}

function meanwhile({ state, tries }: KeptAnnouncement): string {
  return `It is “${STATE_LOOKS[state].word.toLowerCase()}” meanwhile, after ${tries} tries.`;
}

/** `/channels/CHANNEL/pause` and `resume`; the field `target` names one target of the channel. */
export const channel: Screen = {
  path: '/channels/:channel/:act',
  get: async (visit) => {
    const { act, channel: name } = actIn(visit);
    const target = query(visit, 'target') ?? '';
    const what = targetText({ channel: name, target });
    const body = decisionForm({
      question: act === 'pause' ? `Pause: ${what}?` : `Let it go on: ${what}?`,
      consequences:
        act === 'pause'
          ? ['Nothing is sent by it from now on. What is to be sent waits, and nothing is lost.']
          : ['What waits goes out at once.', 'Its failures are forgotten: it starts anew.'],
      button: act === 'pause' ? 'Pause' : 'Go on',
      isDanger: false,
      action: at(visit, 'channels', name, act),
      leave: at(visit, 'outbox'),
      shown: haltOf(await targetIn(visit, target)),
      fields: html`<input type="hidden" name="target" value="${target}">`,
    });
    return { title: what, nav: 'outbox', body };
  },
  post: async (visit) => {
    const { act, channel: name } = actIn(visit);
    const grounds = groundsOf(visit);
    const target = visit.form.get('target') ?? '';
    requireShown(visit, haltOf(await targetIn(visit, target)), 'It is in another state meanwhile.');
    const which = { channel: name, target };
    const { desk, ledger } = visit.parts;
    const outcome =
      act === 'pause'
        ? await pauseTarget(desk, which, grounds, visit.now)
        : await resumeTarget(desk, which, visit.now);
    if (outcome === 'unchanged') throw new AppError('stale_form', 'It is in another state meanwhile.');
    const what = `${outcome} ${targetText(which)}: ${grounds.reason}`;
    await ledger.consoleAccess.note({ at: visit.now, person: grounds.actor, what });
    return { redirect: withSaying(at(visit, 'outbox'), outcome) };
  },
};

function actIn(visit: Visit) {
  const found = CHANNELS.find((each) => each === param(visit, 'channel'));
  const act = param(visit, 'act');
  if (found === undefined || (act !== 'pause' && act !== 'resume'))
    throw notFound('There is no such channel.');
  return { channel: found, act } as const;
}

async function targetIn(visit: Visit, target: string): Promise<OutboxTarget | undefined> {
  const targets = await visit.parts.ledger.outbox.targets();
  return targets.find((each) => each.channel === param(visit, 'channel') && each.target === target);
}

function haltOf(target: OutboxTarget | undefined): string {
  if (target === undefined) return 'works';
  const { pausedAt, stoppedAt, restsUntil } = target;
  return pausedAt !== null
    ? 'paused'
    : stoppedAt !== null
      ? 'stopped'
      : restsUntil !== null
        ? 'rests'
        : 'works';
}
