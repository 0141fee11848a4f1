/** Compares a mistyped or truncated code with the code that was sent. */

export interface Slips {
  /** The number of characters that are wrong, missing or surplus. */
  readonly count: number;
  /** For a person: positions count from 1 in the code that was sent. */
  readonly words: readonly string[];
}

/** With more slips the code is truncated or another code, and a list of them is no help. */
const MOST_NAMED = 6;

/**
 * The fewest slips between the pasted letters and the code; letters after the code's end are not slips.
 * The time is the product of both lengths, which are short.
 */
export function slipsOf(pasted: string, code: string): Slips {
  const rows = distances(pasted, code);
  const end = bestEnd(rows, code.length);
  const count = at(rows, end, code.length);
  const words = count > MOST_NAMED ? [beginningOf(pasted, code)] : wordsOf(rows, end, pasted, code);
  return { count, words };
}

function beginningOf(pasted: string, code: string): string {
  const differs = [...code].findIndex((letter, index) => pasted[index] !== letter);
  return `only the first ${differs < 0 ? code.length : differs} of ${code.length} characters are as they were sent`;
}

function wordsOf(
  rows: readonly (readonly number[])[],
  end: number,
  pasted: string,
  code: string,
): readonly string[] {
  const words: string[] = [];
  let [row, column] = [end, code.length];
  let missing = 0;
  const flush = () => {
    if (missing > 0) words.unshift(`${missing} missing from character ${column + 1} on`);
    missing = 0;
  };
  while (row > 0 || column > 0) {
    const here = at(rows, row, column);
    const isSame = row > 0 && column > 0 && pasted[row - 1] === code[column - 1];
    if (row > 0 && column > 0 && here === at(rows, row - 1, column - 1) + (isSame ? 0 : 1)) {
      flush();
      if (!isSame)
        words.unshift(`character ${column} is ${pasted[row - 1]} and should be ${code[column - 1]}`);
      row -= 1;
      column -= 1;
    } else if (column > 0 && here === at(rows, row, column - 1) + 1) {
      missing += 1;
      column -= 1;
    } else {
      flush();
      words.unshift(`${pasted[row - 1]} is too many before character ${column + 1}`);
      row -= 1;
    }
  }
  flush();
  return words;
}

/** The table of Levenshtein's algorithm: one row for each length of the pasted text. */
function distances(pasted: string, code: string): readonly (readonly number[])[] {
  const rows = [Array.from({ length: code.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= pasted.length; row++) {
    const next = [row];
    for (let column = 1; column <= code.length; column++) {
      const differs = pasted[row - 1] === code[column - 1] ? 0 : 1;
      next.push(
        Math.min(
          at(rows, row - 1, column - 1) + differs,
          at(rows, row - 1, column) + 1,
          (next[column - 1] ?? 0) + 1,
        ),
      );
    }
    rows.push(next);
  }
  return rows;
}

/** The length of the pasted text that belongs to the code: letters after it cost nothing. */
function bestEnd(rows: readonly (readonly number[])[], length: number): number {
  return rows.reduce((best, _, row) => (at(rows, row, length) < at(rows, best, length) ? row : best), 0);
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
}
