/** What a person decides about announcements and their targets. */
import type { KeptAnnouncement } from '../ports/outbox-ledger.ts';
import type { AnnouncementState, ChannelName } from '../values/announcement.ts';
import type { Desk, Grounds } from './operator.ts';

export type SentAgain =
  /** Given up or held: it waits again, under its id. */
  | { readonly outcome: 'again'; readonly announcement: KeptAnnouncement }
  /** It was sent: a copy waits, under an id of its own. */
  | { readonly outcome: 'copied'; readonly announcement: KeptAnnouncement; readonly copy: number }
  /** It waits anyway, or was dropped for good. */
  | { readonly outcome: 'refused'; readonly state: AnnouncementState }
  | { readonly outcome: 'unknown' };

/** `now` in milliseconds since 1970-01-01. */
export async function sendAgain(
  { ledger: { outbox } }: Pick<Desk, 'ledger'>,
  number: number,
  grounds: Grounds,
  now: number,
): Promise<SentAgain> {
  const reason = reasonOf(grounds);
  const again = await outbox.sendAgain(number, now, reason);
  const copy = again ? undefined : await outbox.repeat(number, now, reason);
  const story = await outbox.show(number);
  if (story === undefined) return { outcome: 'unknown' };
  const { announcement } = story;
  if (again) return { outcome: 'again', announcement };
  return copy === undefined
    ? { outcome: 'refused', state: announcement.state }
    : { outcome: 'copied', announcement, copy };
}

export type Dropped =
  | { readonly outcome: 'dropped' }
  | { readonly outcome: 'refused'; readonly state: AnnouncementState }
  | { readonly outcome: 'unknown' };

export async function dropAnnouncement(
  { ledger: { outbox } }: Pick<Desk, 'ledger'>,
  number: number,
  grounds: Grounds,
  now: number,
): Promise<Dropped> {
  if (await outbox.drop(number, now, reasonOf(grounds))) return { outcome: 'dropped' };
  const story = await outbox.show(number);
  return story === undefined
    ? { outcome: 'unknown' }
    : { outcome: 'refused', state: story.announcement.state };
}

/** Target '': the whole channel. */
export async function pauseTarget(
  { ledger: { outbox } }: Pick<Desk, 'ledger'>,
  { channel, target }: { readonly channel: ChannelName; readonly target: string },
  grounds: Grounds,
  now: number,
): Promise<'paused' | 'unchanged'> {
  return (await outbox.pause(channel, target, now, reasonOf(grounds))) ? 'paused' : 'unchanged';
}

/** Paused, stopped or resting: it starts anew. */
export async function resumeTarget(
  { ledger: { outbox } }: Pick<Desk, 'ledger'>,
  { channel, target }: { readonly channel: ChannelName; readonly target: string },
  now: number,
): Promise<'resumed' | 'unchanged'> {
  return (await outbox.resume(channel, target, now)) ? 'resumed' : 'unchanged';
}

function reasonOf({ actor, reason }: Grounds): string {
  return `${actor}: ${reason}`;
}
