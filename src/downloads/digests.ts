/** The checksums of a file, read in pieces. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface Digests {
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Base64. */
  readonly sha512: string;
}

export async function digestsOf(content: AsyncIterable<Uint8Array>): Promise<Digests> {
  const [short, long] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  for await (const piece of content) {
    short.update(piece);
    long.update(piece);
    size += piece.length;
  }
  return { size, sha256: short.digest('hex'), sha512: long.digest('base64') };
}

export function digestsOfFile(path: string): Promise<Digests> {
  return digestsOf(createReadStream(path));
}
