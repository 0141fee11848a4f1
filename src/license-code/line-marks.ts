/** Recognizes what mail programs and editors put before each line (license-code-v1, "Reading", step 4). */

/** `Ada>` of a quote, `1:`, `12.`, `3)` of a list, and line numbers before white space. */
const MARK = /(^|[\n\r])([\t >|([]*(?:[0-9A-Za-z]{1,10}[>:.)|\]]|[0-9]{1,4}[\t ]))/g;

/** Replaces each mark by as many spaces, so that positions stay what they are. */
export function withoutLineMarks(text: string): string {
  return text.replace(MARK, (_, lineBreak: string, mark: string) => lineBreak + ' '.repeat(mark.length));
}
