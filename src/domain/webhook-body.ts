/**
 * The bodies of outgoing webhooks, made in the act of the change that they announce: they say what was true then.
 * A body has no name, no address and no code.
 */
import type { Day } from './day.ts';
import type { FlagKind } from './flag.ts';
import type { LicenseState } from './license.ts';
import { licenseIdText } from './license-subject.ts';
import type { Marketplace, Mode } from './order.ts';

export const LICENSE_TOPICS = [
  'license.issued',
  'license.renewed',
  'license.suspended',
  'license.reinstated',
  'license.ended',
  'license.revoked',
  'license.reissued',
] as const;
export type LicenseTopic = (typeof LICENSE_TOPICS)[number];

/** Every topic that an endpoint can ask for; `ping` is only sent on request. */
export const WEBHOOK_TOPICS = [
  ...LICENSE_TOPICS,
  'order.flagged',
  'event.failed',
  'download.finished',
] as const;
export type WebhookTopic = (typeof WEBHOOK_TOPICS)[number];

/** A license right after a change. */
export interface LicenseNews {
  readonly topic: LicenseTopic;
  /** 16 bytes. */
  readonly id: Uint8Array;
  /** The number of the change's history row, from 1: it rises, so a receiver keeps the higher one. */
  readonly sequence: number;
  readonly revision: number;
  readonly state: LicenseState;
  readonly lastValid: Day | null;
  readonly updatesUntil: Day | null;
  readonly product: string;
  readonly marketplace: Marketplace;
  readonly order: string;
  readonly unit: number;
  readonly cause: string;
}

export interface FlagNews {
  readonly topic: 'order.flagged';
  /** The flag's number in the ledger; null: not known in the act that raises it. */
  readonly flag: number | null;
  readonly kind: FlagKind;
  /** One sentence without personal data. */
  readonly reason: string;
  readonly product: string | null;
  readonly marketplace: Marketplace;
  readonly order: string | null;
}

export interface EventNews {
  readonly topic: 'event.failed';
  /** The marketplace's id and type of the event. */
  readonly event: string;
  readonly type: string;
  readonly marketplace: Marketplace;
}

export interface DownloadNews {
  readonly topic: 'download.finished';
  /** 16 bytes; null: a download without a license. */
  readonly license: Uint8Array | null;
  readonly product: string;
  readonly version: string;
  readonly file: string;
}

export interface PingNews {
  readonly topic: 'ping';
  /** The name of the endpoint. */
  readonly endpoint: string;
}

export type News = LicenseNews | FlagNews | EventNews | DownloadNews | PingNews;

/** When the change happened (milliseconds since 1970-01-01), and in which mode. */
export interface Moment {
  readonly at: number;
  readonly mode: Mode;
}

/** The body as it is kept in the outbox: JSON as UTF-8. */
export function webhookBody(news: News, { at, mode }: Moment): Uint8Array {
  const timestamp = new Date(at).toISOString();
  return new TextEncoder().encode(JSON.stringify({ type: news.topic, timestamp, mode, data: dataOf(news) }));
}

function dataOf(news: News): object {
  switch (news.topic) {
    case 'order.flagged': {
      const { flag, kind, reason, product, marketplace, order } = news;
      return { flag, kind, reason, product, marketplace, order };
    }
    case 'event.failed': {
      const { event, type, marketplace } = news;
      return { event, type, marketplace };
    }
    case 'download.finished': {
      const { license, product, version, file } = news;
      return { license: license && licenseIdText(license), product, version, file };
    }
    case 'ping':
      return { endpoint: news.endpoint };
    default:
      return licenseData(news);
  }
}

function licenseData(news: LicenseNews): object {
  const { id, sequence, revision, state, lastValid, updatesUntil, product, marketplace, order, unit, cause } =
    news;
  return {
    license: licenseIdText(id),
    sequence,
    revision,
    state,
    lastValidDay: lastValid,
    updatesUntil,
    product,
    marketplace,
    order,
    unit,
    cause,
  };
}
