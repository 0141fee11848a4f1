/** The port of where releases and their files are kept: a folder, or a bucket. */
import type { Release, ReleaseFile } from '../domain/values/release.ts';

/** `changed`: another size or content than when it was added. */
export type FileState = 'same' | 'changed' | 'gone';

export interface Faulty {
  /** The folder of the product and version. */
  readonly place: string;
}

export interface Kept {
  readonly releases: readonly Release[];
  /** Where a release.json cannot be read. */
  readonly faulty: readonly Faulty[];
}

/** How a file reaches a customer. */
export type Source =
  /** This process sends it. */
  | { readonly from: 'folder'; readonly path: string }
  /** The bucket sends it, from an address that is good for some hours. */
  | { readonly from: 'bucket'; readonly url: string };

export interface ReleaseStore {
  /** For messages: a folder, or s3://bucket/prefix. */
  readonly place: string;
  /** Every release, withdrawn ones too. */
  list(): Promise<Kept>;
  /** Puts a file where a release will name it; what is there already is replaced. */
  put(release: Pick<Release, 'product' | 'version'>, file: ReleaseFile, path: string): Promise<ReleaseFile>;
  /** Writes `release.json`: from then on the release exists as it is here. */
  write(release: Release): Promise<void>;
  /** Quick: size and time, and the content only where they differ. */
  examine(release: Release, file: ReleaseFile): Promise<FileState>;
  /** Reads the whole file. */
  verify(release: Release, file: ReleaseFile): Promise<FileState>;
  source(release: Release, file: ReleaseFile, now: number): Promise<Source>;
}

/** More bytes than one upload to a bucket takes. */
export const LARGEST_UPLOAD = 5 * 1024 ** 3;
