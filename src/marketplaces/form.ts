/** Parses application/x-www-form-urlencoded for signed calls: strictly, decoded once, keeping every field. */
import { isUtf8 } from 'node:buffer';
import { AppError } from '../errors.ts';

/** Far more than a marketplace sends (35 at most in the captures), and cheap to parse. */
const MOST_FIELDS = 500;

/**
 * The fields in their order. A name is flat, whatever dots or brackets it has. Throws AppError `malformed_request` on
 * a broken percent-encoding, invalid UTF-8, a repeated or empty name, or more than 500 fields.
 * `encodingRemedy`: what the seller can do about a field that is not UTF-8.
 */
export function parseForm(bytes: Buffer, encodingRemedy?: string): Map<string, string> {
  if (!isUtf8(bytes)) throw notUtf8('The fields are not valid UTF-8.', encodingRemedy);
  return fieldsIn(bytes.toString(), (text) => {
    try {
      return decodeURIComponent(text);
    } catch (cause) {
      throw notUtf8('A field is not percent-encoded UTF-8.', encodingRemedy, cause);
    }
  });
}

/** The same for ISO-8859-1; undefined where they cannot be parsed either. */
export function parseLatin1Form(bytes: Buffer): Map<string, string> | undefined {
  try {
    return fieldsIn(bytes.toString('latin1'), (text) => {
      if (/%(?![\da-f]{2})/i.test(text))
        throw new AppError('malformed_request', 'A field has a broken escape.');
      return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    });
  } catch {
    return undefined;
  }
}

function notUtf8(fault: string, remedy: string | undefined, cause?: unknown): AppError {
  return new AppError('malformed_request', [fault, remedy].filter(Boolean).join(' '), { cause });
}

/** `decode`: undoes percent-encoding. */
function fieldsIn(form: string, decode: (text: string) => string): Map<string, string> {
  const read = (text: string) => {
    const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
    return spaced.includes('%') ? decode(spaced) : spaced;
  };
  const fields = new Map<string, string>();
  for (const pair of form.split('&')) {
    if (pair === '') continue;
    const border = pair.indexOf('=');
    const name = read(border < 0 ? pair : pair.slice(0, border));
    const value = border < 0 ? '' : read(pair.slice(border + 1));
    if (name === '') throw new AppError('malformed_request', 'A field has no name.');
    if (fields.has(name)) throw new AppError('malformed_request', 'A field is repeated.');
    if (fields.size === MOST_FIELDS) throw new AppError('malformed_request', 'There are too many fields.');
    fields.set(name, value);
  }
  return fields;
}

/** Throws AppError `malformed_request` for a value with NUL. Only fields that are used are checked: no other decides. */
export function refuseNul(name: string, value: string | undefined): void {
  if (value?.includes('\0')) throw new AppError('malformed_request', `${name} has a NUL character.`);
}
