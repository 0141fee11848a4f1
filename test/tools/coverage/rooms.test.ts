import test from 'ava';
import { coverageOf, type FileCoverage, missedOf, percentOf } from '../../../tools/coverage/rooms.ts';

const at = (line: number, column: number) => ({ start: { line, column }, end: { line, column: column + 1 } });

/** Three branches, of which the last was never taken, and two functions, of which one was called. */
const file = (path: string): FileCoverage => ({
  path,
  b: { 0: [3], 1: [1, 0] },
  f: { 0: 2, 1: 0 },
  branchMap: { 0: { locations: [at(1, 0)] }, 1: { locations: [at(2, 4), at(5, 9)] } },
});

test('the coverage of a room is that of its own files, branches and functions each', (t) => {
  const files = [file('src/domain/a.ts'), file('src/domain/b/c.ts'), file('src/domain-else/d.ts')];
  const { branches, functions } = coverageOf('src/domain', files);
  t.deepEqual(branches, { taken: 4, all: 6 });
  t.deepEqual(functions, { taken: 2, all: 4 });
  t.is(percentOf(functions), 50);
});

test('a room without files has no coverage: it is misspelt', (t) => {
  t.is(percentOf(coverageOf('src/none', [file('src/domain/a.ts')]).branches), 0);
});

test('an uncovered branch is reported with its position', (t) => {
  t.deepEqual(missedOf(file('src/domain/a.ts')), ['src/domain/a.ts:5:10']);
});
