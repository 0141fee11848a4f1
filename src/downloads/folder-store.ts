/** Releases in a folder: PRODUCT/VERSION/release.json beside the files. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release, ReleaseFile } from '../domain/values/release.ts';
import { digestsOfFile } from './digests.ts';
import { folderOf, RELEASE_FILE, readRelease, releaseText } from './release-text.ts';
import type { Faulty, FileState, Kept, ReleaseStore } from './store.ts';

export function createFolderStore(folder: string): ReleaseStore {
  const folderFor = ({ product, version }: Pick<Release, 'product' | 'version'>) =>
    join(folder, folderOf(product), version);
  const pathOf = (release: Pick<Release, 'product' | 'version'>, { name }: Pick<ReleaseFile, 'name'>) =>
    join(folderFor(release), name);
  /** The check of each file whose time differs, by path. Requests that come while it is read wait for the same check. */
  const verdicts = new Map<string, { readonly seen: string; readonly state: Promise<FileState> }>();

  async function verify(release: Release, file: ReleaseFile): Promise<FileState> {
    try {
      const { sha256 } = await digestsOfFile(pathOf(release, file));
      return sha256 === file.sha256 ? 'same' : 'changed';
    } catch (error) {
      if (isMissing(error)) return 'gone';
      throw error;
    }
  }

  return {
    place: folder,
    async list(): Promise<Kept> {
      const releases: Release[] = [];
      const faulty: Faulty[] = [];
      for (const product of await foldersIn(folder)) {
        for (const version of await foldersIn(join(folder, product))) {
          const place = join(folder, product, version);
          const text = await textOf(join(place, RELEASE_FILE));
          if (text === undefined) continue;
          const release = readRelease(text, { product, version });
          if (release === undefined) faulty.push({ place });
          else releases.push(release);
        }
      }
      return { releases, faulty };
    },
    async put(release, file, path) {
      await mkdir(folderFor(release), { recursive: true });
      const target = pathOf(release, file);
      const half = `${target}.part`;
      try {
        await copyFile(path, half, constants.COPYFILE_FICLONE);
        await syncFile(half);
        await rename(half, target);
      } finally {
        await rm(half, { force: true });
      }
      const { mtimeMs } = await stat(target);
      return { ...file, modified: Math.floor(mtimeMs) };
    },
    async write(release) {
      const path = join(folderFor(release), RELEASE_FILE);
      const half = `${path}.part`;
      const handle = await open(half, 'w', 0o644);
      try {
        await handle.writeFile(releaseText(release));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(half, path);
    },
    async examine(release, file) {
      const path = pathOf(release, file);
      const now = await statOf(path);
      if (now === undefined) return 'gone';
      if (now.size !== file.size) return 'changed';
      if (Math.floor(now.mtimeMs) === file.modified) return 'same';
      const seen = `${file.sha256} ${now.size} ${now.mtimeMs} ${now.ctimeMs}`;
      const known = verdicts.get(path);
      if (known?.seen === seen) return known.state;
      const state = verify(release, file);
      verdicts.set(path, { seen, state });
      state.catch(() => verdicts.delete(path));
      return state;
    },
    verify,
    source: async (release, file) => ({ from: 'folder', path: pathOf(release, file) }),
  };
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Undefined: it is gone, or no file. */
async function statOf(path: string) {
  try {
    const found = await stat(path);
    return found.isFile() ? found : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
