/** Reads of the ledger beyond one order. They run apart from the writer, so that no sale waits for them. */
import type { KeptEvent } from '../facts/event.ts';
import type { Ledger, OrderSummary } from '../ledger.ts';
import type { Day } from '../values/day.ts';
import type { LicenseState } from '../values/license.ts';
import type { Customer, Marketplace, Mode } from '../values/order.ts';
import type { KeptAnnouncement, OutboxCount, OutboxQuery } from './outbox-ledger.ts';
import type { OutboxTarget } from './outbox-target.ts';

/** The sums of one day, mode and product; record/daily.ts says what each counts. */
export interface DailyFigures {
  readonly day: Day;
  readonly product: string;
  readonly orders: number;
  readonly units: number;
  readonly issued: number;
  readonly renewed: number;
  readonly suspended: number;
  readonly reinstated: number;
  readonly ended: number;
  readonly revoked: number;
  readonly due: number;
  readonly kept: number;
  readonly net_suspended: number;
  readonly net_ended: number;
  readonly net_revoked: number;
}

/** A list is read by key: `before` is the number of the last entry of the page before. */
export interface Page {
  readonly mode: Mode;
  readonly before?: number | undefined;
  /** The largest number of entries. */
  readonly limit: number;
}

export interface OrderPageQuery extends Page {
  readonly product?: string | undefined;
  readonly marketplace?: Marketplace | undefined;
  readonly state?: LicenseState | undefined;
  /** Only orders that came into the ledger within these moments, milliseconds since 1970-01-01. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly now: number;
}

/** `number`: its key in the list; 0 for a line without a license. */
export type ListedOrder = OrderSummary & { readonly number: number };

export interface LicensePageQuery extends Page {
  readonly product?: string | undefined;
  readonly state?: LicenseState | undefined;
  /** Only licenses whose last valid day is within these days, both inclusive. */
  readonly validFrom?: Day | undefined;
  readonly validTo?: Day | undefined;
}

export interface ListedLicense {
  readonly number: number;
  readonly id: Uint8Array;
  readonly marketplace: Marketplace;
  readonly order: string;
  readonly product: string;
  readonly unit: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly lastValid: Day | null;
  /** Milliseconds since 1970-01-01. */
  readonly issuedAt: number;
  readonly customer: Customer;
}

export interface EventPageQuery extends Page {
  readonly which: 'failed' | 'flagged' | 'all';
}

export type ListedEvent = Omit<KeptEvent, 'payload'> & { readonly number: number };

/** What a person has to look at. */
export interface Attention {
  readonly failedEvents: number;
  readonly openFlags: number;
  /** Announcements that were given up, or are held for a decision. */
  readonly stuckAnnouncements: number;
}

export interface OftenQuery {
  readonly mode: Mode;
  /** Milliseconds since 1970-01-01. */
  readonly since: number;
  /** Whole downloads, all files together. */
  readonly least: number;
  readonly limit: number;
}

/** A license that was downloaded often. */
export interface DownloadedOften {
  readonly marketplace: Marketplace;
  readonly order: string;
  readonly product: string;
  readonly downloads: number;
}

/** Every method rejects with AppError `ledger_unavailable` if it takes too long. */
export interface LedgerReader
  extends Pick<
    Ledger,
    | 'find'
    | 'findFlags'
    | 'findEventsAbout'
    | 'countUndelivered'
    | 'countTerms'
    | 'findOtherTerms'
    | 'codesAfter'
  > {
  /** By day, for all days up to `until`. */
  figures(mode: Mode, until: Day): Promise<readonly DailyFigures[]>;
  listOrderPage(query: OrderPageQuery): Promise<readonly ListedOrder[]>;
  listLicensePage(query: LicensePageQuery): Promise<readonly ListedLicense[]>;
  listEventPage(query: EventPageQuery): Promise<readonly ListedEvent[]>;
  listAnnouncements(query: OutboxQuery): Promise<readonly KeptAnnouncement[]>;
  listTargets(): Promise<readonly OutboxTarget[]>;
  /** What is not done, by channel and state. */
  countAnnouncements(mode: Mode): Promise<readonly OutboxCount[]>;
  attention(mode: Mode): Promise<Attention>;
  /** The most often first. */
  listDownloadedOften(query: OftenQuery): Promise<readonly DownloadedOften[]>;
  /** Order ids that begin with a text. */
  findOrdersBeginning(mode: Mode, beginning: string, limit: number): Promise<readonly string[]>;
  close(): Promise<void>;
}
