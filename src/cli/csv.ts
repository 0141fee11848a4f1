/** Tables as CSV (RFC 4180), for spreadsheets. */

/** A spreadsheet takes a cell that begins so for a formula, whoever wrote it (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

const QUOTED = /[",\r\n]/;

/** Lines end with CR LF, the last one too. A text that a spreadsheet would run gets an apostrophe before it. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

export type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  if (typeof value !== 'string') return value == null ? '' : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
