import test from 'ava';
import { Marked, type Token } from 'marked';
import { escapeMarkdown } from '../../src/message/escape.ts';
import fc from '../kit/fast-check.ts';

const READERS = [true, false].flatMap((gfm) => [true, false].map((breaks) => new Marked({ gfm, breaks })));

/** Where a template may put a value; a control shows for each what an unescaped value can do there. */
const PLACES: readonly ((value: string) => string)[] = [
  (value) => `Hello ${value}, thank you.`,
  (value) => `${value}\n`,
  (value) => `Hello\n${value}\nthank you.`,
  (value) => `Hello\n\n${value}\n\nthank you.`,
  (value) => `- ${value}\n- b`,
  (value) => `1. ${value}`,
  (value) => `> ${value}`,
  (value) => `# ${value}`,
  (value) => `# x ${value} y`,
  (value) => `| a | b |\n|---|---|\n| ${value} | x |`,
  (value) => `| ${value} | b |\n|---|---|\n| a | x |`,
  (value) => `[${value}](https://example.com)`,
  (value) => `x ${value}`,
  (value) => `**${value}** and _x_ and \`y\``,
  (value) => `\`a\` ${value} \`b\` [c](https://example.com) ~d~ *`,
];

const HOSTILE = [
  '[free](http://x)',
  '![x](http://x)',
  '[a]: http://x',
  '<b>',
  '</p><script>alert(1)</script>',
  '<!-- x',
  '<http://x>',
  '# x',
  'x ##',
  '##',
  '1. x',
  '2) x',
  '- x',
  '+ x',
  '* x',
  '- - -',
  '***',
  '___',
  '> x',
  '===',
  '---',
  ':-:',
  '| x | y |',
  '|-',
  'www.evil.com',
  'WWW.evil.com',
  'https://evil.com/x',
  'HTTP://evil.com',
  'ftp://evil.com',
  'mailto:a@evil.com',
  'xmpp:a@evil.com',
  'a@evil.com',
  '&lt;b&gt;',
  '&#60;b&#x3e;',
  '&amp;amp;',
  'AT&T',
  '~x~',
  '~~~',
  '~~x~~',
  '```',
  '`x`',
  '`',
  '*x*',
  '_x_',
  '**',
  'back\\slash\\',
  '\\[x](y)',
  'x\\',
  '    x',
  '\tx',
  'x  ',
  '[x] y',
  '[ ]',
  '{{ x }}',
  'wow!',
  '://x',
  '//x',
  ':',
  '.',
  '(http://x)',
  ')',
  '"x"',
  "O'Brien-Smith, Zoë",
];

/** What the template alone makes of the place, with the value standing for a word. */
function shape(tokens: readonly Token[]): string {
  return JSON.stringify(tokens, (key, value) => {
    if (['raw', 'text', 'href', 'escaped', 'cells'].includes(key)) return undefined;
    if (key !== 'tokens' || !Array.isArray(value)) return value;
    // Words may be cut into any number of text and escape tokens.
    const merged: unknown[] = [];
    for (const token of value as Token[]) {
      const plain =
        (token.type === 'text' && !('tokens' in token && token.tokens)) || token.type === 'escape';
      if (!plain) merged.push(token);
      else if (merged.at(-1) !== 'words') merged.push('words');
    }
    return merged;
  });
}

function visible(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(lt|gt|quot|amp|#39);/g,
      (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" })[name]!,
    );
}

const cleaned = (value: string) =>
  value
    .toWellFormed()
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[ ]*[\p{Cc}\u2028\u2029][\p{Cc}\u2028\u2029 ]*/gu, ' ')
    .trim();

/** Each place as each reader sees it with a harmless word. */
const HARMLESS = PLACES.flatMap((place, index) =>
  READERS.map((reader) => {
    const tokens = reader.lexer(place('word'));
    const wanted = shape(tokens);
    const [before, after] = visible(reader.parser(tokens)).split('word');
    return { index, place, reader, wanted, before, after };
  }),
);

