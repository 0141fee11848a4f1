/** What `releases` does: adds a release or further files of one, withdraws it, checks its files. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Day } from '../domain/values/day.ts';
import { newestFirst, type Platform, type Release, type ReleaseFile } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import { digestsOfFile } from './digests.ts';
import { isFileName, isSignature, isVersion, platformOf } from './release-text.ts';
import type { FileState, ReleaseStore } from './store.ts';

export interface NewRelease {
  readonly product: string;
  readonly version: string;
  readonly build: string | undefined;
  /** Undefined: today, or the day of the release that gets further files. */
  readonly day: Day | undefined;
  readonly notes: string | undefined;
  readonly paths: readonly string[];
  /** Of files whose names do not tell it. */
  readonly platform: Platform | undefined;
  /** By the file's name. */
  readonly signatures: ReadonlyMap<string, string>;
}

/** `release.json` is written last. Throws AppError `bad_usage`. */
export async function addRelease(
  store: ReleaseStore,
  added: NewRelease,
  { today, now }: { readonly today: Day; readonly now: number },
): Promise<Release> {
  const { product, version } = added;
  requireVersion(version);
  if (added.build !== undefined) requireVersion(added.build);
  const paths = new Map(added.paths.map((path) => [nameOf(path), path]));
  if (paths.size !== added.paths.length) throw new AppError('bad_usage', 'Two files have the same name.');
  for (const [name, signature] of added.signatures) {
    if (!paths.has(name)) throw new AppError('bad_usage', `--signature: no file is called ${name}.`);
    if (!isSignature(signature))
      throw new AppError(
        'bad_usage',
        `--signature: ${name} needs 64 bytes of base64, as sign_update prints them.`,
      );
  }
  const before = await findRelease(store, product, version);
  if (before?.withdrawn !== undefined)
    throw new AppError(
      'bad_usage',
      `${product} ${version} was withdrawn: give its successor another version.`,
    );
  const files: ReleaseFile[] = [];
  for (const [name, path] of paths) {
    const former = before?.files.find((each) => each.name === name);
    const file = await describe(name, path, added);
    requireSame(added, file, former);
    files.push({ ...former, ...file });
  }
  for (const [place, file] of files.entries())
    files[place] = await store.put({ product, version }, file, paths.get(file.name) ?? '');
  const release = {
    ...{ product, version },
    ...present('build', added.build ?? before?.build),
    day: added.day ?? before?.day ?? today,
    ...present('notes', added.notes ?? before?.notes),
    addedAt: before?.addedAt ?? now,
    files: [...(before?.files ?? []).filter(({ name }) => !paths.has(name)), ...files],
  };
  for (const file of files) {
    // What was copied is what was read.
    if ((await store.verify(release, file)) === 'same') continue;
    throw new AppError('bad_usage', `${file.name} changed while it was added: add it again.`);
  }
  await store.write(release);
  return release;
}

async function describe(
  name: string,
  path: string,
  { platform, signatures }: Pick<NewRelease, 'platform' | 'signatures'>,
): Promise<ReleaseFile> {
  const signature = signatures.get(name);
  const guessed = platformOf(name);
  return {
    name,
    platform: guessed === 'any' ? (platform ?? guessed) : guessed,
    ...(await digestsOfFile(path)),
    modified: 0,
    ...(signature !== undefined && { signature }),
  };
}

/** The same file may be put back where it is gone. */
function requireSame(
  { product, version }: Pick<NewRelease, 'product' | 'version'>,
  { name, sha256 }: ReleaseFile,
  former: ReleaseFile | undefined,
): void {
  if (former === undefined || former.sha256 === sha256) return;
  throw new AppError(
    'bad_usage',
    `${product} ${version} has another file ${name} already: customers may have it, so a changed file needs another version.`,
  );
}

/** False: it was withdrawn before. Throws AppError `not_found`. */
export async function withdrawRelease(
  store: ReleaseStore,
  { product, version, reason, at }: Pick<Release, 'product' | 'version'> & { reason: string; at: number },
): Promise<boolean> {
  const release = await findRelease(store, product, version);
  if (release === undefined) throw new AppError('not_found', `There is no release ${product} ${version}.`);
  if (release.withdrawn !== undefined) return false;
  await store.write({ ...release, withdrawn: { at, reason } });
  return true;
}

export interface CheckedFile {
  readonly product: string;
  readonly version: string;
  readonly file: string;
  readonly state: FileState;
}

/** Every file of releases that are offered. `how`: by size and time, or by reading it all. */
export async function checkReleases(
  store: ReleaseStore,
  how: 'examine' | 'verify',
  isWanted: (release: Release) => boolean = () => true,
): Promise<readonly CheckedFile[]> {
  const { releases } = await store.list();
  const checked: CheckedFile[] = [];
  for (const release of newestFirst(releases)) {
    if (release.withdrawn !== undefined || !isWanted(release)) continue;
    for (const file of release.files) {
      const { product, version } = release;
      checked.push({ product, version, file: file.name, state: await store[how](release, file) });
    }
  }
  return checked;
}

async function findRelease(
  store: ReleaseStore,
  product: string,
  version: string,
): Promise<Release | undefined> {
  const { releases } = await store.list();
  return releases.find((release) => release.product === product && release.version === version);
}

function nameOf(path: string): string {
  const name = basename(path).normalize('NFC');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new AppError('bad_usage', `There is no file ${path}.`);
  if (isFileName(name)) return name;
  throw new AppError(
    'bad_usage',
    `A customer cannot get a file called ${name}: use letters, digits, spaces and . _ + ( ) @ -, beginning with a letter or digit.`,
  );
}

function requireVersion(version: string): void {
  if (isVersion(version)) return;
  throw new AppError(
    'bad_usage',
    `A version is letters, digits and . _ + -, such as 4.2 or 4.2.0-beta.1: not ${version}`,
  );
}

function present<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}
