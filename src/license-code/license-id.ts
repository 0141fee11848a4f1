/** Formats and parses a license id: 16 bytes in the shape of a UUID (without a version: any 16 bytes are an id). */

export const LICENSE_ID_BYTES = 16;

const WRITTEN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const HYPHEN_BEFORE: ReadonlySet<number> = new Set([4, 6, 8, 10]);

/** Formats 16 bytes as lower-case hex, 8-4-4-4-12. Throws a RangeError for another number of bytes. */
export function formatLicenseId(bytes: Uint8Array): string {
  if (bytes.length !== LICENSE_ID_BYTES) throw new RangeError(`a license id has ${LICENSE_ID_BYTES} bytes`);
  let text = '';
  for (let i = 0; i < LICENSE_ID_BYTES; i++) {
    if (HYPHEN_BEFORE.has(i)) text += '-';
    text += HEX[bytes[i] ?? 0];
  }
  return text;
}

/** Parses an id in the form 8-4-4-4-12, in either case, to 16 bytes. Throws a RangeError for any other text. */
export function parseLicenseId(text: string): Uint8Array {
  if (!WRITTEN.test(text)) throw new RangeError('a license id is written as hex digits, 8-4-4-4-12');
  const digits = text.replace(/-/g, '');
  return Uint8Array.from({ length: LICENSE_ID_BYTES }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
