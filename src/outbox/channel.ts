/** The interface between the outbox and the channels that deliver announcements: mail and webhooks. */
import type { Announcement, ChannelName } from '../domain/announcement.ts';

/** The result of one try. `answer`: the response of the server, without addresses or codes, at most 500 characters. */
export type Tried =
  | { readonly outcome: 'sent'; readonly answer: string }
  /** To be retried by the schedule, but not before `notBefore` (milliseconds since 1970-01-01). */
  | { readonly outcome: 'failed'; readonly answer: string; readonly notBefore?: number }
  /** This announcement can never be delivered: give it up now. */
  | { readonly outcome: 'refused'; readonly answer: string }
  /** The target does not work at all (log-in, sender, 410): it is paused, and this try does not count. */
  | { readonly outcome: 'target failed'; readonly answer: string; readonly stop?: true }
  /** The announcement is obsolete, for example because the customer was erased. */
  | { readonly outcome: 'dropped'; readonly reason: string };

export interface Channel {
  readonly name: ChannelName;
  /** Never rejects because of the other server. `signal` aborts the try: the service stops, or the try took too long. */
  send(announcement: Announcement, signal: AbortSignal): Promise<Tried>;
}
