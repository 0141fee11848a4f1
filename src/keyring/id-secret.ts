/** The id secret, from which license ids are derived. If it is lost, the same sale gets another license. */
import { AppError } from '../errors.ts';
import { idSecretFile, readPrivate, writePrivate } from './key-files.ts';
import type { RandomBytes } from './private-key.ts';

const BYTES = 32;

/** At least 32 bytes in hex of either case; one line end after them belongs to the file. */
const WRITTEN = /^(?:[0-9a-f]{2}){32,}(?:\r?\n)?$/i;

/** False where the secret exists: it is never overwritten. */
export function makeIdSecret(folder: string, randomBytes: RandomBytes): boolean {
  return writePrivate(idSecretFile(folder), `${Buffer.from(randomBytes(BYTES)).toString('hex')}\n`);
}

/** The secret's bytes. Throws `bad_configuration` without any content of the file. */
export function readIdSecret(folder: string): Uint8Array {
  const file = idSecretFile(folder);
  const text = readPrivate(file);
  if (!WRITTEN.test(text)) {
    throw new AppError(
      'bad_configuration',
      `${file} is damaged (it must be ${BYTES} bytes or more in hex, with no white space): restore it from your backup`,
    );
  }
  return new Uint8Array(Buffer.from(text.trimEnd(), 'hex'));
}
