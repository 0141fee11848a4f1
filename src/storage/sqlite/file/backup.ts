/** Makes a consistent copy of a ledger, also while a service writes to it. */
import { closeSync, fsyncSync, linkSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../errors.ts';
import type { Connection } from './connection.ts';

/**
 * Copies one state of the ledger to a new file that only its owner can read; the file is on disk when this returns.
 * VACUUM INTO reads in one transaction; the backup API would restart at each write of another process. Throws AppError
 * `bad_usage` if the file exists already.
 */
export function backupLedger(connection: Connection, file: string): void {
  const partial = `${file}.partial-${process.pid}`;
  try {
    closeSync(openSync(partial, 'wx', 0o600));
  } catch (cause) {
    throw new AppError('bad_usage', `${file} cannot be created: check the folder and its permissions.`, {
      cause,
    });
  }
  try {
    connection.prepare('VACUUM INTO $file').run({ file: partial });
    flush(partial);
    // Unlike a rename, a link never replaces a file.
    linkSync(partial, file);
    flush(dirname(file));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new AppError('bad_usage', `${file} exists already: a backup never replaces a file.`, { cause });
    }
    throw cause;
  } finally {
    unlinkSync(partial);
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
