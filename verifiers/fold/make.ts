/**
 * Writes the fold table: fold.txt, and into each verifier's source the rows between the lines that hold the two marks.
 * `node verifiers/fold/make.ts`; with `--check` it writes nothing, and ends with 1 if anything is not as it would be made.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { makeRows, type Row } from './rows.ts';

const ROOT = join(import.meta.dirname, '..');
const TABLE = join(import.meta.dirname, 'fold.txt');
const WIDTH = 110;

/** Everything from the line with the first mark to the line with the second. */
const BETWEEN_MARKS = /^([ \t]*)(.*<fold-rows>.*\n)[\s\S]*?^(.*<\/fold-rows>)/m;

/** How a language writes a row, by the name's end of its source. */
const FORMS: Readonly<Record<string, (first: string, last: string, target: string) => string>> = {
  '.c': (first, last, target) => `{${first}, ${last}, "${target}"},`,
  '.h': (first, last, target) => `{${first}, ${last}, "${target}"},`,
  '.rs': (first, last, target) => `(${first}, ${last}, "${target}"),`,
  '.cs': inText,
  '.go': inText,
  '.java': inText,
  '.php': inText,
  '.py': inText,
  '.rb': inText,
  '.swift': inText,
};

/** A row inside a text that the verifier takes apart by itself: a third of the size of literals. */
function inText(first: string, last: string, target: string): string {
  const point = (literal: string) => literal.replace('0x', '');
  return `${point(first)}${first === last ? '' : `-${point(last)}`}:${target}`;
}

const HEAD = `\
# What each character of a pasted text is read as (NFKC, upper case, and what means nothing dropped), for languages
# whose libraries have no NFKC. Made by verifiers/fold/make.ts from src/license-code/fold.ts: do not edit.
# Unicode ${process.versions['unicode']}
#
# A row is the first and the last code point of a range, in hex, and what each is read as: "" means nothing and is
# dropped; after the last character, a + says that this character rises by one with each code point of the range.
# What has no row is foreign. ASCII is not in the table; after it, I and L are read as 1, O as 0, and U is foreign.
`;

function main(args: readonly string[]): number {
  const check = args.includes('--check');
  const rows = makeRows();
  const wrong = [...made(rows)].filter(([file, text]) => read(file) !== text);
  for (const [file, text] of wrong) {
    if (!check) writeFileSync(file, text);
    console.log(`${file}: ${check ? 'is not what make.ts makes' : 'written'}`);
  }
  console.log(`${rows.length} rows, Unicode ${process.versions['unicode']}`);
  return check && wrong.length > 0 ? 1 : 0;
}

/** Each file and what is to be in it. */
function* made(rows: readonly Row[]): Generator<[string, string]> {
  yield [
    TABLE,
    `${HEAD}${rows.map((row) => `${hex(row.first)} ${hex(row.last)} "${row.target}"\n`).join('')}`,
  ];
  for (const name of readdirSync(ROOT, { recursive: true, encoding: 'utf8' })) {
    const form = FORMS[extname(name)];
    if (form === undefined) continue;
    const file = join(ROOT, name);
    const literals = rows.map((row) => form(`0x${hex(row.first)}`, `0x${hex(row.last)}`, row.target));
    yield [
      file,
      read(file).replace(BETWEEN_MARKS, (_, indent: string, open: string, close: string) => {
        return `${indent}${open}${lines(literals, indent)}${close}`;
      }),
    ];
  }
}

/** As many literals to a line as it holds. */
function lines(literals: readonly string[], indent: string): string {
  let text = '';
  let line = '';
  for (const literal of literals) {
    if (indent.length * 4 + line.length + literal.length > WIDTH) {
      text += `${indent}${line.trimEnd()}\n`;
      line = '';
    }
    line += `${literal} `;
  }
  return `${text}${indent}${line.trimEnd()}\n`;
}

function hex(point: number): string {
  return point.toString(16).toUpperCase().padStart(2, '0');
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

process.exitCode = main(process.argv.slice(2));
