/** Sends a file of a folder: ranges, conditions, and which bytes went out. */
import type { ReadStream, Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Range } from '../domain/ports/download.ts';
import type { ReleaseFile } from '../domain/values/release.ts';
import type { Context } from '../http/edge/request.ts';
import { READS_IN_TURNS } from './read-in-turns.ts';

/**
 * A connection that takes nothing for so long is closed, so that its place is free. Milliseconds. A kernel takes nothing until a
 * third of its buffer is sent, which is up to 4 MB: of a customer with 20 kB a second it asks for more once a minute.
 */
const STALLED = 180_000;

export interface Sending {
  /** Called when bytes begin to go out, with the first one; not for HEAD, 304 and 416. */
  readonly begun: (start: number) => void;
}

export type Sent =
  | { readonly outcome: 'sent'; readonly range: Range }
  /** HEAD, 304, 412, 416. */
  | { readonly outcome: 'nothing' }
  /** It is another file meanwhile. */
  | { readonly outcome: 'changed' };

interface SendFault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of a file that no other answer has. */
const OF_FILE = ['Content-Type', 'Content-Disposition', 'ETag', 'Last-Modified'];

/** The headers are set already. Resolves when the connection has taken all, or is gone. */
export async function sendFile(
  context: Context,
  path: string,
  file: ReleaseFile,
  { begun }: Sending,
): Promise<Sent> {
  const { default: send } = await import('send');
  const { req, res } = context;
  // A weak tag never fits here (RFC 9110, 13.1.5), and the library would find the strong one in it.
  if (String(req.headers['if-range'] ?? '').startsWith('W/')) delete req.headers.range;
  if (req.method === 'HEAD' || isIgnored(req.headers.range ?? '', file.size)) delete req.headers.range;
  context.respond = false;
  res.statusCode = 200;
  const stream = send(req, encodeURIComponent(basename(path)), {
    ...{ root: dirname(path), dotfiles: 'allow', index: false },
    ...{ cacheControl: false, etag: false, lastModified: false },
    // The library gives its options to createReadStream.
    ...{ fs: READS_IN_TURNS },
  });
  let sent: ReadStream | undefined;
  let range: Range | undefined;
  let isChanged = false;
  stream.on('headers', (_: unknown, __: string, { size }: Stats) => {
    isChanged = size !== file.size;
  });
  stream.on('stream', (opened: ReadStream) => {
    // Between the examination and now: nothing of it goes out.
    if (isChanged) {
      res.destroy();
      return;
    }
    sent = opened;
    range = rangeOf(String(res.getHeader('Content-Range') ?? ''), file.size);
    const [start, end] = range;
    // A file that was cut while it is sent: the customer's program must notice it, and ask again.
    opened.once('end', () => {
      isChanged = opened.bytesRead < end - start;
      if (isChanged) res.destroy();
    });
    begun(start);
  });
  const failed = new Promise<number>((resolve) => {
    stream.on('error', ({ status = 500, headers = {} }: SendFault) => {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      resolve(status);
    });
  });
  const closed = new Promise<undefined>((resolve) => res.once('close', () => resolve(undefined)));
  res.setTimeout(STALLED, () => res.destroy());
  stream.pipe(res);
  const status = await Promise.race([failed, closed]);
  if (sent === undefined || range === undefined) {
    if (status === undefined) return { outcome: isChanged ? 'changed' : 'nothing' };
    // 404: it is gone since it was examined.
    const isRefused = status === 416 || status === 412;
    if (!isRefused) return { outcome: 'changed' };
    for (const name of OF_FILE) res.removeHeader(name);
    res.statusCode = status;
    res.end();
    await closed;
    return { outcome: 'nothing' };
  }
  await closed;
  const [start, end] = range;
  if (isChanged) return { outcome: 'changed' };
  if (res.writableFinished) return { outcome: 'sent', range };
  // What was read is at least what the customer has; its last byte is not taken for granted.
  return { outcome: 'sent', range: [start, Math.min(start + sent.bytesRead, end - 1)] };
}

/**
 * What the library would answer with 416: a suffix that is longer than the file means all of it (RFC 9110, 14.1.2), and a
 * last byte before the first one is no range (14.1.1). A range is of GET alone (14.2).
 */
function isIgnored(range: string, size: number): boolean {
  const [, first, last] = /^bytes=(\d*)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || last === undefined) return false;
  return first === '' ? Number(last) > 0 && Number(last) >= size : Number(last) < Number(first);
}

/** `bytes 0-99/200`; empty: the whole file. */
function rangeOf(header: string, size: number): Range {
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(header) ?? [];
  return first === undefined ? [0, size] : [Number(first), Number(last) + 1];
}
