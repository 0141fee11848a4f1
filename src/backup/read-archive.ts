/** Reads a backup file. Nothing in it is looked at before the whole file is authenticated. */
import { createDecipheriv } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { AppError } from '../errors.ts';
import { CIPHER, keyFor, LONGEST_HEAD, readHead, TAG_BYTES } from './header.ts';
import { type Manifest, manifestShape } from './manifest.ts';
import { piecesOf } from './write-archive.ts';

export interface Content {
  readonly path: string;
  /** To be read before the next content. */
  readonly pieces: Iterable<Uint8Array>;
}

export interface Archive {
  readonly manifest: Manifest;
  contents(): Iterable<Content>;
}

/** Throws AppError `bad_usage` for a file that is missing or no backup, before its passphrase is asked for. */
export function requireBackup(file: string): void {
  readHead(beginOf(file), file);
}

/** Throws AppError `bad_usage` for a file that is no backup, is damaged, or has another passphrase. */
export function readArchive(file: string, passphrase: string): Archive {
  const begin = beginOf(file);
  const { head, parameters } = readHead(begin, file);
  const key = keyFor(passphrase, parameters);
  if (key === undefined) {
    throw new AppError('bad_usage', `${file} has another passphrase: give the one that it was made with.`);
  }
  const end = statSync(file).size - TAG_BYTES;
  if (end < head.length) throw damaged(file);
  const [tag = Buffer.alloc(0)] = piecesOf(file, end);
  const decrypted = () => decrypt(file, { head, key, iv: Buffer.from(parameters.iv, 'hex'), end, tag });
  for (const _ of decrypted());
  return {
    manifest: reading(decrypted(), (source) => readManifest(new Pieces(source, file), file)),
    *contents() {
      const source = decrypted();
      try {
        const pieces = new Pieces(source, file);
        const { files } = readManifest(pieces, file);
        for (const { path, bytes } of files) yield { path, pieces: pieces.take(bytes) };
      } finally {
        source.return(undefined);
      }
    },
  };
}

/** Closes the file also where not all of it is read. */
function reading<T>(source: Generator<Buffer>, act: (source: Generator<Buffer>) => T): T {
  try {
    return act(source);
  } finally {
    source.return(undefined);
  }
}

interface Sealed {
  readonly head: Buffer;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Where the ciphertext ends. */
  readonly end: number;
  readonly tag: Uint8Array;
}

/** Throws at its end for a file that was changed. */
function* decrypt(file: string, { head, key, iv, end, tag }: Sealed): Generator<Buffer> {
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(head);
  decipher.setAuthTag(tag);
  for (const piece of piecesOf(file, head.length, end)) yield decipher.update(piece);
  try {
    decipher.final();
  } catch {
    throw damaged(file);
  }
}

function readManifest(pieces: Pieces, file: string): Manifest {
  const size = Buffer.concat([...pieces.take(4)]).readUInt32BE();
  const text = Buffer.concat([...pieces.take(size)]).toString();
  const parsed = manifestShape.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new AppError('bad_usage', `${file} holds what this Mintmark does not know: update Mintmark.`);
}

/** Divides a stream into parts of known sizes. */
class Pieces {
  readonly #source: Iterator<Buffer>;
  readonly #file: string;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: Iterator<Buffer>, file: string) {
    this.#source = source;
    this.#file = file;
  }

  *take(bytes: number): Generator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = this.#source.next();
        if (next.done) throw damaged(this.#file);
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

function beginOf(file: string): Buffer {
  try {
    const handle = openSync(file, 'r');
    try {
      const begin = Buffer.alloc(LONGEST_HEAD);
      return begin.subarray(0, readSync(handle, begin));
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new AppError('bad_usage', `${file} cannot be read: give the file of a backup.`, { cause });
  }
}

function damaged(file: string): AppError {
  return new AppError('bad_usage', `${file} is damaged: it was cut or changed. Take another backup.`);
}
