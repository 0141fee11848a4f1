/** The port of the outbox to what carries an announcement. */
import type { Announcement, ChannelName } from '../domain/announcement.ts';
import type { HandedCode } from '../domain/outbox-ledger.ts';

/** What became of one try. `answer`: what the other side said, without addresses or codes, at most 500 characters. */
export type Tried =
  /** `handed`: the codes in a mail. */
  | { readonly outcome: 'sent'; readonly answer: string; readonly handed?: readonly HandedCode[] }
  /**
   * Try again by the schedule, and not before `notBefore` (milliseconds since 1970-01-01). `untried`: nothing reached the
   * target, so that it does not rest for what is not its fault.
   */
  | {
      readonly outcome: 'failed';
      readonly answer: string;
      readonly notBefore?: number;
      readonly untried?: true;
    }
  /** There is nothing to send before `until` (milliseconds since 1970-01-01): no try is used up. */
  | { readonly outcome: 'postponed'; readonly answer: string; readonly until: number }
  /** This announcement can never be delivered: give it up now. */
  | { readonly outcome: 'refused'; readonly answer: string }
  /** The target as a whole does not work (log-in, sender, 410): rest it; the try does not count. */
  | { readonly outcome: 'target failed'; readonly answer: string; readonly stop?: true }
  /** Nothing is to be sent any more, such as for an erased customer. */
  | { readonly outcome: 'dropped'; readonly reason: string };

export interface Channel {
  readonly name: ChannelName;
  /** Never rejects for what the other side does. `signal`: the service stops, or the try takes too long. */
  send(announcement: Announcement, signal: AbortSignal): Promise<Tried>;
}
