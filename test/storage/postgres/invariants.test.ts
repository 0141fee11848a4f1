/** docs/architecture.md, "Several instances": each invariant has its row, and a test that exists. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';

const INVARIANTS = 35;

/** What is wrong with the table of the page. */
function faultsOf(page: string): readonly string[] {
  const [, section = ''] = page.split('## Several instances');
  const [table = ''] = section.split('\n## ');
  const rows = new Map(
    [...table.matchAll(/^\| (\d+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
      ([, number, rule = '', how = '', shown = '']) => [Number(number), { rule, how, shown }],
    ),
  );
  return Array.from({ length: INVARIANTS }, (_, place) => place + 1).flatMap((number) => {
    const row = rows.get(number);
    if (row === undefined) return [`${number} has no row`];
    const files = filesOf(row.shown);
    return [
      ...(files.length === 0 ? [`${number} has no test`] : []),
      ...files.filter((file) => !existsSync(file)).map((file) => `${number}: there is no ${file}`),
      ...(/\bnot (?:held|yet|compared)\b/.test(`${row.how} ${row.shown}`) ? [`${number} is lacking`] : []),
    ];
  });
}

/** `instances`: a file of test/postgres; "contract of events": a contract that both databases run. */
function filesOf(shown: string): readonly string[] {
  return [
    ...[...shown.matchAll(/`([\w-]+)`/g)].map(([, name]) => `test/postgres/${name}.test.ts`),
    ...[...shown.matchAll(/contract of ([\w-]+)/g)].map(([, name]) => `test/storage/contract/${name}.ts`),
  ];
}

const PAGE = readFileSync('docs/architecture.md', 'utf8');

test('each of the 35 invariants that several instances endanger has a row and a test', (t) => {
  t.deepEqual(faultsOf(PAGE), []);
});

test('control: a row that is gone, without a test, with a test that is gone, and one that lacks are found', (t) => {
  const without = PAGE.replace(/^\| 4 \|.*\n/m, '');
  t.deepEqual(faultsOf(without), ['4 has no row']);
  const shownBy = (shown: string) => PAGE.replace(/^(\| 26 \|.*\|) [^|]+ \|$/m, `$1 ${shown} |`);
  t.deepEqual(faultsOf(shownBy('by hand')), ['26 has no test']);
  t.deepEqual(faultsOf(shownBy('`gone`')), ['26: there is no test/postgres/gone.test.ts']);
  t.deepEqual(faultsOf(shownBy('`several`: not held')), ['26 is lacking']);
});
