/** The story of an order, told from what the ledger holds. Pure: an order in, lines out, the newest first. */
import type { KeptEvent } from '../../domain/facts/event.ts';
import type { LicenseStory, OrderStory } from '../../domain/ledger.ts';
import type { Download } from '../../domain/ports/download.ts';
import type { HistoryEntry } from '../../domain/ports/ledger-views.ts';
import type { AnnouncementStory } from '../../domain/ports/outbox-ledger.ts';
import type { Flag } from '../../domain/values/flag.ts';
import { MANUAL } from '../../domain/values/order.ts';
import type { IconName } from '../../html/icons.ts';
import { factText } from '../../message/fact-text.ts';
import { whatIsFlagged } from '../flag-text.ts';
import { recipientText, topicText } from '../outbox/words.ts';
import type { SentText } from '../parts.ts';
import { countedThings } from '../text.ts';
import { downloadLine } from './downloads.ts';

export interface StoryLine {
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly icon: IconName;
  readonly tone: '' | 'good' | 'bad' | 'care' | 'accent';
  /** In the past tense. */
  readonly what: string;
  /** The cause, as it is stored in the ledger. */
  readonly why: string;
  readonly event?: Pick<KeptEvent, 'marketplace' | 'id' | 'type'>;
  /** The text that was sent. */
  readonly text?: string;
  /** A row of the outbox, and its tries. */
  readonly announcement?: AnnouncementStory;
}

export interface Told extends OrderStory {
  readonly events: readonly KeptEvent[];
  readonly texts: readonly SentText[];
  readonly announcements: readonly AnnouncementStory[];
  readonly downloads: readonly Download[];
}

export function storyOf({
  licenses,
  facts,
  flags,
  events,
  texts,
  announcements,
  downloads,
}: Told): readonly StoryLine[] {
  const changes = changeGroups(licenses, events);
  const changedBy = new Set(changes.filter(({ isChange }) => isChange).map(({ line }) => line.event?.id));
  const causes = new Set(licenses.flatMap(({ history }) => history.map(({ cause }) => cause)));
  // A flag says more than the entry that notes it.
  const flagged = new Set(flags.map(({ kind }) => whatIsFlagged(kind)));
  const lines: StoryLine[] = [
    ...changes
      .filter(({ isChange, line }) => isChange || (line.event === undefined && !flagged.has(line.why)))
      .map(({ line }) => line),
    ...events.filter(({ id }) => !changedBy.has(id)).map((event) => eventLine(event, facts)),
    ...facts.filter(({ cause, key }) => key.startsWith('operator:') && !causes.has(cause)).map(decisionLine),
    ...flags.flatMap(flagLines),
    ...texts.map(textLine),
    ...announcements.map(announcementLine),
    ...downloads.map(downloadLine),
  ];
  // Newest first. Lines of the same millisecond are shown in the reverse order of the list.
  return lines
    .map((line, place) => ({ line, place }))
    .sort((a, b) => b.line.at - a.line.at || b.place - a.place)
    .map(({ line }) => line);
}

interface ChangeGroup {
  readonly line: StoryLine;
  readonly isChange: boolean;
}

type Step = HistoryEntry & { readonly unit: number; readonly before: HistoryEntry | undefined };

/** Changes of the same moment and cause are one line: both units of an order are suspended together. */
function changeGroups(
  licenses: readonly LicenseStory[],
  events: readonly KeptEvent[],
): readonly ChangeGroup[] {
  const steps = licenses.flatMap(({ unit, history }) =>
    history.map((entry, place): Step => ({ ...entry, unit, before: history[place - 1] })),
  );
  const groups = Map.groupBy(steps, ({ at, cause, from, to, revision, before }) =>
    JSON.stringify([at, cause, from, to, revision !== before?.revision]),
  );
  return [...groups.values()].map((group) => groupLine(group, licenses.length, events));
}

function groupLine(group: readonly Step[], all: number, events: readonly KeptEvent[]): ChangeGroup {
  const [{ at, cause, from, to, revision, before }] = group as readonly [Step, ...Step[]];
  const event = events.find(({ id }) => cause.includes(id));
  const isNewer = before !== undefined && revision !== before.revision;
  const isChange = from !== to || isNewer;
  const units = group.map(({ unit }) => unit);
  const which =
    group.length === all ? '' : units.length === 1 ? `Unit ${units[0]}: ` : `Units ${units.join(', ')}: `;
  const { what, ...look } = changeWords({ from, to, isNewer, cause, count: group.length });
  const line = {
    at,
    ...look,
    what: `${which}${which === '' ? what : what.charAt(0).toLowerCase() + what.slice(1)}`,
    why: event === undefined ? causeText(cause) : '',
    ...(event !== undefined && { event }),
  };
  return { line, isChange };
}

function changeWords({
  from,
  to,
  isNewer,
  cause,
  count,
}: Pick<HistoryEntry, 'from' | 'to' | 'cause'> & { readonly isNewer: boolean; readonly count: number }): Pick<
  StoryLine,
  'what' | 'icon' | 'tone'
