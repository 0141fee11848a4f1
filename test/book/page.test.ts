import test from 'ava';
import { firstDifference } from './output.ts';
import { blocksOf } from './page.ts';

const page = `
# A page

\`\`\`sh
echo one
\`\`\`

\`\`\`
one
\`\`\`

1. In a list:

   <!-- run: ID=echo 17 -->
   <!-- run: status 1 -->
   \`\`\`sh
   show ID
     indented
   \`\`\`

\`\`\`\`
no output: it follows words
\`\`\`
\`\`\`\`

<!-- run: no, needs an engine -->
\`\`\`sh
docker run
\`\`\`

\`\`\`js
no()
\`\`\`

<!-- run: first, make -->
<!-- run: file a.md -->
\`\`\`\`
text
\`\`\`\`
`;

test('blocks of sh are commands, and the block right after one is its output', (t) => {
  const [first, second, third, file, ...others] = blocksOf(page);
  t.deepEqual(others, []);
  t.is(first?.commands, 'echo one');
  t.is(first?.output, 'one');
  t.is(second?.commands, 'show ID\n  indented');
  t.deepEqual(second?.values, [['ID', 'echo 17']]);
  t.is(second?.status, 1);
  t.is(third?.skip, 'needs an engine');
  t.is(third?.output, undefined);
  t.deepEqual([file?.file, file?.before, file?.commands], ['a.md', ['make'], 'text']);
});

test('a comment that says nothing known is a fault that names the line', (t) => {
  t.throws(() => blocksOf('\n<!-- run: maybe -->\n```sh\n```'), { message: /^line 2: .*"run: maybe"/ });
});

test('output is compared but for ids, codes, days and what else differs at each run', (t) => {
  const shown = 'license  5e1b763a-f974-e25e-f8c1-0fcab86b4ddb  active\nvalid to 2027-12-06\n...\nend';
  const printed =
    '\nlicense 00000000-f974-e25e-f8c1-0fcab86b4ddb active\nvalid to 2031-01-01\nmore\nend\nafter';
  t.is(firstDifference(shown, printed), undefined);
  t.is(firstDifference(shown, printed.replace('active', 'revoked')), 'license ID active');
  t.is(firstDifference('a\nb', 'a\nx\nb'), 'b', 'lines follow each other');
});
