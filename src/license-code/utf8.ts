/** UTF-8 by what every engine has: TextEncoder and TextDecoder are missing in some (Hermes), isWellFormed in Node 18. */

/** The bytes of well-formed Unicode. A RangeError for a lone surrogate: as U+FFFD two texts would have one encoding. */
export function toUtf8(text: string): Uint8Array {
  let escaped: string;
  try {
    escaped = encodeURIComponent(text);
  } catch (cause) {
    throw new RangeError('the text is not well-formed Unicode', { cause });
  }
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes[length++] = Number.parseInt(escaped.slice(i + 1, i + 3), 16);
      i += 2;
    } else {
      bytes[length++] = escaped.charCodeAt(i);
    }
  }
  return bytes.slice(0, length);
}
