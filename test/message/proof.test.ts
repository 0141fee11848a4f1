import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { escapeMarkdown } from '../../src/message/escape.ts';
import { assertSafeReply, findReplyFault, isEvidentlySafe } from '../../src/message/proof.ts';
import fc from '../kit/fast-check.ts';

const CODES = ['A', 'B', 'C'].map((letter, index) => `${letter}${index}`.repeat(80));
const [A, B] = CODES as [string, string, string];

const SAFE: readonly (readonly [string, string, string[], boolean])[] = [
  ['between empty lines', `Hello\n\n${A}\n\nBye\n`, [A], true],
  ['as the whole reply', `${A}\n`, [A], true],
  ['without a last line end', `x\n\n${A}`, [A], true],
  ['in a fence', `Hello\n\`\`\`\n${A}\n\`\`\`\nBye\n`, [A], true],
  ['in a named fence', `Hello\n\`\`\`text\n${A}\n\`\`\`\n`, [A], true],
  ['two in a fence', `Hello\n\n\`\`\`\n${A}\n${B}\n\`\`\`\n`, [A, B], true],
  ['two between empty lines', `Hello\n\n${A}\n\n${B}\n`, [A, B], true],
  ['after a list', `- a\n- b\n\n${A}\n`, [A], true],
  ['in a fence of tildes', `~~~\n${A}\n~~~\n`, [A], false],
  ['in a second fence', `\`\`\`\nx\n\`\`\`\n\n\`\`\`\n${A}\n${B}\n\`\`\`\n`, [A, B], false],
  ['indented as code', `Hello\n\n    ${A}\n    ${B}\n`, [A, B], false],
  ['in a list', `- one\n\n  ${A}\n`, [A], false],
  ['with hard line breaks', `${A}  \n${B}\n`, [A, B], false],
  ['beside an autolink', `<https://example.com>\n\n${A}\n`, [A], false],
  ['beside a reference', `[a]\n\n${A}\n\n[a]: https://example.com\n`, [A], false],
];

for (const [title, reply, codes, quick] of SAFE) {
  test(`a code may stand ${title}`, (t) => {
    t.is(findReplyFault(reply, codes), undefined);
    t.is(isEvidentlySafe(reply, codes), quick);
    t.notThrows(() => assertSafeReply(reply, codes));
  });
}

const UNSAFE: readonly (readonly [string, string, string[], RegExp])[] = [
  ['HTML in a line', `a <b>x</b>\n\n${A}\n`, [A], /HTML/],
  ['a block of HTML', `<div>\n\n${A}\n\n</div>\n`, [A], /HTML/],
  ['HTML in a heading', `# <i>\n\n${A}\n`, [A], /HTML/],
  ['HTML in a link', `[<i>](https://example.com)\n\n${A}\n`, [A], /HTML/],
  ['HTML in a cell', `| a |\n|---|\n| <i> |\n\n${A}\n`, [A], /HTML/],
  ['HTML in a quote in a list', `- > <i>\n\n${A}\n`, [A], /HTML/],
  ['a comment that holds the code', `<!--\n\n${A}\n\n-->\n`, [A], /HTML/],
  ['no code at all', 'Hello\n', [A], /missing/],
  ['no codes to send', 'Hello\n', [], /no code/],
  ['a code beside words', `Code: ${A}\n`, [A], /shares its line/],
  ['a code in a link', `[x](https://example.com/${A})\n`, [A], /shares its line/],
  ['a code twice', `${A}\n\n${A}\n`, [A], /twice/],
  ['a code again in a link', `${A}\n\n[x](https://example.com/${A})\n`, [A], /twice/],
  ['codes in another order', `${B}\n\n${A}\n`, [A, B], /order/],
  ['the second code left out', `${A}\n`, [A, B], /missing/],
  ['two units with one code', `${A}\n\n${A}\n`, [A, A], /same code/],
  ['codes that flow together', `Hello\n\n${A}\n${B}\n`, [A, B], /alone/],
  ['a code that flows into words', `Hello\n${A}\nBye\n`, [A], /alone/],
  ['a code that a rule makes a heading', `Hello\n\n${A}\n---\nBye\n`, [A], /alone/],
  ['a code in the title of a definition', `[a]: https://example.com "x\n\n${A}\n\n"\n`, [A], /alone/],
  ['a code that a definition takes for its link', `[a]:\n${A}\n`, [A], /alone/],
  [
    'codes between fences the wrong way round',
    `\`\`\`\nx\n\`\`\`\n${A}\n${B}\n\`\`\`\ny\n\`\`\`\n`,
    [A, B],
    /alone/,
  ],
];

