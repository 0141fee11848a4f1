/**
 * Shows that reading by the fold table gives the reference's verdict, by the word and the count: for every code point
 * alone inside a code, and for random pairs and runs of those on which NFKC does more than replace one by one.
 * `node verifiers/fold/prove.ts [SEED]`; ends with 1 at the first difference.
 */
import { dropMeaningless, fold, readLookAlikes } from '../../src/license-code/fold.ts';
import { foldByRows, makeRows } from './rows.ts';

const LAST_POINT = 0x10ffff;
const PAIRS = 1_000_000;
/** What stands before and after, so that a mark has a letter to compose with. */
const BEFORE = '200HDMQP069F78BW';
const AFTER = '9SYJQ6GH';
const FOREIGN = /[^0-9A-HJKMNP-TV-Z]/;

const rows = makeRows();
let compared = 0;

/** What the verdict depends on, of what a text is folded to: that it holds a foreign character, or else all of it. */
function outcomeOf(folded: string): string {
  const cleaned = readLookAlikes(dropMeaningless(folded));
  return FOREIGN.test(cleaned) ? 'foreign' : cleaned;
}

/** True if a text that stands in a code is read alike. */
function agrees(inside: string): boolean {
  compared++;
  const text = `${BEFORE}${inside}${AFTER}`;
  const [right, byRows] = [outcomeOf(fold(text)), outcomeOf(foldByRows(rows, text))];
  if (right === byRows) return true;
  const points = [...inside].map((character) => character.codePointAt(0)?.toString(16));
  console.log(`differs at ${points.join(' ')}: ${byRows}, and by the reference ${right}`);
  return false;
}

/** All that composes, reorders or disappears under NFKC, or is read as something else: where pairs could matter. */
function lively(): string[] {
  const found: string[] = [];
  for (let point = 0; point <= LAST_POINT; point++) {
    const character = String.fromCodePoint(point);
    const moves = /[\p{M}\p{Script=Hangul}]/u.test(character) && !/[가-힣]/.test(character);
    if (
      moves ||
      character.normalize('NFKD') !== character ||
      outcomeOf(foldByRows(rows, character)) !== 'foreign'
    ) {
      if (!/[가-힣]/.test(character)) found.push(character);
    }
  }
  return found;
}

function* random(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function proves(seed: number): boolean {
  for (let point = 0; point <= LAST_POINT; point++) {
    if (!agrees(String.fromCodePoint(point))) return false;
  }
  const characters = lively();
  const numbers = random(seed);
  const any = (most: number): number => Math.floor(numbers.next().value * most);
  for (let i = 0; i < PAIRS; i++) {
    const length = i % 10 === 0 ? 3 + any(40) : 2;
    const inside = Array.from({ length }, () => characters[any(characters.length)]).join('');
    if (!agrees(inside)) return false;
  }
  console.log(
    `${compared} texts read alike, ${characters.length} characters in pairs, Unicode ${process.versions['unicode']}`,
  );
  return true;
}

process.exitCode = proves(Number(process.argv[2] ?? Date.now())) ? 0 : 1;
