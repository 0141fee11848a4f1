/** The id secret: what license ids are derived with. Lost, the same sale would be given another license. */
import { AppError } from '../errors.ts';
import { idSecretFile, readPrivate, writePrivate } from './key-files.ts';
import type { RandomBytes } from './private-key.ts';

const BYTES = 32;

/** At least 32 bytes as lower- or upper-case hex; one line end behind it is the file's, not the secret's. */
const WRITTEN = /^(?:[0-9a-f]{2}){32,}(?:\r?\n)?$/i;

/** False where there is one already: it is never overwritten. */
export function makeIdSecret(folder: string, randomBytes: RandomBytes): boolean {
  return writePrivate(idSecretFile(folder), `${Buffer.from(randomBytes(BYTES)).toString('hex')}\n`);
}

/** The secret's bytes, or `bad_configuration` without a word of what is in the file. */
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
