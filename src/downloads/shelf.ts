/** The releases as they were a moment ago: read again at most every few seconds. */
import { newestFirst, type Release, type ReleaseFile } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import { fileSubject } from '../keyring/link-token.ts';
import type { Kept, ReleaseStore } from './store.ts';

/** Milliseconds. `releases withdraw` is heard of so late. */
const FRESH_FOR = { folder: 2_000, bucket: 30_000 } as const;

/** A customer does not wait longer for a list. Milliseconds. */
const PATIENCE = 3_000;

/** What was read before is good for so long where the folder or bucket does not answer. Milliseconds. */
const GOOD_FOR = 600_000;

export interface FoundFile {
  readonly release: Release;
  readonly file: ReleaseFile;
}

export class Shelf {
  readonly store: ReleaseStore;
  readonly #freshFor: number;
  readonly #now: () => number;
  readonly #patience: number;
  #read: { readonly at: number; readonly kept: Promise<Kept> } | undefined;
  #former: { readonly at: number; readonly kept: Kept } | undefined;

  constructor(store: ReleaseStore, now: () => number, patience = PATIENCE) {
    this.store = store;
    this.#patience = patience;
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

  /** Throws AppError `downloads_unavailable`. */
  async #kept(): Promise<Kept> {
    const now = this.#now();
    const within = (time: number, { at }: { readonly at: number }) => now >= at && now - at < time;
    if (this.#read === undefined || !within(this.#freshFor, this.#read)) this.#begin(now);
    try {
      return await inTime(this.#read?.kept, this.#patience);
    } catch (cause) {
      if (this.#former !== undefined && within(GOOD_FOR, this.#former)) return this.#former.kept;
      throw new AppError('downloads_unavailable', 'The releases cannot be read now.', { cause });
    }
  }

  #begin(at: number): void {
    const kept = this.store.list();
    const read = { at, kept };
    this.#read = read;
    kept.then(
      (found) => {
        this.#former = { at, kept: found };
      },
      () => {
        // A failure is not kept: the next request tries again.
        if (this.#read === read) this.#read = undefined;
      },
    );
  }
}

/** Rejects if it takes longer than so many milliseconds. */
async function inTime<T>(promise: Promise<T> | undefined, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the releases were not read in time')), milliseconds);
  });
  try {
    return await Promise.race([promise ?? late, late]);
  } finally {
    clearTimeout(timer);
  }
}

function fileSubjectOf(product: string, version: string, file: string): Buffer {
  return Buffer.from(fileSubject(product, version, file));
}
