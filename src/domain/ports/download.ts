/** A download as the ledger counts it: which bytes of a file were handed out by a link, and whether they are all. */

/** Bytes from `start` to before `end`. */
export type Range = readonly [start: number, end: number];

/** `handed`: the bucket sends the file, and nobody tells how much of it. */
export const DOWNLOAD_STATES = ['begun', 'whole', 'handed'] as const;
export type DownloadState = (typeof DOWNLOAD_STATES)[number];

/** A file that a link leads to. */
export interface Linked {
  /** 16 bytes. */
  readonly license: Uint8Array;
  readonly product: string;
  readonly version: string;
  readonly file: string;
  /** Tells the links to a file apart: its generation and last day. */
  readonly link: number;
}

export interface Handed extends Linked {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Undefined: the bucket sends it. */
  readonly range: Range | undefined;
  /** The first byte that was asked for. */
  readonly from: number;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

export interface Download extends Linked {
  readonly number: number;
  readonly size: number;
  readonly state: DownloadState;
  readonly askedAt: number;
  readonly lastAt: number;
  /** How many bytes of the file were handed out. */
  readonly bytes: number;
}

/** How often a file was asked for. */
export interface DownloadCount {
  readonly product: string;
  readonly version: string;
  readonly file: string;
  readonly asked: number;
  /** Whole, or handed over to the bucket. */
  readonly done: number;
}

export interface Downloads {
  /** Notes bytes that are handed out; what follows within a day by the same link is the same download. */
  note(handed: Handed): Promise<void>;
  /** Downloads of a license that were whole or handed over since a moment. */
  countDone(license: Uint8Array, since: number): Promise<number>;
  /** The newest first, at most `limit`. */
  ofLicense(license: Uint8Array, limit: number): Promise<readonly Download[]>;
  /** Of every file that was asked for. */
  counts(): Promise<readonly DownloadCount[]>;
}

/** Ranges that follow within this time go on the same download. */
export const CONTINUED_WITHIN = 86_400_000;

/**
 * The connection may take all bytes although the customer got none. A new start within this time counts as the same
 * download.
 */
export const BEGUN_ANEW_WITHIN = 300_000;

/** A download that was asked for after this moment was noted before the clock was set back: nothing goes on with it. */
export function latestToGoOn(at: number): number {
  return at + BEGUN_ANEW_WITHIN;
}

/** Whether a request from a byte on goes on with an earlier download of the same link. A later whole one is another. */
export function goesOn(
  { askedAt, state }: Pick<Download, 'askedAt' | 'state'>,
  start: number,
  at: number,
): boolean {
  if (askedAt + CONTINUED_WITHIN <= at) return false;
  return state === 'begun' || start > 0 || at < askedAt + BEGUN_ANEW_WITHIN;
}

/** Whole downloads of a license, all files together, where the product file says nothing else. */
export const MOST_DOWNLOADS = 30;
export const DOWNLOADS_COUNTED_FOR = 30 * 86_400_000;

/** What nobody can have asked for in good faith in so many pieces is not kept byte by byte. */
const MOST_PIECES = 64;

/** Adds a range; what overlaps or meets is one. Of too many the smallest are dropped, so that a file never counts early. */
export function covering(ranges: readonly Range[], added: Range): readonly Range[] {
  if (added[1] <= added[0]) return ranges;
  const merged: [number, number][] = [];
  for (const [start, end] of [...ranges, added].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  if (merged.length <= MOST_PIECES) return merged;
  const smallest = merged.reduce((least, range) =>
    range[1] - range[0] < least[1] - least[0] ? range : least,
  );
  return merged.filter((range) => range !== smallest);
}

export function bytesIn(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}
