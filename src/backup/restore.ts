/** Puts the content of a backup in its places. Nothing is ever replaced. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../errors.ts';
import { backupNoteFile, noteBackup } from '../keyring/backup-note.ts';
import { makeFolder, writeNew, writePrivateBy } from '../keyring/key-files.ts';
import type { Config } from '../service/config.ts';
import {
  IN_KEYS,
  IN_PICTURE,
  IN_PRODUCTS,
  IN_TEXTS,
  LEDGER,
  MARK,
  type Manifest,
  RELEASES,
  SETTINGS,
  SHOP,
  WEBHOOKS,
} from './manifest.ts';
import { type Archive, type Content, readArchive } from './read-archive.ts';
import { placedReleases } from './releases.ts';

export type Places = Pick<
  Config,
  | 'keysDir'
  | 'ledgerMark'
  | 'productsDir'
  | 'webhooksFile'
  | 'shopFile'
  | 'dataDir'
  | 'downloads'
  | 'ledgerFile'
>;

export interface Restored {
  readonly manifest: Manifest;
  /** The text of the `.env` file that the shop had, without its secrets. */
  readonly settings: string | undefined;
  /** The restored files. */
  readonly files: readonly string[];
}

/**
 * Restores the keys of a backup of either kind, or with `shop` everything in it. A file that is there already with the same
 * content stays, so that an interrupted restore can be repeated. Throws AppError `bad_usage` before it changes anything if
 * another file is in a place.
 */
export function restore(
  file: string,
  passphrase: string,
  places: Places,
  wanted: Manifest['kind'],
): Restored {
  const archive = readArchive(file, passphrase);
  if (wanted === 'shop' && archive.manifest.kind === 'keys') {
    throw new AppError('bad_usage', `${file} holds keys alone: restore it with  keys restore.`);
  }
  const small = smallFiles(archive, wanted);
  const placed = small.flatMap((each) => placesOf(each, places));
  refuseToReplace(places, placed, wanted);
  makeFolder(places.keysDir);
  for (const each of placed) place(each);
  const files = placed.map((each) => each.file);
  if (wanted === 'shop') {
    placeLedger(archive, places.ledgerFile);
    files.push(places.ledgerFile);
  }
  // The restored keys are in a backup: this one.
  if (!existsSync(backupNoteFile(places.keysDir)))
    noteBackup(places.keysDir, archive.manifest.at, archive.manifest.kind);
  const settings = small.find(({ path }) => path === SETTINGS)?.text.toString();
  return { manifest: archive.manifest, settings: wanted === 'shop' ? settings : undefined, files };
}

interface Small {
  readonly path: string;
  readonly text: Buffer;
}

function smallFiles(archive: Archive, wanted: Manifest['kind']): readonly Small[] {
  const small: Small[] = [];
  for (const { path, pieces } of archive.contents()) {
    if (path === LEDGER) break;
    const text = Buffer.concat([...pieces]);
    if (wanted === 'shop' || path.startsWith(IN_KEYS)) small.push({ path, text });
  }
  return small;
}

interface Placed {
  readonly file: string;
  readonly text: Buffer;
  readonly isPrivate: boolean;
}

function placesOf({ path, text }: Small, places: Places): readonly Placed[] {
  if (path === SETTINGS) return [];
  if (path === RELEASES) return placedReleases(text, places).map((each) => ({ ...each, isPrivate: false }));
  return [{ file: placeOf(path, places), text, isPrivate: path.startsWith(IN_KEYS) }];
}

function placeOf(path: string, places: Places): string {
  const { keysDir, ledgerMark, productsDir, webhooksFile, shopFile } = places;
  if (path === MARK) return ledgerMark;
  if (path === WEBHOOKS) return webhooksFile;
  if (path === SHOP) return shopFile;
  if (path.startsWith(IN_PICTURE)) return join(dirname(shopFile), basename(path));
  if (path.startsWith(IN_TEXTS)) return join(dirname(shopFile), IN_TEXTS, basename(path));
  if (path.startsWith(IN_KEYS)) return join(keysDir, basename(path));
  if (path.startsWith(IN_PRODUCTS)) return join(productsDir, basename(path));
  throw new AppError(
    'bad_usage',
    `The backup holds ${path}, which this Mintmark does not know: update Mintmark.`,
  );
}

function refuseToReplace(places: Places, placed: readonly Placed[], wanted: Manifest['kind']): void {
  const others = placed
    .filter(({ file, text }) => existsSync(file) && !readFileSync(file).equals(text))
    .map(({ file }) => file);
  // A log that belongs to another ledger would damage the restored one.
  const ledger = ['', '-wal', '-shm']
    .map((end) => `${places.ledgerFile}${end}`)
    .filter((file) => existsSync(file));
  const found = wanted === 'shop' ? [...others, ...ledger] : others;
  if (found.length === 0) return;
  throw new AppError(
    'bad_usage',
    `A restore replaces nothing, and these are there already: ${found.join(', ')}. Move them away, or restore into an empty folder. Nothing was changed.`,
  );
}

function place({ file, text, isPrivate }: Placed): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  writeNew(file, (handle) => writeFileSync(handle, text), isPrivate ? 0o600 : 0o644);
}

function placeLedger(archive: Archive, file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const ledger = findLedger(archive.contents());
  if (ledger === undefined) throw new AppError('bad_usage', 'The backup holds no ledger.');
  writePrivateBy(file, (handle) => {
    for (const piece of ledger.pieces) writeFileSync(handle, piece);
  });
}

function findLedger(contents: Iterable<Content>): Content | undefined {
  for (const content of contents) {
    if (content.path === LEDGER) return content;
    for (const _ of content.pieces);
  }
  return undefined;
}
