/** faults.md numbers the faults of the first version from 1 to 77. */
import { globSync, readFileSync } from 'node:fs';
import test from 'ava';

const FAULTS = 77;
const FILES = globSync('test/**/*.test.ts', { exclude: ['test/faults/numbers.test.ts'] });

/** Fault 59 is about an installation: a script of the CI is its test, and names it in its head. */
const SCRIPT = 'tools/ci/production';

/** The titles of the tests in a file; a test that is skipped, expected to fail or commented out has none. */
function titlesOf(text: string): readonly string[] {
  const tests = text.matchAll(/^\s*test(?:\.serial)?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gm);
  return [...tests].map(([, , title = '']) => title);
}

/** The faults that a title names at its beginning: `fault 1, 65: …`, `faults 28 and 29: …`. */
function numbersIn(title: string): readonly number[] {
  const [, numbers = ''] = /^faults? (\d+(?:(?:, | and )\d+)*): /i.exec(title) ?? [];
  return (numbers.match(/\d+/g) ?? []).map(Number);
}

/** Faults that no title names. */
function unnamed(titles: readonly string[]): readonly number[] {
  const named = new Set(titles.flatMap(numbersIn));
  return Array.from({ length: FAULTS }, (_, index) => index + 1).filter((number) => !named.has(number));
}

test('each fault of the first version has a test whose title names its number', (t) => {
  const titles = FILES.flatMap((file) => titlesOf(readFileSync(file, 'utf8')));
  const [, , head = ''] = /^#!.*\n(# )(.*)/.exec(readFileSync(SCRIPT, 'utf8')) ?? [];
  t.deepEqual(numbersIn(head), [59]);
  t.deepEqual(unnamed([...titles, head]), []);
});

test('a fault without a test is found, also beside one whose number begins with the same digit', (t) => {
  const all = Array.from({ length: FAULTS }, (_, index) => `fault ${index + 1}: a rule`);
  t.deepEqual(unnamed(all), []);
  t.deepEqual(unnamed(all.filter((title) => !title.startsWith('fault 7:'))), [7]);
  t.deepEqual(numbersIn('faults 28 and 29: a rule'), [28, 29]);
});

test('only the title of a test that runs names a fault', (t) => {
  const counted = [
    "test('fault 1: a rule', (t) => {",
    '  test(`fault 1: a rule of $' + '{name}`, (t) => {',
    "test.serial(\n  'fault 1: a buyer\\'s rule',\n  (t) => {",
  ];
  for (const text of counted) t.deepEqual(titlesOf(text).flatMap(numbersIn), [1], text);
  const others = [
    '// fault 1: a rule',
    "// test('fault 1: a rule', (t) => {",
    "t.is(a, b, 'fault 1: a rule');",
    "test.skip('fault 1: a rule', (t) => {",
    "test.failing('fault 1: a rule', (t) => {",
    "test('another rule, beside fault 1: a rule', (t) => {",
  ];
  for (const text of others) t.deepEqual(titlesOf(text).flatMap(numbersIn), [], text);
});
