/** The headers of a file that is sent. */
import type { ReleaseFile } from '../domain/values/release.ts';
import type { Context } from '../http/edge/request.ts';

const FILE_HEADERS = {
  'Accept-Ranges': 'bytes',
  'Cache-Control': 'private, no-transform',
  // A file is never a page of ours.
  'Content-Security-Policy': 'sandbox',
  'X-Robots-Tag': 'noindex',
  'Referrer-Policy': 'no-referrer',
} as const;

export function setHeaders(context: Context, { name, sha256, modified }: ReleaseFile): void {
  context.set(FILE_HEADERS);
  context.attachment(name);
  context.set('Content-Type', 'application/octet-stream');
  context.set('ETag', `"${sha256}"`);
  context.set('Last-Modified', new Date(modified).toUTCString());
}

/** Where something else is answered after all. */
export function clearHeaders(context: Context): void {
  for (const name of [
    ...Object.keys(FILE_HEADERS),
    'Content-Disposition',
    'ETag',
    'Last-Modified',
    'Content-Length',
    'Content-Range',
  ])
    context.remove(name);
}
