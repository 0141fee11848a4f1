/** Announcements: what leaves the service after a change of the ledger. An announcement has no personal data and no code. */
import type { Day } from './day.ts';
import type { FlagKind } from './flag.ts';
import type { LicenseState } from './license.ts';
import type { Marketplace, Mode } from './order.ts';

/** Who carries an announcement: a mail, a webhook, the answer to a customer's inquiry, or a fetch of what an event lacks. */
export const CHANNELS = ['mail', 'webhook', 'inquiry', 'complete'] as const;
export type ChannelName = (typeof CHANNELS)[number];

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

/** What a webhook tells. */
export const WEBHOOK_TOPICS = [
  'license.issued',
  'license.renewed',
  'license.suspended',
  'license.reinstated',
  'license.ended',
  'license.revoked',
  'license.reissued',
  'order.flagged',
  'event.failed',
  'download.finished',
  'ping',
] as const;
export type WebhookTopic = (typeof WEBHOOK_TOPICS)[number];

/** The target of a mail to the customer. */
export const TO_CUSTOMER = 'customer';

/** `held`: overdue by more than a day at a start, so a person decides. `given-up`: no try is left, or refused. */
export const ANNOUNCEMENT_STATES = ['waiting', 'held', 'sent', 'given-up', 'dropped'] as const;
export type AnnouncementState = (typeof ANNOUNCEMENT_STATES)[number];

/** A row of the outbox. */
export interface Announcement {
  /** The ledger's row number: ascending by time of writing, possibly with gaps. */
  readonly number: number;
  /** UUIDv7, made once: the identity of all tries (`Message-ID`, `webhook-id`). */
  readonly id: string;
  readonly channel: ChannelName;
  /** A mail: `customer` or `seller`. A webhook: the endpoint's name. `complete`: the marketplace. */
  readonly target: string;
  /**
   * A mail: a `MailTopic`, or the seller's `digest`, `alert` or `test`. A webhook: such as `license.renewed`. `complete`:
   * the id of the event.
   */
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
  /** Of a webhook as it is signed; of a mail the number of a change of address, or a mark; null: made when it is sent. */
  readonly body: Uint8Array | null;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** When the first try began; null: not yet tried. The `Date` of a mail. */
  readonly firstTriedAt: number | null;
  /** Tries that count, in this round. */
  readonly tries: number;
}

/** An announcement to write. The ledger adds number, id and time. */
export interface NewAnnouncement
  extends Omit<Announcement, 'number' | 'id' | 'at' | 'firstTriedAt' | 'tries' | 'customer'> {
  /** The occasion, where it is no change of a license: such as `flag:…` or `digest:2026-11-21`; '' for a change. */
  readonly key: string;
}

/** Mails that hand out the newest codes of an order and product: they count as deliveries. */
const WITH_CODES: ReadonlySet<string> = new Set<MailTopic>([
  'sold',
  'renewed',
  'reissued',
  'successor',
  'corrected',
  'asked',
]);

/** Sent, it is a delivery of codes. */
export function deliversCodes({
  channel,
  target,
  topic,
}: Pick<Announcement, 'channel' | 'target' | 'topic'>) {
  return channel === 'mail' && target === TO_CUSTOMER && WITH_CODES.has(topic);
}

/** Whether a waiting mail of the same order and product will hand out the codes of a new one. */
export function willHaveCodesOf(
  waiting: { readonly topic: string; readonly license: Uint8Array | null },
  { topic, license }: Pick<Announcement, 'topic' | 'license'>,
): boolean {
  // Who asked for the codes gets them all the same.
  if (waiting.topic === 'asked' || !WITH_CODES.has(waiting.topic)) return false;
  if (waiting.topic !== 'reissued') return true;
  const isSame =
    waiting.license !== null && license !== null && Buffer.compare(waiting.license, license) === 0;
  return topic === 'reissued' && isSame;
}

/** The data about a license in a webhook. The ledger adds the sequence number. */
export interface LicenseTold {
  readonly license: string;
  readonly revision: number;
  readonly state: LicenseState;
  readonly lastValidDay: Day | null;
  readonly updatesUntil: Day | null;
  readonly product: string;
  readonly marketplace: Marketplace;
  readonly order: string;
  readonly unit: number;
  readonly cause: string;
}

/** `order.flagged`. */
export interface FlagTold {
  readonly kind: FlagKind;
  readonly reason: string;
  readonly product: string | null;
  readonly marketplace: Marketplace;
  readonly order: string | null;
}

/** `event.failed`. */
export interface FailedEventTold {
  readonly event: string;
  readonly type: string;
  readonly fault: string;
  readonly marketplace: Marketplace;
}

/** `download.finished`. `license`: null where no license is needed. */
export interface DownloadTold {
  readonly license: string | null;
  readonly product: string;
  readonly version: string;
  readonly file: string;
}

/** `ping`: the name of the endpoint. */
export interface PingTold {
  readonly endpoint: string;
}

/** The content of a webhook before it has its sequence. */
export interface Told {
  /** When it happened, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly data: LicenseTold | FlagTold | FailedEventTold | DownloadTold | PingTold;
}

/** An announcement of a change, in the changes that it is written with. */
export interface Outgoing extends Omit<NewAnnouncement, 'marketplace' | 'mode' | 'sequence' | 'body'> {
  /** The license's number in the changes; negative: issued in the same changes; null: about no license. */
  readonly number: number | null;
  /** Which history row: the license's issue, the change at this place of `Changes.changes`, or the newest row. */
  readonly of: 'issue' | 'newest' | number;
  /** null: no webhook. */
  readonly told: Told | null;
  /** Not written where a mail waits that will hand out the same codes (`willHaveCodesOf`). */
  readonly unlessWaiting?: true;
}

/** The body of a webhook, as it is signed: UTF-8 JSON. `sequence`: of the license's history; 0: about no license. */
export function webhookBody(topic: string, mode: Mode, { at, data }: Told, sequence: number): Uint8Array {
  const numbered = 'revision' in data ? numberedData(data, sequence) : data;
  return Buffer.from(
    JSON.stringify({ type: topic, timestamp: new Date(at).toISOString(), mode, data: numbered }),
  );
}

function numberedData({ license, ...rest }: LicenseTold, sequence: number) {
  return { license, sequence, ...rest };
}
