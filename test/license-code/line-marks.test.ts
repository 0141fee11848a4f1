import test from 'ava';
import { withoutLineMarks } from '../../src/license-code/line-marks.ts';

const MARKS = ['Ada> ', '>> AL> ', '1: ', '12. ', '(3) ', '[4] ', '\t5\t', '  6 ', '| 7|', 'abcdefghij:'];
const OTHERS = ['abcdefghijk:', '12345 ', 'Ada ', '- ', '> ', 'é: ', ''];

test('a mark at the start of a line becomes as many spaces', (t) => {
  for (const mark of MARKS) {
    for (const lineBreak of ['', '\n', '\r', '\r\n']) {
      const bare = withoutLineMarks(`${lineBreak}${mark}X`);
      t.is(bare.length, lineBreak.length + mark.length + 1);
      t.is(bare.trim(), 'X', JSON.stringify(mark));
      t.true(bare.startsWith(lineBreak));
    }
  }
});

test('other text stays as it is', (t) => {
  for (const other of OTHERS) t.is(withoutLineMarks(`${other}X`), `${other}X`);
  t.is(withoutLineMarks('X Ada> X\u20281: X'), 'X Ada> X\u20281: X', 'marks are at the start of a line');
});

test('64 KiB of marks take linear time', (t) => {
  const start = process.cpuUsage();
  for (const text of ['\t'.repeat(65_536), '1\n'.repeat(32_768), `${'>'.repeat(65_535)}\n`])
    withoutLineMarks(text);
  const { user, system } = process.cpuUsage(start);
  t.true(user + system < 500_000);
});
