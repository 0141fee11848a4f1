/** Parses application/x-www-form-urlencoded for signed calls: strict, decoded once, no field dropped. */
import { isUtf8 } from 'node:buffer';
import { AppError } from '../errors.ts';

/** Far above what a marketplace sends (35 at most in the captures), far below what would cost anything. */
const MOST_FIELDS = 500;

/**
 * The fields in the order in which they came. A name is flat, whatever dots or brackets are in it.
 * Throws AppError `malformed_request` on a broken percent-encoding, invalid UTF-8, a name that comes twice or
 * is empty, or more than 500 fields. `encodingRemedy`: what the seller can do where a field is not UTF-8.
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
    if (fields.has(name)) throw new AppError('malformed_request', 'A field comes twice.');
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
  return decoded;
}

/** Throws AppError `malformed_request` for a value with NUL. Only fields that are used are checked: no other decides. */
export function refuseNul(name: string, value: string | undefined): void {
  if (value?.includes('\0')) throw new AppError('malformed_request', `${name} holds a NUL character.`);
}
