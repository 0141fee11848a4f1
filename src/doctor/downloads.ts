/** Checks whether the files of releases are there, as they were added. */
import type { Catalog } from '../catalog/catalog.ts';
import { counted } from '../domain/values/counted.ts';
import { type CheckedFile, checkReleases } from '../downloads/add-release.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { openDownloads } from '../service/downloads.ts';
import { type Finding, fault, note, ok, said, warning } from './finding.ts';

const DOWNLOADS = 'downloads';

type Settings = Pick<Config, 'downloads' | 'dataDir' | 'publicUrl'>;

/** By sizes and times, so that it is quick; `releases check` reads every file. */
export async function examineDownloads(
  config: Settings,
  catalog?: Pick<Catalog, 'get'>,
): Promise<readonly Finding[]> {
  try {
    const store = await openDownloads(config);
    const { releases, faulty } = await store.list();
    if (releases.length === 0 && faulty.length === 0)
      return [note(DOWNLOADS, 'There are no releases.', `To offer some:  ${RUN} releases add`)];
    const files = await checkReleases(store, 'examine');
    const bad = files.filter(({ state }) => state !== 'same');
    const orphans = new Set(
      catalog === undefined ? [] : releases.map(({ product }) => product).filter((id) => !catalog.get(id)),
    );
    const findings = [
      ...bad.map(findingOf),
      ...faulty.map(({ place }) =>
        fault(
          DOWNLOADS,
          `The release.json in ${place} cannot be read.`,
          'Put it back, or add the release again.',
        ),
      ),
      ...[...orphans].map((product) =>
        warning(
          DOWNLOADS,
          `No product file is called ${product}.`,
          'Its releases are offered to nobody new.',
        ),
      ),
      ...(config.publicUrl === undefined
        ? [
            warning(
              DOWNLOADS,
              'Releases have no links.',
              'Set PUBLIC_URL, where the world reaches the service.',
            ),
          ]
        : []),
    ];
    if (findings.length > 0) return findings;
    return [ok(DOWNLOADS, `${counted(releases.length, 'release')}, and all files are as they were added.`)];
  } catch (error) {
    return [
      fault(
        DOWNLOADS,
        `The releases cannot be read: ${said(error)}`,
        'Check DOWNLOADS, and the settings of the bucket.',
      ),
    ];
  }
}

function findingOf({ product, version, file, state }: CheckedFile): Finding {
  const so = `${file} of ${product} ${version} ${state === 'gone' ? 'is gone' : 'has changed'}, so it is not sent.`;
  return fault(
    DOWNLOADS,
    so,
    'Put the file back as it was by  releases add, or withdraw the release and add another version.',
  );
}
