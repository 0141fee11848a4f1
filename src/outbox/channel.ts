/** The interface between the outbox and the channels that deliver announcements: mail and webhooks. */
import type { HandedCode } from '../domain/ports/outbox-ledger.ts';
import type { Announcement, ChannelName } from '../domain/values/announcement.ts';

/** The result of one try. `answer`: the response of the server, without addresses or codes, at most 500 characters. */
export type Tried =
  /** `handed`: the codes in a mail. */
  | { readonly outcome: 'sent'; readonly answer: string; readonly handed?: readonly HandedCode[] }
  /**
   * Try again by the schedule, and not before `notBefore` (milliseconds since 1970-01-01). `untried`: nothing reached the
   * target, or one mailbox behind it fails: it does not rest for what is not its fault.
   */
  | {
      readonly outcome: 'failed';
      readonly answer: string;
      readonly notBefore?: number;
      readonly untried?: true;
    }
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
