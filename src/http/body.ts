/** Reads a request's body as raw bytes: capped, never inflated, never decoded. */
import type { IncomingMessage } from 'node:http';
import rawBody from 'raw-body';
import { AppError } from '../errors.ts';

/** Bytes. Form calls are 1 to 2 KiB; a passthrough of 1,000 characters makes 4. */
export const LARGEST_FORM = 64 * 1024;

/** Throws AppError `unsupported_media_type`, `body_too_large`, or `malformed_request` for a body that breaks off. */
export async function readBody(
  request: IncomingMessage,
  mediaType: string,
  largest: number,
): Promise<Buffer> {
  checkMediaType(request, [mediaType]);
  const length = request.headers['content-length'];
  try {
    return await rawBody(request, { limit: largest, length: length ?? null });
  } catch (cause) {
    const type = cause instanceof Error && 'type' in cause ? cause.type : undefined;
    if (type === 'entity.too.large') {
      throw new AppError('body_too_large', `The body is larger than ${largest} bytes.`, { cause });
    }
    throw new AppError('malformed_request', 'The body broke off.', { cause });
  }
}

/** Throws AppError `unsupported_media_type` for another type, another charset than UTF-8 or any encoding. */
export function checkMediaType({ headers }: IncomingMessage, expected: readonly string[]): void {
  if (headers['content-encoding'] !== undefined) {
    throw new AppError(
      'unsupported_media_type',
      'A Content-Encoding is not accepted: send the body as it is.',
    );
  }
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((text) => text.startsWith('charset='));
  if (!expected.includes(type.trim()) || (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))) {
    throw new AppError('unsupported_media_type', `The body must be ${expected.join(' or ')} in UTF-8.`);
  }
}