function fault(value: string): string | undefined {
  const escaped = escapeMarkdown(value);
  if (escaped.includes('<')) return 'has a <';
  if (escaped === '') return undefined;
  for (const { index, place, reader, wanted, before, after } of HARMLESS) {
    const got = reader.lexer(place(escaped));
    if (shape(got) !== wanted) return `place ${index}: another shape, ${place(escaped)}`;
    const text = visible(reader.parser(got));
    if (text !== `${before}${cleaned(value)}${after}`) return `place ${index}: shown as ${text}`;
  }
  return undefined;
}

for (const value of HOSTILE) {
  test(`a value stays the text it is: ${JSON.stringify(value)}`, (t) => t.is(fault(value), undefined));
}

const active = fc.array(
  fc.oneof(
    fc.constantFrom(...'\\`*_{}[]()#+-.!|~<>&=:@ \t\n\r\u2028\u202e"\'/^$%;,?0129aAwW'),
    fc.constantFrom(
      'http',
      '://',
      'www.',
      'x@y.de',
      '&lt;',
      '1. ',
      '\n\n',
      '](',
      '```',
      '~~~',
      '---',
      '<b>',
      '  ',
    ),
    fc.string({ unit: 'binary', maxLength: 2 }),
  ),
  { maxLength: 12 },
);

test('any value whatever stays the text it is', (t) => {
  fc.assert(
    fc.property(active, (parts) => fault(parts.join('')) === undefined),
    { numRuns: Number(process.env['PROOF_RUNS'] ?? 1500) },
  );
  t.pass();
});

test('two values side by side make nothing together', (t) => {
  const pair = (a: string, b: string) => `Hi\n${a}${b}`;
  const readers = READERS.map((reader) => ({ reader, wanted: shape(reader.lexer(pair('x', 'y'))) }));
  fc.assert(
    fc.property(active, active, (a, b) => {
      const [first, second] = [escapeMarkdown(a.join('')), escapeMarkdown(b.join(''))];
      if (first === '' && second === '') return true;
      return readers.every(({ reader, wanted }) => shape(reader.lexer(pair(first, second))) === wanted);
    }),
    { numRuns: 1500 },
  );
  t.pass();
});

test('control: without escaping the hostile values are links, HTML and structure', (t) => {
  const harmless = HOSTILE.filter((value) =>
    HARMLESS.every(({ place, reader, wanted }) => shape(reader.lexer(place(value))) === wanted),
  );
  t.true(harmless.length < HOSTILE.length / 3, harmless.join(' '));
  const reader = new Marked();
  for (const value of ['[free](http://x)', 'www.evil.com', 'https://evil.com/x', 'a@evil.com']) {
    t.regex(String(reader.parse(value)), /<a /);
  }
  t.regex(String(reader.parse('<b>')), /<b>/);
});

test('a value without active characters stays unchanged', (t) => {
  for (const value of [
    "O'Brien-Smith, Zoë",
    '621267-5045403',
    '2027-11-24',
    'Smith & Sons',
    'J. R. Ewing',
    'AT&T',
    'Müller (Berlin)',
    '李小龍',
    'Anna - Marie',
    'C#',
    '25',
    '1.5',
    'MINTMARK0123456789',
    'Pro: Plus',
  ]) {
    t.is(escapeMarkdown(value), value);
  }
  t.is(escapeMarkdown('zoe@example.com'), 'zoe\\@example.com');
});

test('a value is one line without the characters that hide or turn text', (t) => {
  t.is(escapeMarkdown('  a\r\n\n b\u0000\u2028c \u202eevil\u202c\ufeff '), 'a b c evil');
  t.is(escapeMarkdown('\n\t '), '');
  t.is(escapeMarkdown('a\ud800'), 'a\ufffd');
});
