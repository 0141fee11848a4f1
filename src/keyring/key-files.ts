/** The files of the keys folder: what they are called, how they get to disk whole, and who may read them. */
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

const SIGNING_KEY = /^signing-key-\d+\.pem$/;

export const keyringFile = (folder: string): string => join(folder, 'keyring.json');
export const idSecretFile = (folder: string): string => join(folder, 'id-secret');
export const simulatorFile = (folder: string): string => join(folder, 'simulator.pem');
export const signingKeyFile = (folder: string, id: number): string => join(folder, `signing-key-${id}.pem`);

/** The signing keys' private files that are there, whatever their state in the keyring. */
export function signingKeyFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => SIGNING_KEY.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Makes the folder, for its owner only. False where it was there: its permissions are then the seller's. */
export function makeFolder(folder: string): boolean {
  try {
    return mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  } catch (error) {
    throw fileFault(error, folder, 'made');
  }
}

/**
 * Writes a file that only its owner can read, and never over one that is there: false if there is one.
 * It appears whole or not at all, so that a reader at the same moment, or after a crash, meets no half key.
 */
export function writePrivate(file: string, text: string): boolean {
  const written = writeBeside(file, text, 0o600);
  try {
    linkSync(written, file); // Fails where the name is taken, which rename does not.
    syncFolder(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw fileFault(error, file, 'written');
  } finally {
    rmSync(written, { force: true });
  }
}

/** Puts a public file in the place of what is there, in one step: a crash leaves the old one or the new one. */
export function replacePublic(file: string, text: string): void {
  const written = writeBeside(file, text, 0o644);
  try {
    renameSync(written, file);
    syncFolder(file);
  } catch (error) {
    rmSync(written, { force: true });
    throw fileFault(error, file, 'written');
  }
}

/**
 * The text of a private file; refuses (`bad_configuration`) one that others can read, and one that is missing,
 * with what to do about it.
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

/** What is wrong if others than the owner can get at a file, and the command that mends it. */
export function exposure(file: string): string | undefined {
  // Windows has no such bits: Node makes them up there.
  if (process.platform === 'win32' || !existsSync(file)) return undefined;
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  const octal = mode.toString(8).padStart(4, '0');
  return `${file} is open to others (its mode is ${octal}): close it with  chmod 600 ${file}`;
}

export function fileFault(error: unknown, file: string, done: 'read' | 'written' | 'made'): AppError {
  const code = codeOf(error) ?? 'unknown error';
  return new AppError(
    'bad_configuration',
    `${file} cannot be ${done} (${code}): check the folder and its owner`,
    {
      cause: error,
    },
  );
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function writeBeside(file: string, text: string, mode: number): string {
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(beside, 'wx', mode);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return beside;
  } catch (error) {
    rmSync(beside, { force: true });
    throw fileFault(error, file, 'written');
  }
}

/** A name is durable only when its folder is. Windows cannot open a folder, and does this by itself. */
function syncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(dirname(file), 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
