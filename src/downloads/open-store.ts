/** Opens where releases are kept. What a bucket needs is loaded for a bucket alone. */
import type { DownloadPlace } from './settings.ts';
import type { ReleaseStore } from './store.ts';

export async function openStore(place: DownloadPlace): Promise<ReleaseStore> {
  if ('folder' in place) return (await import('./folder-store.ts')).createFolderStore(place.folder);
  return (await import('./bucket-store.ts')).createBucketStore(place.bucket);
}
