/**
 * The ledger's port of the outbox. Each method is one atomic act, durable when its promise resolves; what may concern very
 * many rows (`hold`, `resume`, `forget`) goes by pages, so that sales go on.
 */
import type {
  Announcement,
  AnnouncementState,
  ChannelName,
  NewAnnouncement,
} from '../values/announcement.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import type { OutboxTarget, TargetOutcome } from './outbox-target.ts';

/** A claimed announcement: nobody else sends it before the lease runs out. */
export interface ClaimedAnnouncement extends Announcement {
  /** Milliseconds since 1970-01-01. */
  readonly lease: number;
}

export type TryOutcome = 'sent' | 'failed' | 'refused' | 'target failed' | 'dropped';

/** A code that a mail handed out. `license`: 16 bytes. */
export interface HandedCode {
  readonly license: Uint8Array;
  readonly revision: number;
}

/** What became of a try. */
export interface NotedTry {
  readonly number: number;
  readonly lease: number;
  /** When the try ended, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly outcome: TryOutcome;
  readonly answer: string;
  /** `failed` and `target failed`: when to try again; undefined: give up. */
  readonly next?: number | undefined;
  /** Whether the try uses up one of the schedule. */
  readonly counts: boolean;
  readonly target: TargetOutcome;
  /** `sent`: the codes that count as delivered now. */
  readonly handed?: readonly HandedCode[] | undefined;
}

export interface KeptTry {
  /** From 1, over all rounds. */
  readonly try: number;
  readonly round: number;
  readonly at: number;
  readonly outcome: TryOutcome;
  /** null: deleted after RETAIN_EVENTS. */
  readonly answer: string | null;
}

export interface KeptAnnouncement extends Announcement {
  readonly key: string;
  /** How often the same announcement was sent before and is sent again by decision. */
  readonly again: number;
  readonly state: AnnouncementState;
  /** Why it was dropped, or who sends it again and why. */
  readonly reason: string | null;
  readonly round: number;
  /** The next try; null: none. */
  readonly due: number | null;
  readonly lease: number | null;
  readonly doneAt: number | null;
}

export interface AnnouncementStory {
  readonly announcement: KeptAnnouncement;
  readonly tries: readonly KeptTry[];
}

export interface OutboxQuery {
  readonly state?: AnnouncementState;
  readonly channel?: ChannelName;
  readonly target?: string;
  readonly order?: string;
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
  /** Only announcements older than this number. */
  readonly before?: number;
  /** The largest number of results; the newest are returned. */
  readonly limit: number;
}

export interface OutboxCount {
  readonly channel: ChannelName;
  readonly state: 'waiting' | 'held' | 'given-up';
  readonly announcements: number;
  /** When the oldest of them was written, milliseconds since 1970-01-01. */
  readonly oldest: number;
}

export interface OutboxLedger {
  /**
   * Writes announcements of no change, due now: a digest, `asked`, `ping`. A known one (the same channel, target, topic,
   * order, license, sequence and key) is not written again. Resolves to the ids of the written ones.
   */
  announce(announcements: readonly NewAnnouncement[], now: number): Promise<readonly string[]>;
  /** Claims due announcements of these channels, as many as each target may get now. */
  claim(query: {
    readonly channels: readonly ChannelName[];
    readonly now: number;
    readonly lease: number;
    /** The most in all. */
    readonly most: number;
  }): Promise<readonly ClaimedAnnouncement[]>;
  /** Notes what became of a try. Without the lease, only `sent` counts. */
  note(tried: NotedTry): Promise<void>;
  /** Gives claimed announcements back untried. */
  release(claimed: readonly Pick<ClaimedAnnouncement, 'number' | 'lease'>[]): Promise<void>;
  /** When the next announcement of these channels may be tried; undefined: none waits. */
  nextDue(channels: readonly ChannelName[], now: number): Promise<number | undefined>;
  /** Holds what was due before a moment and whose target neither rests nor is paused. Resolves to how many. */
  hold(before: number): Promise<number>;
  /** Given up or held: a new round of tries with the same id. Resolves to false if it is neither. */
  sendAgain(number: number, now: number, reason: string): Promise<boolean>;
  /** Sent: a new announcement with a new id. Resolves to its number; undefined if it was not sent. */
  repeat(number: number, now: number, reason: string): Promise<number | undefined>;
  /** Waiting, held or given up: never sent. Resolves to false if it is none of them. */
  drop(number: number, now: number, reason: string): Promise<boolean>;
  list(query: OutboxQuery): Promise<readonly KeptAnnouncement[]>;
  show(number: number): Promise<AnnouncementStory | undefined>;
  /** Target '': the whole channel. Resolves to false if it is paused already. */
  pause(channel: ChannelName, target: string, now: number, reason: string): Promise<boolean>;
  /**
   * Lets a paused, stopped or resting target, or channel, go on; what waited is due now. Resolves to false if it is none
   * of them.
   */
  resume(channel: ChannelName, target: string, now: number): Promise<boolean>;
  targets(): Promise<readonly OutboxTarget[]>;
  /** What is not done, by channel and state. */
  count(): Promise<readonly OutboxCount[]>;
  /** Deletes bodies and answers of what was done before a moment; rows stay. Resolves to how many rows. */
  forget(before: number): Promise<number>;
}
