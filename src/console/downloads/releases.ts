/** What the downloads' room tells the console. */
import type { Release } from '../../domain/values/release.ts';

export interface ShownReleases {
  /** The newest first, withdrawn ones too. */
  readonly releases: readonly Release[];
  /** Files that are not as they were added. */
  readonly bad: readonly {
    readonly product: string;
    readonly version: string;
    readonly file: string;
    readonly state: 'changed' | 'gone' | 'same';
  }[];
  /** Where a release cannot be read. */
  readonly faulty: readonly string[];
  /** A folder, or s3://bucket/prefix. */
  readonly place: string;
  /** There are links: PUBLIC_URL is set. */
  readonly hasLinks: boolean;
}

export interface ConsoleDownloads {
  read(): Promise<ShownReleases>;
  /** Where the seller tries a file without a license; undefined: there is no such file, or there are no links. */
  tryFile(product: string, version: string, file: string): Promise<string | undefined>;
}