for (const [title, reply, codes, reason] of UNSAFE) {
  test(`a reply is refused for ${title}, and the reason holds no code`, (t) => {
    const error = t.throws(() => assertSafeReply(reply, codes), { instanceOf: AppError });
    t.is(error?.code, 'internal');
    t.regex(error?.detail ?? '', reason);
    for (const code of codes) t.false(`${error?.message}${error?.detail}`.includes(code));
    t.false(isEvidentlySafe(reply, codes));
  });
}

/** Lines such as templates have, and lines meant to swallow what follows; `A` to `C` stand for the codes. */
const line = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom('A', 'B', 'C') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '```',
      '```text',
      '````',
      '~~~',
      '   ```',
      '> ```',
      '- ```',
      '    ```',
      '``` x`',
      '`',
      '``',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'Hello',
      '# Title',
      '---',
      '===',
      '***',
      '- a',
      '1. a',
      '  a',
      '    a',
      '\ta',
      '> a',
      '-',
      '1.',
      '>',
      '  ',
      '\t',
      '| a | b |',
      '|---|---|',
      '| c | d |',
      'a|b',
      ':-:',
      '[a]: http://x',
      '[a]: http://x "t',
      "[a]: http://x 't",
      '[a]: http://x (t',
      '[a]:',
      '[a',
      ']: http://x',
      '"',
      ')',
      "'",
      '[x](http://y "t',
      '[x](',
      '![x](',
      '**',
      '_',
      '~~',
      '`a',
      'a\\',
      'a  ',
      '\\',
      'a `` b',
      '- [ ] a',
      '* * *',
      '+ a',
      '10) a',
      '[x]',
      '\f',
      '\v',
      '\u00a0',
      '\u2028',
      '- - -',
      '<!--',
      '-->',
      '<b>',
      '</b>',
      '<pre>',
      '<http://x>',
      '&lt;b&gt;',
      ' A',
      'A B',
      '> A',
      '- A',
      'A\\',
      'A  ',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map(escapeMarkdown) },
);

const replies = fc.array(line, { maxLength: 14 }).map((lines) => ({
  reply: `${lines.join('\n')}\n`.replace(/\b[ABC]\b/g, (letter) => CODES['ABC'.indexOf(letter)]!),
  codes: CODES.slice(0, Math.max(1, new Set(lines.filter((text) => /^[ABC]$/.test(text))).size)),
}));

/** Replies with the codes in place, so that the quick proof says yes often. */
const plausible = fc
  .tuple(
    fc.array(line, { maxLength: 8 }),
    fc.constantFrom('\n', '\n\n', '\n```\n'),
    fc.array(line, { maxLength: 8 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('\n', '\n\n', '\n```\n\n```\n', '\n\n- a\n\n'),
  )
  .map(([before, around, after, count, between]) => {
    const codes = CODES.slice(0, count);
    const text = (lines: string[]) => lines.filter((words) => !/\b[ABC]\b/.test(words)).join('\n');
    return { reply: `${text(before)}${around}${codes.join(between)}${around}${text(after)}\n`, codes };
  });

test('whatever the quick proof calls safe, marked calls safe too', (t) => {
  let proved = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 1, arbitrary: replies }, { weight: 3, arbitrary: plausible }),
      ({ reply, codes }) => {
        if (!isEvidentlySafe(reply, codes)) return true;
        proved++;
        return findReplyFault(reply, codes) === undefined;
      },
    ),
    { numRuns: Number(process.env['PROOF_RUNS'] ?? 8000) },
  );
  t.true(proved > 2000, `only ${proved} were proved`);
});

test('control: among the same replies marked finds many that are not safe', (t) => {
  const faulty = fc
    .sample(plausible, 2000)
    .filter(({ reply, codes }) => findReplyFault(reply, codes) !== undefined);
  t.true(faulty.length > 200);
});
