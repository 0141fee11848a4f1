/** What mail programs, editors and link checkers make of a text with a code. */
import { CODE, codeOf, grouped, KEY, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const SECOND = codeOf({ licenseId: 'fedcba98-7654-3210-fedc-ba9876543210' });

const lines = (width: number, code = CODE) => code.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
const marked = (mark: (i: number) => string, width = 40, code = CODE) =>
  lines(width, code)
    .map((line, i) => mark(i) + line)
    .join('\n');

const READ: readonly (readonly [string, string])[] = [
  [
    'a link that Proofpoint rewrote (v2)',
    `https://urldefense.proofpoint.com/v2/url?u=acme-3A__activate-3Fcode-3D${CODE}&d=DwMFaQ&c=x`,
  ],
  [
    'a link that Proofpoint rewrote (v2), with more behind it',
    `https://urldefense.proofpoint.com/v2/url?u=https-3A__acme.example_a-3Fcode-3D${CODE}-26a-3Db&d=DwMFaQ`,
  ],
  [
    'a link that Proofpoint rewrote (v3)',
    `https://urldefense.com/v3/__acme://activate?code=${CODE}__;!!Ab1-Cd2!EfGh$`,
  ],
  [
    'a link that Proofpoint rewrote (v3), with an escaped mark',
    `https://urldefense.com/v3/__https://x.example/?u=a*3Fcode*3D${CODE}*26y__;JSUl!!Ab1!EfGh$`,
  ],
  ['an equals sign as -3d, lower case', `code-3d${CODE.toLowerCase()}&d=1`],
  ['a name as quoting mark', marked(() => 'Ada> ')],
  ['initials as quoting marks', marked(() => '>> AL> ')],
  ['numbered lines by colons', marked((i) => `${i + 1}: `)],
  ['numbered lines by full stops', marked((i) => `${i + 1}. `)],
  ['numbered lines by parentheses', marked((i) => `(${i + 1}) `)],
  ['numbered lines in brackets', marked((i) => `[${i + 1}] `)],
  ['numbered lines by tabs', marked((i) => `    ${i + 1}\t`)],
  ['numbered lines by spaces', marked((i) => `${String(i + 1).padStart(3)} `)],
  ['numbered lines by bars', marked((i) => `${i + 1}|`)],
  ['numbered lines, CRLF', marked((i) => `${i + 1}: `).replaceAll('\n', '\r\n')],
  ['numbered lines, carriage returns alone', marked((i) => `${i + 1}: `).replaceAll('\n', '\r')],
  ['soft hyphens without a semicolon', grouped('&shy')],
  ['no-break spaces without a semicolon', grouped('&nbsp')],
  ['soft hyphens without a semicolon, escaped again', grouped('&amp;shy')],
  ['RTF', `{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}\\f0\\fs22 Code:\\par\n${CODE}\\par\n}`],
  ['RTF, wrapped by \\line', lines(64).join('\\line\n')],
  ['RTF, wrapped by \\par', lines(64).join('\\par\r\n')],
  ['RTF, with soft hyphens', grouped("\\'ad")],
  ['RTF, with no-break spaces', grouped("\\'A0")],
  ['RTF, with optional hyphens', grouped('\\-')],
  ['a quote that is escaped', `\\'${CODE}\\'`],
];

/** Line marks are tried only where nothing genuine is found with them. */
const SAID: readonly (readonly [string, string, string, Partial<ReadCase>?])[] = [
  [
    'a name as quoting mark, and a slip',
    marked(() => 'Ada> ').replace(CODE.slice(50, 60), `${CODE.slice(50, 59)}U`),
    'valid',
    { code: CODE, repaired: { kind: 'substitution', position: 71, was: 'U', is: CODE.charAt(59) } },
  ],
  [
    'numbered lines of two codes',
    `${marked((i) => `${i + 1}: `)}\n${marked((i) => `${i + 5}: `, 40, SECOND)}`,
    'several',
    {
      choices: [
        { verdict: 'valid', code: CODE },
        { verdict: 'valid', code: SECOND },
      ],
    },
  ],
  [
    'a whole code before numbered lines of another',
    `${CODE}\n${marked((i) => `${i + 1}: `, 40, SECOND)}`,
    'valid',
    { code: CODE },
  ],
  [
    "numbered lines of another product's code",
    marked((i) => `${i + 1}: `, 40, codeOf({ product: OTHER_PRODUCT })),
    'wrong-product',
  ],
  [
    'numbered lines of a code behind three forged ones: no forged one is checked twice',
    `${[7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${marked((i) => `${i + 1}: `)}`,
    'valid',
    { code: CODE },
  ],
  [
    'numbered lines of a code with two slips',
    marked((i) => `${i + 1}: `, 40, mistyped(CODE)),
    'too-short',
    { count: 41 },
  ],
  ['a mark of 11 characters before each line', marked(() => 'Adaaaaaaaaa> '), 'too-short', { count: 40 }],
  ['line numbers of five digits', marked((i) => `${i + 10_000} `), 'too-long', { count: 175 }],
  ['marks that are on no line of their own', lines(40).join(' Ada> '), 'too-short', { count: 40 }],
  [
    'a mail in base64',
    Buffer.from(`Your code:\r\n\r\n${CODE}\r\n`).toString('base64'),
    'no-code',
    { seen: 'text' },
  ],
];

export function rewritten(): ReadCase[] {
  return [
    ...READ.map(([name, input]) =>
      readCase(`rewritten: ${name}`, input, 'valid', { code: CODE, repaired: null }),
    ),
    ...SAID.map(([name, input, verdict, told]) => readCase(`rewritten: ${name}`, input, verdict, told)),
  ];
}