> {
  if (from === null)
    return {
      icon: 'key',
      tone: 'accent',
      what: `${countedThings(count, 'license')} ${count === 1 ? 'was' : 'were'} minted`,
    };
  if (from === to)
    return isNewer
      ? { icon: 'again', tone: 'good', what: 'A newer code was minted' }
      : { icon: 'dot', tone: '', what: `Noted, and no license changed${actIn(cause)}` };
  if (to === 'suspended') return { icon: 'pause', tone: 'care', what: 'Suspended' };
  if (to === 'revoked') return { icon: 'cross', tone: 'bad', what: 'Revoked' };
  if (to === 'ended') return { icon: 'dot', tone: '', what: 'Ended' };
  return {
    icon: 'check',
    tone: 'good',
    what: from === 'suspended' ? 'No longer suspended' : `Active again, after it was ${from}`,
  };
}

const DECIDED = /^(.+?) by (.+?): (.+)$/s;

/** What a person decided, behind a colon. */
function actIn(cause: string): string {
  const [, act] = DECIDED.exec(cause) ?? [];
  return act === undefined ? '' : `: ${act}`;
}

/** `suspend by Ada: ticket 17` as a person says it. */
export function causeText(cause: string): string {
  const decided = DECIDED.exec(cause);
  return decided === null ? sentence(cause) : `“${decided[3]}”, by ${decided[2]}.`;
}

/** A name such as `order.completed` keeps its first letter. */
function sentence(text: string): string {
  if (/^\w+[._]\w/.test(text)) return `${text}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function eventLine(event: KeptEvent, facts: OrderStory['facts']): StoryLine {
  const { at, outcome, fault, id } = event;
  const said = facts
    .filter(({ cause, body }) => cause.includes(id) && body.kind !== 'alias')
    .map(({ body }) => factText(body));
  const words = [...new Set(said)].join('; ');
  if (outcome === 'failed')
    return { at, icon: 'cross', tone: 'bad', what: 'An event could not be applied', why: fault ?? '', event };
  return {
    at,
    icon: 'event',
    tone: '',
    what: words === '' ? 'An event came' : sentence(words).slice(0, -1),
    why: outcome === 'unmatched' ? 'It is about nothing in the ledger.' : 'No license changed.',
    event,
  };
}

function decisionLine({ at, cause, body }: OrderStory['facts'][number]): StoryLine {
  return { at, icon: 'person', tone: '', what: sentence(factText(body)).slice(0, -1), why: causeText(cause) };
}

function flagLines({ at, kind, reason, settledAt, settledBy }: Flag): readonly StoryLine[] {
  const raised: StoryLine = {
    at,
    icon: 'warn',
    tone: 'care',
    what: whatIsFlagged(kind).slice(0, -1),
    why: `${reason.replace(/\.$/, '')}.`,
  };
  if (settledAt === null) return [raised];
  return [
    raised,
    { at: settledAt, icon: 'check', tone: '', what: 'The flag was settled', why: settledBy ?? '' },
  ];
}

function textLine({ marketplace, at, units, text, isAhead }: SentText): StoryLine {
  const one = units.length === 1;
  const codes = one ? 'The code' : countedThings(units.length, 'code');
  const told = one ? 'was' : 'were';
  const line = { at, icon: 'mail', tone: '', text } as const;
  if (isAhead)
    return {
      ...line,
      what: 'The answer to a repeat was fixed',
      why: 'A repeat of the fulfillment request gets it, the same bytes each time. Nobody was sent it then.',
    };
  if (marketplace === MANUAL)
    return {
      ...line,
      what: `${codes} ${told} printed for you to send`,
      why: 'The text of your own sale; the same command prints the same bytes.',
    };
  return {
    ...line,
    what: `${codes} ${told} handed to the marketplace`,
    why: 'The answer to the fulfillment request; the same bytes at each repeat.',
  };
}

const ENDINGS = {
  waiting: ['', 'waits in the outbox'],
  held: ['care', 'is held until you decide'],
  sent: ['good', 'was sent'],
  'given-up': ['bad', 'was given up'],
  dropped: ['', 'was dropped'],
} as const;

/** The time of the line is when the announcement was written; its text says how the announcement ended. */
function announcementLine(story: AnnouncementStory): StoryLine {
  const { announcement } = story;
  const { channel, state, at, reason } = announcement;
  const [tone, ending] = ENDINGS[state];
  const name =
    channel === 'mail'
      ? `A mail to ${recipientText(announcement)}`
      : `A webhook to ${recipientText(announcement)}`;
  return {
    at,
    icon: channel === 'mail' ? 'mail' : 'hook',
    tone,
    what: `${name} ${channel === 'mail' && state === 'sent' ? 'was taken by the relay' : ending}`,
    why: `${sentence(topicText(announcement))}${state === 'dropped' && reason !== null ? ` ${sentence(reason)}` : ''}`,
    announcement: story,
  };
}
