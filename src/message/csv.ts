/** Tables as CSV (RFC 4180), for spreadsheets. */

/** A spreadsheet runs a cell that begins with such a character as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

const QUOTED = /[",\r\n]/;

/** Every line ends with CR LF. An apostrophe before a text keeps a spreadsheet from running it as a formula. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

export type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  if (typeof value !== 'string') return value == null ? '' : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
