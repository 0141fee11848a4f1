/** What may be downloaded with a license now, with links. */
import type { Day } from '../values/day.ts';
import type { Holding, Release, ReleaseFile } from '../values/release.ts';

export interface LinkedFile extends ReleaseFile {
  readonly url: string;
}

export interface LinkedRelease extends Omit<Release, 'files'> {
  readonly files: readonly LinkedFile[];
}

export interface Offer {
  /** The newest first; empty: none, or the license may have none now. */
  readonly included: readonly LinkedRelease[];
  /** Of a later day than the license's updates. */
  readonly withheld: readonly Release[];
  /** The stable address of the newest release that the license may have. */
  readonly latest: string;
  /** The last day of the links to files. */
  readonly until: Day;
}

export interface OfferedLicense extends Holding {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly product: string;
}

export interface Offers {
  /** Without those that were withdrawn, the newest first. */
  releasesOf(product: string): Promise<readonly Release[]>;
  /** `now` in milliseconds since 1970-01-01. */
  offer(license: OfferedLicense, now: number): Promise<Offer>;
}

/** Why a link leads to no file. */
export type DownloadWord =
  /** One answer for everything that leads nowhere. */
  | 'gone'
  /** Genuine, and too old or withdrawn. */
  | 'old'
  | 'suspended'
  | 'expired'
  /** Too many at once of this license. */
  | 'several'
  /** Too many at once of all licenses. */
  | 'busy'
  /** Too many of this license within a month. */
  | 'limit'
  /** The file is not as it was added. */
  | 'faulty';

/** What a page about downloads shows: a word, or the files of the newest release. */
export type ShownDownload =
  | { readonly word: DownloadWord; readonly status: number }
  | { readonly offer: Offer; readonly product: string };
