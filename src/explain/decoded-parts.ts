/** The source of a mail: parts in base64 (RFC 2045, 6.8) are decoded, as a mail program shows them. */

const ENCODING = /^content-transfer-encoding:[ \t]*base64\s*$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}\s*$/;

/** The text with each part readable. Codes are ASCII, so UTF-8 fits every charset but UTF-16 and UTF-32. */
export function withDecodedParts(text: string): string {
  let isHead = false;
  let isBody = false;
  let body = '';
  let read = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (isBody && BASE64.test(line)) {
      body += line;
      continue;
    }
    read += decoded(body) + line;
    body = '';
    const isEmpty = line.trim() === '';
    isBody = isHead && isEmpty;
    isHead = !isEmpty && (isHead || ENCODING.test(line));
  }
  return read + decoded(body);
}

function decoded(body: string): string {
  return body === '' ? '' : `${Buffer.from(body, 'base64').toString()}\n`;
}
