/** Downloads in the story of an order. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { Download, Downloads } from '../../domain/ports/download.ts';
import { byteText } from '../../message/byte-text.ts';

/** The newest of a license are the useful ones, and those of some licenses of a large order. */
const OF_LICENSE = 20;
const MOST_LICENSES = 20;

export async function downloadsOf(
  licenses: readonly LicenseStory[],
  downloads: Downloads,
): Promise<readonly Download[]> {
  const of = licenses.slice(0, MOST_LICENSES).map(({ id }) => downloads.ofLicense(id, OF_LICENSE));
  return (await Promise.all(of)).flat();
}

/** A line of the story (story.ts). */
export function downloadLine({ file, version, state, bytes, size, askedAt }: Download) {
  const what = {
    whole: `${file} was downloaded`,
    begun: `A download of ${file} was begun`,
    handed: `${file} was handed over to the bucket`,
  }[state];
  const much = state === 'begun' ? `, ${byteText(bytes)} of ${byteText(size)}` : '';
  return { at: askedAt, icon: 'down', tone: '', what, why: `version ${version}${much}` } as const;
}
