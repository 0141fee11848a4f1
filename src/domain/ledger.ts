/**
 * The ledger's port: the database of record as the domain sees it. Each method is one whole atomic act, so that
 * another database can stand behind it; a promise that resolves means that the act is on disk.
 * Every method rejects with AppError `ledger_unavailable` when it cannot be done now, and has then done nothing.
 */
import type { LicenseState, MintedLicense } from './license.ts';
import type { Customer, Mode, Order, OrderKey } from './order.ts';
import type { Message } from './product.ts';

/** What was asked for and answered for one unit, so that the same request gets the same text for ever. */
export interface Answer {
  /** Quantity of the request that it answers. */
  readonly quantity: number;
  readonly revision: number;
  readonly code: string;
  /** Digest of the message that the reply was made of. */
  readonly message: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** When its 200 had gone out whole; kept only where units are delivered one by one. */
  readonly deliveredAt: number | null;
}

/** A license as the ledger holds it: the code is the one of the newest revision. */
export interface HeldLicense extends MintedLicense {
  readonly state: LicenseState;
  /** None for a license that came into being otherwise than by a fulfillment request. */
  readonly answer: Answer | undefined;
}

/** All that the ledger holds of one product of an order. */
export interface HeldOrder {
  /** By unit, gapless from 0; at least one. */
  readonly licenses: readonly HeldLicense[];
  /** As first told; undefined parts are unknown or erased. */
  readonly customer: Customer;
}

/** Licenses to record together with the answer that hands them out. */
export interface Issue {
  readonly order: Order;
  readonly licenses: readonly MintedLicense[];
  readonly message: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Why, in words that stay in the history: no personal data. */
  readonly cause: string;
}

export interface HistoryEntry {
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly from: LicenseState | null;
  readonly to: LicenseState;
  readonly revision: number;
  readonly cause: string;
}

/** A license with its order and its past, for the person who runs the service. */
export interface LicenseStory extends HeldLicense, OrderKey {
  readonly customer: Customer;
  readonly subscription: string | null;
  readonly history: readonly HistoryEntry[];
}

export type LedgerQuery =
  | { readonly by: 'license'; readonly id: Uint8Array }
  | { readonly by: 'order'; readonly order: string }
  | { readonly by: 'email'; readonly email: string };

export interface Ledger {
  findOrder(key: OrderKey): Promise<HeldOrder | undefined>;
  /**
   * Records licenses with their codes, answers, history and customer: all of them, or none where the first one
   * is there already. Resolves to what the ledger then holds of the order, whoever recorded it.
   */
  issue(issue: Issue): Promise<{ readonly held: HeldOrder; readonly issued: boolean }>;
  /** Notes that the answer for a unit went out whole. Noting it again changes nothing. */
  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void>;
  /** Keeps a version of a message; one that is there already stays as it is. */
  keepMessage(message: Message): Promise<void>;
  findMessage(digest: string): Promise<Message | undefined>;
  find(query: LedgerQuery): Promise<readonly LicenseStory[]>;
  /** Rejects unless a write would succeed now. */
  probe(): Promise<void>;
  /** Licenses held, by mode. */
  count(): Promise<Readonly<Record<Mode, number>>>;
  close(): Promise<void>;
}
