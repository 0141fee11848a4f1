/** One writer of the keyring at a time, across processes: read, decide and write are one critical section. */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { codeOf, fileFault } from './key-files.ts';

/** Milliseconds. A critical section takes well under a second, so an older lock is left from a crash. */
const LEFT_BEHIND = 10_000;
const PATIENCE = 15_000;
const BETWEEN = 25;

/** Runs `act` while no other process does. The folder must exist. */
export async function withLock<T>(folder: string, act: () => T): Promise<T> {
  const lock = join(folder, '.lock');
  const start = performance.now();
  while (!take(lock)) {
    if (ageOf(lock) > LEFT_BEHIND) rmSync(lock, { force: true });
    else if (performance.now() - start > PATIENCE) {
      throw new AppError(
        'bad_configuration',
        `${lock} says that another mintmark command is changing the keys: if none is, delete that file`,
      );
    } else await sleep(BETWEEN);
  }
  try {
    return act();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw fileFault(error, lock, 'written');
  }
}

function ageOf(lock: string): number {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
