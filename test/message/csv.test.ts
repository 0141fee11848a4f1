import test from 'ava';
import { csv } from '../../src/message/csv.ts';

test('lines end with CR LF, and a cell with a comma, a quote or a line end is quoted (RFC 4180)', (t) => {
  t.is(
    csv(
      ['a', 'b'],
      [
        ['x,y', 'say "no"'],
        ['one\ntwo', ''],
        [3, null],
      ],
    ),
    'a,b\r\n"x,y","say ""no"""\r\n"one\ntwo",\r\n3,\r\n',
  );
});

test('a text that a spreadsheet would run has an apostrophe before it', (t) => {
  for (const start of ['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) {
    t.is(csv(['a'], [[`${start}1+1`]]), `a\r\n'${start}1+1\r\n`, start);
  }
  t.is(csv(['a'], [['=HYPERLINK("x","y")']]), `a\r\n"'=HYPERLINK(""x"",""y"")"\r\n`);
  t.is(csv(['a'], [['\r=1']]), `a\r\n"'\r=1"\r\n`);
  t.is(csv(['a'], [['1=1', 'a@b', -1]]), 'a\r\n1=1,a@b,-1\r\n');
});
