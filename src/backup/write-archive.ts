/** Writes a backup file: encrypted as a whole, and only its owner can read it. */
import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { AppError } from '../errors.ts';
import { writePrivateBy } from '../keyring/key-files.ts';
import { CIPHER, COST, type Cost, headOf, newParameters } from './header.ts';
import { type Manifest, manifestShape } from './manifest.ts';

/** A file of a backup. Its size is stated before its content. */
export interface Source {
  readonly path: string;
  readonly bytes: number;
  content(): Iterable<Uint8Array>;
}

const PIECE_BYTES = 2 ** 20;

export function textSource(path: string, text: string | Uint8Array): Source {
  const bytes = Buffer.from(text);
  return { path, bytes: bytes.length, content: () => [bytes] };
}

/** Read in pieces: a ledger can be larger than memory. */
export function fileSource(path: string, file: string): Source {
  return { path, bytes: statSync(file).size, content: () => piecesOf(file) };
}

/**
 * Writes a new file, which is on disk when this returns. Throws AppError `bad_usage` if it exists: a backup never
 * replaces a file.
 */
export function writeArchive(
  file: string,
  passphrase: string,
  about: Omit<Manifest, 'files'>,
  sources: readonly Source[],
  cost: Cost = COST,
): void {
  const files = sources.map(({ path, bytes }) => ({ path, bytes }));
  refuseUnreadable(files);
  const manifest = Buffer.from(JSON.stringify({ ...about, files }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(manifest.length);
  const { parameters, key } = newParameters(passphrase, randomBytes, cost);
  const head = headOf(parameters);
  const cipher = createCipheriv(CIPHER, key, Buffer.from(parameters.iv, 'hex'));
  cipher.setAAD(head);
  const written = writePrivateBy(file, (handle) => {
    writeFileSync(handle, head);
    writeFileSync(handle, cipher.update(Buffer.concat([size, manifest])));
    for (const source of sources) {
      let left = source.bytes;
      for (const piece of source.content()) {
        left -= piece.length;
        writeFileSync(handle, cipher.update(piece));
      }
      if (left !== 0) throw new AppError('bad_usage', `${source.path} changed during the backup: repeat it.`);
    }
    writeFileSync(handle, Buffer.concat([cipher.final(), cipher.getAuthTag()]));
  });
  if (!written) throw new AppError('bad_usage', `${file} exists already: a backup never replaces a file.`);
}

/** What no restore would take back must not look like a backup. */
function refuseUnreadable(files: Manifest['files']): void {
  const unreadable = files.find((file) => !manifestShape.shape.files.element.safeParse(file).success);
  if (unreadable === undefined) return;
  throw new AppError('bad_usage', `${unreadable.path} has a name that no backup can hold: rename it.`);
}

/** The bytes of a file between two places; at most 1 MiB at a time. */
export function* piecesOf(file: string, from = 0, to = statSync(file).size): Generator<Buffer> {
  const handle = openSync(file, 'r');
  try {
    for (let at = from; at < to; ) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, to - at));
      const read = readSync(handle, piece, 0, piece.length, at);
      if (read === 0) return;
      at += read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(handle);
  }
}
