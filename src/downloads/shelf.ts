/** The releases as they were a moment ago: read again at most every few seconds. */
import { newestFirst, type Release, type ReleaseFile } from '../domain/release.ts';
import { fileSubject } from '../keyring/link-token.ts';
import type { Kept, ReleaseStore } from './store.ts';

/** Milliseconds. `releases withdraw` is heard of so late. */
const FRESH_FOR = { folder: 2_000, bucket: 30_000 } as const;

export interface FoundFile {
  readonly release: Release;
  readonly file: ReleaseFile;
}

export class Shelf {
  readonly store: ReleaseStore;
  readonly #freshFor: number;
  readonly #now: () => number;
  #read: { readonly at: number; readonly kept: Promise<Kept> } | undefined;

  constructor(store: ReleaseStore, now: () => number) {
    this.store = store;
    this.#freshFor = FRESH_FOR[store.place.startsWith('s3:') ? 'bucket' : 'folder'];
    this.#now = now;
  }

  async releasesOf(product: string): Promise<readonly Release[]> {
    const { releases } = await this.#kept();
    return newestFirst(
      releases.filter((release) => release.product === product && release.withdrawn === undefined),
    );
  }

  /** The file that a link's subject names; undefined: there is none, or it was withdrawn. */
  async find(product: string, subject: Uint8Array): Promise<FoundFile | undefined> {
    for (const release of await this.releasesOf(product)) {
      const file = release.files.find(({ name }) =>
        fileSubjectOf(product, release.version, name).equals(subject),
      );
      if (file !== undefined) return { release, file };
    }
    return undefined;
  }

  /** The same for every product. */
  async findAny(subject: Uint8Array): Promise<FoundFile | undefined> {
    const { releases } = await this.#kept();
    for (const product of new Set(releases.map((release) => release.product))) {
      const found = await this.find(product, subject);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #kept(): Promise<Kept> {
    const now = this.#now();
    const isFresh = this.#read !== undefined && now >= this.#read.at && now - this.#read.at < this.#freshFor;
    if (this.#read === undefined || !isFresh) {
      const kept = this.store.list();
      const read = { at: now, kept };
      this.#read = read;
      // A failure is not kept: the next request tries again.
      kept.catch(() => {
        if (this.#read === read) this.#read = undefined;
      });
    }
    return this.#read.kept;
  }
}

function fileSubjectOf(product: string, version: string, file: string): Buffer {
  return Buffer.from(fileSubject(product, version, file));
}
