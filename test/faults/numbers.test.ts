/** faults.md numbers the faults of the first version from 1 to 77. */
import { globSync, readFileSync } from 'node:fs';
import test from 'ava';

const FAULTS = 77;
const FILES = [
  ...globSync('test/**/*.test.ts', { exclude: ['test/faults/numbers.test.ts'] }),
  'tools/ci/production',
];

/** Numbers without a test that names them. */
function unnamed(texts: readonly string[]): readonly number[] {
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bfaults? (\d+)/gi)].map(([, number]) => Number(number))),
  );
  return Array.from({ length: FAULTS }, (_, index) => index + 1).filter((number) => !named.has(number));
}

test('each fault of the first version has a test that is found by its number', (t) => {
  t.deepEqual(unnamed(FILES.map((file) => readFileSync(file, 'utf8'))), []);
});

test('a fault without a test is found, also beside one whose number begins with the same digit', (t) => {
  const all = Array.from({ length: FAULTS }, (_, index) => `fault ${index + 1}:`);
  t.deepEqual(unnamed(all), []);
  t.deepEqual(unnamed(all.filter((title) => title !== 'fault 7:')), [7]);
});
