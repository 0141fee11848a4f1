/** The fold table: what each character of a pasted text is read as, for languages whose libraries have no NFKC. */
import { foldOf } from '../../src/license-code/fold.ts';

/** A range of code points that are read alike. */
export interface Row {
  readonly first: number;
  readonly last: number;
  /**
   * The ASCII letters and digits that each code point of the range is read as: none if it means nothing. Where they
   * are followed by a `+`, the last of them rises by one with each code point.
   */
  readonly target: string;
}

/** ASCII is not in the table: a verifier has it at hand anyway, for the alphabet. */
const FIRST_POINT = 0x80;
const LAST_POINT = 0x10ffff;
const TOPS = new Set(['9', 'Z']);

/** The rows, in order. What has none is a wrong character. */
export function makeRows(): Row[] {
  const rows: Row[] = [];
  for (let first = FIRST_POINT; first <= LAST_POINT; ) {
    const target = targetOf(first);
    const same = endOfRun(first, () => target);
    const rising = endOfRun(first, (offset) => rise(target, offset));
    const last = Math.max(same, rising);
    if (isRead(target) || (rising > first && target !== null)) {
      rows.push({ first, last, target: `${target}${rising > same ? '+' : ''}` });
    }
    first = last + 1;
  }
  return rows;
}

/** What the rows read a code point beyond ASCII as: the rule that a verifier follows. Null for a wrong character. */
export function readByRows(rows: readonly Row[], point: number): string | null {
  const row = rowOf(rows, point);
  if (row === undefined) return null;
  const { first, target } = row;
  const folded = target.endsWith('+') ? (rise(target.slice(0, -1), point - first) ?? '') : target;
  return folded.includes('U') ? null : folded.replace(/[IL]/g, '1').replace(/O/g, '0');
}

function rowOf(rows: readonly Row[], point: number): Row | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row === undefined || point < row.first) high = middle;
    else if (point > row.last) low = middle + 1;
    else return row;
  }
  return undefined;
}

/** What the reference reads a code point as, with I, L, O and U as they are; null for a wrong character. */
function targetOf(point: number): string | null {
  return point >= 0xd800 && point <= 0xdfff ? null : foldOf(point);
}

/** U stands in a row only where it lets a range go on. */
function isRead(target: string | null): boolean {
  return target !== null && !target.includes('U');
}

/** The last of the code points from `first` on that are read as expected. */
function endOfRun(first: number, expected: (offset: number) => string | null | undefined): number {
  let last = first;
  while (last < LAST_POINT && targetOf(last + 1) === expected(last + 1 - first)) last++;
  return last;
}

/** A target with its last character `offset` further on; undefined past 9 or Z, and where there is none. */
function rise(target: string | null, offset: number): string | undefined {
  if (target === null || target === '') return undefined;
  let code = target.charCodeAt(target.length - 1);
  for (let i = 0; i < offset; i++, code++) if (TOPS.has(String.fromCharCode(code))) return undefined;
  return target.slice(0, -1) + String.fromCharCode(code);
}
