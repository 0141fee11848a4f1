/** The files of the keys folder: their names, their atomic writes and their permissions. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../errors.ts';

/** Also the share that somebody has of a disk. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

const SIGNING_KEY = /^signing-key-\d+\.pem$/;

export const keyringFile = (folder: string): string => join(folder, 'keyring.json');
export const idSecretFile = (folder: string): string => join(folder, 'id-secret');
export const simulatorFile = (folder: string): string => join(folder, 'simulator.pem');
export const signingKeyFile = (folder: string, id: number): string => join(folder, `signing-key-${id}.pem`);

/** The private files of the signing keys, whatever their state in the keyring. */
export function signingKeyFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => SIGNING_KEY.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Makes the folder, private to its owner. False where it exists: its permissions are the seller's choice. */
export function makeFolder(folder: string): boolean {
  try {
    return mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  } catch (error) {
    throw fileFault(error, folder, 'made');
  }
}

/**
 * Writes a file that only its owner can read; false where the file exists, which is never overwritten.
 * The write is atomic: a concurrent reader, or a reader after a crash, never sees half a key.
 */
export function writePrivate(file: string, text: string | Uint8Array): boolean {
  return writePrivateBy(file, (handle) => writeFileSync(handle, text));
}

/** Like `writePrivate`; `fill` writes the content. */
export function writePrivateBy(file: string, fill: (handle: number) => void): boolean {
  return writeNew(file, fill, 0o600);
}

/** Like `writePrivate`, for who may read it by `mode`. */
export function writeNew(file: string, fill: (handle: number) => void, mode: number): boolean {
  const written = writeBeside(file, fill, mode);
  try {
    linkSync(written, file); // Unlike rename, link fails where the name exists.
    syncFolder(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw fileFault(error, file, 'written');
  } finally {
    rmSync(written, { force: true });
  }
}

/** Replaces a public file atomically: a crash leaves the old or the new file. */
export function replacePublic(file: string, text: string): void {
  const written = writeBeside(file, (handle) => writeFileSync(handle, text), 0o644);
  try {
    renameSync(written, file);
    syncFolder(file);
  } catch (error) {
    rmSync(written, { force: true });
    throw fileFault(error, file, 'written');
  }
}

/**
 * The text of a private file. Throws `bad_configuration` with the remedy for a missing file and for a file that
 * others can read.
 */
export function readPrivate(file: string, remedy = 'restore it from your backup'): string {
  const fault = exposure(file);
  if (fault !== undefined) throw new AppError('bad_configuration', fault);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new AppError('bad_configuration', `${file} is missing: ${remedy}`);
    }
    throw fileFault(error, file, 'read');
  }
}

/** The fault of a file that others than its owner can access, with the command that corrects it. */
export function exposure(file: string): string | undefined {
  // Windows has no such permission bits; Node.js invents them there.
  if (process.platform === 'win32' || !existsSync(file)) return undefined;
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  const octal = mode.toString(8).padStart(4, '0');
  return `${file} is open to others (its mode is ${octal}): close it with  chmod 600 ${file}`;
}

export function fileFault(error: unknown, file: string, done: 'read' | 'written' | 'made'): AppError {
  const code = codeOf(error) ?? 'unknown error';
  const remedy = FULL.has(code) ? 'the disk is full, so make room' : 'check the folder and its owner';
  return new AppError('bad_configuration', `${file} cannot be ${done} (${code}): ${remedy}`, {
    cause: error,
  });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function writeBeside(file: string, fill: (handle: number) => void, mode: number): string {
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(beside, 'wx', mode);
    try {
      fill(handle);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return beside;
  } catch (error) {
    rmSync(beside, { force: true });
    throw error instanceof AppError ? error : fileFault(error, file, 'written');
  }
}

/** A new name is durable only after a sync of its folder. Windows cannot open a folder, and syncs it by itself. */
function syncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(dirname(file), 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
