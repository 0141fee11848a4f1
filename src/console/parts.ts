/** What the console is made of: the service gives it, the screens take what they need. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Presence } from '../doctor/address.ts';
import type { Check } from '../doctor/checks.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Mailing } from '../domain/announcements/announcing.ts';
import type { Desk } from '../domain/desk/operator.ts';
import type { KeptEvent, MarketplaceEvent } from '../domain/facts/event.ts';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { LedgerReader } from '../domain/ports/ledger-reader.ts';
import type { Announcement } from '../domain/values/announcement.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import type { Log } from '../log.ts';
import type { ConsoleDownloads } from './downloads/releases.ts';
import type { Upkeep } from './upkeep/upkeep.ts';

/** A mail of the outbox as it would go out now. */
export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
}

/** The product files as they are on the disk now. `fault`: one line for each fault. */
export type ReadProducts = { readonly products: readonly Product[] } | { readonly fault: string };

/** A text that the customer was sent, and the units in it. */
export interface SentText {
  readonly marketplace: Marketplace;
  readonly units: readonly number[];
  readonly at: number;
  readonly text: string;
  /** Nobody was sent it then: it is kept for a repeat of the request. */
  readonly isAhead: boolean;
}

export interface ConsoleParts {
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly desk: Desk;
  readonly catalog: Catalog;
  readonly minter: Minter;
  readonly keyring: readonly PublicKeyEntry[];
  /** Where the console is reached, without a path: `https://licenses.example.com`. */
  readonly origin: () => string;
  /** Where the world reaches the service. */
  readonly publicUrl: string | undefined;
  /** The modes of the sales that can arrive; the modes with a signing key. */
  readonly modes: readonly Mode[];
  readonly marketplaces: readonly {
    readonly name: string;
    readonly title: string;
    /** What to set for live orders: the end of a sentence after “set”. */
    readonly goLive: string;
    /** Where it delivers events. */
    readonly webhookPath: string;
    /** It sends fulfillment requests, and mails what they are answered with. */
    readonly asksForLicenses: boolean;
    readonly example: string;
  }[];
  /** The names of the settings, and whether each is set; never a value. */
  readonly settings: readonly { readonly name: string; readonly isSet: boolean }[];
  readonly simulator: boolean;
  /** No other process serves this console. */
  readonly isAlone: boolean;
  /** Undefined: there is no product to try. */
  readonly makeTestOrder: () => Promise<{ readonly marketplace: string; readonly order: string } | undefined>;
  /** All checks of `mintmark doctor` that a running service can make. */
  readonly examine: () => Promise<readonly Finding[]>;
  /** The same, one by one, with those that ask the world outside. */
  readonly checks: readonly Check[];
  /** Answers the request by which the service checks that a public address leads to this process. */
  readonly presence: Pick<Presence, 'answer'>;
  readonly upkeep: Upkeep;
  readonly textsSent: (licenses: readonly LicenseStory[]) => Promise<readonly SentText[]>;
  /** Undefined: it is no mail to a customer, or there is nothing to say any more. */
  readonly composeMail: (announcement: Announcement) => Promise<ComposedMail | undefined>;
  /** Which text a mail to a customer has. Undefined: no mail is set. */
  readonly mailing: (() => Promise<Pick<Mailing, 'mail'>>) | undefined;
  /** The address of a license's page, as its buyer gets it. Undefined: customers have no pages. */
  readonly customerPage: ((license: Uint8Array) => Promise<string>) | undefined;
  /** Tells the seller by a mail, where SELLER_EMAIL is set. */
  readonly tellSeller: (topic: 'access-person' | 'access-passkey') => Promise<void>;
  readonly downloads: ConsoleDownloads;
  readonly readProducts: () => Promise<ReadProducts>;
  /** Reads a stored event again, for a replay. */
  readonly readEvent: (event: KeptEvent & { readonly payload: string }) => Promise<MarketplaceEvent>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Pick<Log, 'warn' | 'error'>;
}
