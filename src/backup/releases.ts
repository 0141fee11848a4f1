/** What a backup holds of releases in a folder: each release.json. Their files are large, and kept where they were built. */
import { join } from 'node:path';
import { createFolderStore } from '../downloads/folder-store.ts';
import { folderOf, RELEASE_FILE, readRelease, releaseText } from '../downloads/release-text.ts';
import type { Config } from '../service/config.ts';
import { placeOfDownloads } from '../service/downloads.ts';
import { RELEASES } from './manifest.ts';
import { type Source, textSource } from './write-archive.ts';

type Settings = Pick<Config, 'downloads' | 'dataDir'>;

/** A bucket keeps its own. */
export async function releaseSources(config: Settings): Promise<readonly Source[]> {
  const place = placeOfDownloads(config);
  if (!('folder' in place)) return [];
  const { releases } = await createFolderStore(place.folder).list();
  return releases.length === 0 ? [] : [textSource(RELEASES, JSON.stringify(releases.map(releaseText)))];
}

export interface PlacedRelease {
  readonly file: string;
  readonly text: Buffer;
}

/** Where each release.json goes; nowhere if releases are in a bucket now. */
export function placedReleases(text: Buffer, config: Settings): readonly PlacedRelease[] {
  const place = placeOfDownloads(config);
  if (!('folder' in place)) return [];
  return (JSON.parse(text.toString()) as readonly string[]).flatMap((each) => {
    const release = readRelease(each);
    if (release === undefined) return [];
    const folder = join(place.folder, folderOf(release.product), release.version);
    return [{ file: join(folder, RELEASE_FILE), text: Buffer.from(releaseText(release)) }];
  });
}
