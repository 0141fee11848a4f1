/** Reads the body of a request as raw bytes, limited by itself and together with all others; it is never decompressed. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../errors.ts';
import { BodiesInFlight } from './bodies-in-flight.ts';

/** Bytes. Form calls are 1 to 2 KiB; a passthrough of 1,000 characters makes 4. */
export const LARGEST_FORM = 64 * 1024;

/** Bytes of the first buffer, if the length is not declared or is larger than a form. */
const FIRST_BYTES = 16 * 1024;

/** Shared by all requests, because they share the memory of the process. */
const IN_FLIGHT = new BodiesInFlight();

/**
 * Throws AppError `unsupported_media_type`, `body_too_large`, `malformed_request` if the body breaks off, or `overloaded`
 * if all bodies together are too large.
 */
export async function readBody(
  request: IncomingMessage,
  mediaType: string,
  largest: number,
  inFlight: BodiesInFlight = IN_FLIGHT,
): Promise<Buffer> {
  checkMediaType(request, [mediaType]);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > largest) throw tooLarge(largest);
  const first = declared > 0 && declared <= LARGEST_FORM ? declared : FIRST_BYTES;
  return collect(request, { largest, inFlight, first });
}

interface Bounds {
  readonly largest: number;
  readonly inFlight: BodiesInFlight;
  /** Bytes of the first buffer. */
  readonly first: number;
}

/**
 * Copies each chunk into one buffer that grows. raw-body keeps the chunks: a body sent byte by byte takes a hundred times
 * its size there, and cannot be freed before its end.
 */
function collect(request: IncomingMessage, { largest, inFlight, first }: Bounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    let size = 0;
    let isOpen = true;
    const stop = () => {
      isOpen = false;
      holder.close();
      request.off('data', take).off('end', end).off('close', breakOff);
    };
    const fail = (error: AppError) => {
      stop();
      bytes = Buffer.alloc(0);
      request.pause();
      reject(error);
    };
    const holder = inFlight.open(() =>
      fail(new AppError('overloaded', 'There is too much to read at once.')),
    );
    const take = (piece: Buffer) => {
      if (size + piece.length > largest) return fail(tooLarge(largest));
      if (size + piece.length > bytes.length) {
        const wanted = Math.min(Math.max(size + piece.length, 2 * bytes.length, first), largest);
        holder.grow(wanted - bytes.length);
        if (!isOpen) return;
        const larger = Buffer.allocUnsafe(wanted);
        bytes.copy(larger, 0, 0, size);
        bytes = larger;
      }
      size += piece.copy(bytes, size);
    };
    const end = () => {
      stop();
      resolve(bytes.subarray(0, size));
    };
    const breakOff = () => fail(new AppError('malformed_request', 'The body broke off.'));
    if (request.destroyed) return breakOff();
    // An error is followed by `close`; without a listener it would end the process.
    request.on('error', () => {});
    request.on('data', take).on('end', end).on('close', breakOff);
  });
}

function tooLarge(largest: number): AppError {
  return new AppError('body_too_large', `The body is larger than ${largest} bytes.`);
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
