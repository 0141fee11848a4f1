/** A consistent copy of a ledger, also of one that is being written to. */
import { closeSync, fsyncSync, linkSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../errors.ts';
import type { Connection } from './connection.ts';

/**
 * Copies one state of the ledger to a new file, readable by the owner alone and on disk when this returns.
 * VACUUM INTO reads in one transaction, so a busy writer can neither disturb it nor be disturbed (the backup API
 * would begin anew at each write of another process). Throws AppError `bad_usage` when the file exists already.
 */
export function backupLedger(connection: Connection, file: string): void {
  const partial = `${file}.partial-${process.pid}`;
  try {
    closeSync(openSync(partial, 'wx', 0o600));
  } catch (cause) {
    throw new AppError('bad_usage', `${file} cannot be made: check the folder and its permissions.`, {
      cause,
    });
  }
  try {
    connection.prepare('VACUUM INTO ?').run(partial);
    flush(partial);
    // Unlike a rename, a link never replaces what is there.
    linkSync(partial, file);
    flush(dirname(file));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new AppError('bad_usage', `${file} is there already: a backup replaces nothing.`, { cause });
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
