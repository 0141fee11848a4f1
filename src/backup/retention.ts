/** Backups in a folder: named by their moment, and the oldest removed. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^mintmark-\d{8}T\d{6}Z\.backup$/;

/** `now` in milliseconds since 1970-01-01. Names sort by time. */
export function backupIn(folder: string, now: number, kind: 'keys' | 'shop' = 'shop'): string {
  const moment = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return join(folder, `mintmark-${kind === 'keys' ? 'keys-' : ''}${moment}.backup`);
}

/**
 * Removes all but the newest `keep` backups, and no other file; `made` always stays, also where a clock was wrong and
 * others are named by a later moment. Returns the removed files.
 */
export function removeOlder(folder: string, keep: number, made: string): readonly string[] {
  const others = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && NAME.test(entry.name))
    .map(({ name }) => join(folder, name))
    .filter((file) => file !== made)
    .sort();
  const removed = others.slice(0, Math.max(0, others.length + 1 - keep));
  for (const file of removed) rmSync(file);
  return removed;
}
