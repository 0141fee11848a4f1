/** Parses application/x-www-form-urlencoded for signed calls: strictly, decoded once, keeping every field. */
import { isUtf8 } from 'node:buffer';
import { AppError } from '../errors.ts';

/** Far more than a marketplace sends (35 at most in the captures), and cheap to parse. */
const MOST_FIELDS = 500;

/**
 * The fields in their order. A name is flat, whatever dots or brackets it has. Throws AppError `malformed_request` on
 * a broken percent-encoding, invalid UTF-8, NUL, a repeated or empty name, or more than 500 fields.
 * `encodingRemedy`: what the seller can do about a field that is not UTF-8.
 */
export function parseForm(bytes: Buffer, encodingRemedy?: string): Map<string, string> {
  if (!isUtf8(bytes)) throw new AppError('malformed_request', 'The fields are not valid UTF-8.');
  const fields = new Map<string, string>();
  for (const pair of bytes.toString().split('&')) {
    if (pair === '') continue;
    const border = pair.indexOf('=');
    const name = decode(border < 0 ? pair : pair.slice(0, border), encodingRemedy);
    const value = border < 0 ? '' : decode(pair.slice(border + 1), encodingRemedy);
    if (name === '') throw new AppError('malformed_request', 'A field has no name.');
    if (fields.has(name)) throw new AppError('malformed_request', 'A field is repeated.');
    if (fields.size === MOST_FIELDS) throw new AppError('malformed_request', 'There are too many fields.');
    fields.set(name, value);
  }
  return fields;
}

function decode(text: string, encodingRemedy: string | undefined): string {
  let decoded = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (decoded.includes('%')) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch (cause) {
      const message = ['A field is not percent-encoded UTF-8.', encodingRemedy].filter(Boolean).join(' ');
      throw new AppError('malformed_request', message, { cause });
    }
  }
  if (decoded.includes('\0')) throw new AppError('malformed_request', 'A field has a NUL character.');
  return decoded;
}
