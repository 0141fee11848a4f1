/** Announcements: what leaves the service after a change of the ledger. An announcement has no personal data and no code. */
import type { Marketplace, Mode } from './order.ts';

/** Who carries an announcement: a mail, a webhook, the answer to a customer's inquiry, or a fetch of what an event lacks. */
export type ChannelName = 'mail' | 'webhook' | 'inquiry' | 'complete';

/** The occasions of a mail, as product files and `{{ mail.reason }}` name them. */
export const MAIL_TOPICS = [
  'sold',
  'renewed',
  'reissued',
  'successor',
  'corrected',
  'reminder',
  'withdrawn',
  'asked',
] as const;
export type MailTopic = (typeof MAIL_TOPICS)[number];

/** A row of the outbox. */
export interface Announcement {
  /** The ledger's row number: ascending by time of writing, possibly with gaps. */
  readonly number: number;
  /** UUIDv7, made once: the identity of all tries (`Message-ID`, `webhook-id`). */
  readonly id: string;
  readonly channel: ChannelName;
  /** A mail: `customer` or `seller`. A webhook: the endpoint's name. `complete`: the marketplace. */
  readonly target: string;
  /** A mail: a `MailTopic`, or the seller's `digest`, `alert` or `test`. A webhook: such as `license.renewed`. */
  readonly topic: string;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** '' where it is about no order. */
  readonly order: string;
  readonly product: string | null;
  /** 16 bytes. A mail about several units of an order names the first; null: it is about no license. */
  readonly license: Uint8Array | null;
  /** The number of the license's history row that is announced, counted from 1; 0 without a license. */
  readonly sequence: number;
  readonly revision: number;
  /** The customer's number in the ledger; null: none. */
  readonly customer: number | null;
  /** Digest of the text's version, lower-case hex; null: not a text of a product. */
  readonly text: string | null;
  /** The body of a webhook as it is signed, or what `complete` has to fetch; null: made when it is sent. */
  readonly body: Uint8Array | null;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** When the first try began; null: not yet tried. The `Date` of a mail. */
  readonly firstTriedAt: number | null;
  /** Tries that count, in this round. */
  readonly tries: number;
}
