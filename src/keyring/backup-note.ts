/** A note beside the keys: which keys were backed up, and when; `doctor` and the metrics read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replacePublic } from './key-files.ts';
import { readKeyring } from './keyring.ts';

const moment = z.iso.datetime();

const note = z.object({
  /** The newest backup of the keys, by any command or elsewhere; ISO 8601, UTC. */
  keysAt: moment.optional(),
  /** The ids of the keys in it. */
  keys: z.array(z.number()).default([]),
  /** The newest backup of the whole shop. */
  shopAt: moment.optional(),
});

export type BackupNote = Readonly<z.infer<typeof note>>;

const NONE: BackupNote = { keys: [] };

export const backupNoteFile = (folder: string): string => join(folder, 'backed-up.json');

/** A missing or unreadable note says that nothing was backed up. */
export function readBackupNote(folder: string): BackupNote {
  try {
    return note.parse(JSON.parse(readFileSync(backupNoteFile(folder), 'utf8')));
  } catch {
    return NONE;
  }
}

/** Notes a backup of all keys that the folder has now. Throws AppError `bad_configuration` in a read-only folder. */
export function noteBackup(folder: string, at: string, kind: 'keys' | 'shop'): void {
  const keys = readKeyring(folder).map(({ id }) => id);
  const shop = kind === 'shop' ? { shopAt: at } : {};
  const noted = { ...readBackupNote(folder), keysAt: at, keys, ...shop };
  replacePublic(backupNoteFile(folder), `${JSON.stringify(noted)}\n`);
}

/** When the newest backup of the whole shop was made: milliseconds since 1970-01-01. */
export function newestBackup(folder: string): number | undefined {
  const { shopAt } = readBackupNote(folder);
  return shopAt === undefined ? undefined : Date.parse(shopAt);
}

/** The ids of keys that no noted backup holds. */
export function keysNotBackedUp(folder: string): readonly number[] {
  const { keys } = readBackupNote(folder);
  return readKeyring(folder)
    .map(({ id }) => id)
    .filter((id) => !keys.includes(id));
}
