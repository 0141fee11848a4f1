/** UTF-8 for every engine: some lack TextEncoder and TextDecoder (Hermes), Node 18 lacks isWellFormed. */

/** Limit of arguments of one call that works in every engine. */
const CHUNK = 8192;

const NOT_PLAIN = /[^\0-$&-\x7f]/;
const NOT_PLAIN_ALL = /[^\0-$&-\x7f]/g;

/** Encodes UTF-8. Throws a RangeError for a lone surrogate: as U+FFFD, two texts would have the same encoding. */
export function toUtf8(text: string): Uint8Array {
  if (!NOT_PLAIN.test(text)) return asciiBytes(text);
  let escaped: string;
  try {
    escaped = encodeURIComponent(text);
  } catch (cause) {
    throw new RangeError('the text is not well-formed Unicode', { cause });
  }
  const plain = escaped.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return asciiBytes(plain);
}

/** Decodes UTF-8. Throws a URIError for invalid bytes. */
export function fromUtf8(bytes: Uint8Array): string {
  let units = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    units += String.fromCharCode.apply(null, Array.from(bytes.subarray(i, i + CHUNK)));
  }
  if (!NOT_PLAIN.test(units)) return units;
  // Each hex number has two digits: % is 25, and all others are 80 and above.
  const percent = (unit: string) => `%${unit.charCodeAt(0).toString(16)}`;
  return decodeURIComponent(units.replace(NOT_PLAIN_ALL, percent));
}

/** Encodes ASCII text. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
