/** Announcements as the commands show them. */
import type { KeptAnnouncement, KeptTry } from '../domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../domain/ports/outbox-target.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { timeText } from './license-text.ts';
import { printable, shortened } from './printable.ts';

const timeOrNull = (at: number | null) => (at === null ? null : timeText(at));

/** Without its body: a webhook's is in `outbox show`. */
export function announcementJson(announcement: KeptAnnouncement) {
  const { number, id, channel, target, topic, marketplace, mode, order, product, license } = announcement;
  const { sequence, revision, at, state, reason, round, tries, due, doneAt } = announcement;
  return {
    number,
    id,
    channel,
    target,
    topic,
    marketplace,
    mode,
    order,
    product,
    license: license === null ? null : formatLicenseId(license),
    sequence,
    revision,
    at: timeText(at),
    state,
    reason,
    round,
    tries,
    due: timeOrNull(due),
    doneAt: timeOrNull(doneAt),
  };
}

export function announcementLine(announcement: KeptAnnouncement): string {
  const { number, at, channel, target, topic, mode, order, state, tries, due, reason } = announcement;
  const isOver = state === 'given-up' || state === 'dropped';
  const words = [
    `${number}  ${timeText(at)}  ${mode}  ${channel} to ${target}: ${topic}`,
    order !== '' && `order ${shortened(order, 'reference')}`,
    `${state}${tries > 0 ? ` after ${tries} ${tries === 1 ? 'try' : 'tries'}` : ''}`,
    due !== null && `due ${timeText(due)}`,
    isOver && reason !== null && shortened(reason, 'reason'),
  ];
  return `${printable(words.filter(Boolean).join(', '))}\n`;
}

export function tryJson({ try: number, round, at, outcome, answer }: KeptTry) {
  return { try: number, round, at: timeText(at), outcome, answer };
}

export function tryLine({ try: number, at, outcome, answer }: KeptTry): string {
  return `${printable(`    try ${number}  ${timeText(at)}  ${outcome}: ${answer ?? 'answer deleted (RETAIN_EVENTS)'}`)}\n`;
}

export function targetJson({ failingSince, restsUntil, stoppedAt, pausedAt, ...target }: OutboxTarget) {
  return {
    ...target,
    failingSince: timeOrNull(failingSince),
    restsUntil: timeOrNull(restsUntil),
    stoppedAt: timeOrNull(stoppedAt),
    pausedAt: timeOrNull(pausedAt),
  };
}

export function targetName({ channel, target }: Pick<OutboxTarget, 'channel' | 'target'>): string {
  return target === '' ? `the channel ${channel}` : `${channel} to ${target}`;
}

/** What keeps a target from getting announcements; undefined: nothing does. */
export function haltLine(target: OutboxTarget): string | undefined {
  const { pausedAt, stoppedAt, restsUntil, failures, reason } = target;
  const why = reason === null ? '' : ` (${shortened(reason, 'reason')})`;
  const name = targetName(target);
  if (pausedAt !== null) return `${printable(`${name} is paused since ${timeText(pausedAt)}${why}`)}\n`;
  if (stoppedAt !== null) return `${printable(`${name} was stopped ${timeText(stoppedAt)}${why}`)}\n`;
  if (restsUntil === null) return undefined;
  return `${printable(`${name} rests after ${failures} failures in a row, next try ${timeText(restsUntil)}${why}`)}\n`;
}
