/** What pushed-relay.ts prints. */
import type { OutboxCount, TryOutcome } from '../../../src/domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../../src/domain/ports/outbox-target.ts';
import type { AnnouncementState } from '../../../src/domain/values/announcement.ts';

/** How a relay answers. */
export const RELAY_BEHAVIORS = [
  'good',
  'recovers',
  'greylists',
  'refuses the content',
  'denies relaying',
  'refuses the address',
  'refuses the sender',
  'refuses the log-in',
  'is busy',
  'late',
  'never',
  'garbage',
  'breaks off after the mail',
] as const;
export type RelayBehavior = (typeof RELAY_BEHAVIORS)[number];

export interface RelayReport {
  readonly behavior: RelayBehavior;
  readonly state: AnnouncementState;
  readonly reason: string | null;
  /** Since the sale, in milliseconds of the pushed clock. */
  readonly tries: readonly { readonly at: number; readonly outcome: TryOutcome }[];
  /** The Message-IDs of the copies that the relay was given whole. */
  readonly copies: readonly string[];
  readonly targets: readonly OutboxTarget[];
  readonly counts: readonly OutboxCount[];
  /** Open flags `mail-refused`. */
  readonly refusedFlags: number;
  /** Something of it needs the seller, so that a mail is announced. */
  readonly sellerIsTold: boolean;
  /** Sent once the relay works again. */
  readonly isSentLater: boolean;
}
