/** Verdicts on texts without a genuine code, and texts that must never read as a code. */
import { ALPHABET } from '../../../src/license-code/armor.ts';
import { CODE, codeOf, grouped, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const OTHER_CODE = codeOf({ licenseId: 'fedcba98-7654-3210-fedc-ba9876543210' });

function withAt(code: string, place: number, put: string): string {
  return code.slice(0, place) + put + code.slice(place + 1);
}

function wrongAt(code: string, place: number): string {
  return withAt(code, place, ALPHABET.charAt((ALPHABET.indexOf(code.charAt(place)) + 13) % 32));
}

const SEEN: readonly (readonly [string, string, string])[] = [
  ['an order number', 'ABC261126-1234-56789', 'order-number'],
  ['an order number with a mark before it', '#12345', 'order-number'],
  ['an order number of 19 characters', '1'.repeat(19), 'order-number'],
  ['an order number in a sentence', 'My order is ABC261126-1234-56789.', 'order-number'],
  ['a number that begins as a code does', '2001-1234', 'order-number'],
  ['three digits', '123', 'text'],
  ['a date in a sentence', 'Bought on 2026-11-21, for two.', 'text'],
  ['a day', '2026-11-21', 'text'],
  ['a day, beginning with its day', '21-11-2026', 'text'],
  ['a number like a day, with a digit more', '2026-11-210', 'order-number'],
  ['a number like a day, with another grouping', '202-611-2100', 'order-number'],
  ['a license id', '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671', 'text'],
  ['a license id in a sentence', 'It is 0192F3A1-7C4E-7D2B-9A11-5F0C3BE8D671.', 'text'],
  [
    'a number like a license id, with a letter that is no hex digit',
    '0192g3a1-7c4e-7d2b-9a11-5f0c3be8d671',
    'order-number',
  ],
  ['an order number before an address', 'ada@acme.example 621267-5045403', 'order-number'],
  ['an e-mail address', 'ada@acme.example', 'e-mail-address'],
  ['an e-mail address in angle brackets', 'Ada <ada@acme.example>', 'e-mail-address'],
  ['an e-mail address of another script', 'zoë@müller.example', 'e-mail-address'],
  ['an address before a link', 'ada@acme.example https://acme.example/', 'e-mail-address'],
  ['two at signs', 'a@b@c.example', 'text'],
  ['an at sign without a full stop', 'ada@acme', 'text'],
  ['a link', 'https://acme.example/shop', 'link'],
  ['a word of 201 characters', `a${'é'.repeat(194)}@a.com`, 'text'],
  ['a word of 200 characters', `a${'é'.repeat(190)}@acme.com`, 'e-mail-address'],
  ['prose', 'Where do I find my license?', 'text'],
  ['one letter', 'x', 'text'],
  ['a letter U', 'ABU', 'text'],
  ['words of another script', 'ライセンスコードを入力してください'.repeat(3), 'text'],
  ['a letter of the head and another', '2X', 'text'],
];

type Row = readonly [string, string, string, Partial<ReadCase>?];

const ROWS: readonly Row[] = [
  ['no character at all', '', 'empty'],
  ['hyphens, marks and what cannot be seen', '> -- `*_*` \u2014\u200b\ufeff\u00ad\u2212\r\n', 'empty'],
  ['signs alone', '!?… «» 🔑', 'empty'],
  ['tags and entities alone', '<p>&nbsp;</p>', 'empty'],
  ['65,536 spaces before a code', ' '.repeat(65_536) + CODE, 'empty'],
  [
    'a code of which the last character is not looked at',
    `${' '.repeat(65_377)}${mistyped(CODE)}`,
    'too-short',
    { count: 159 },
  ],
  ...[1, 2, 3, 7, 8, 9, 19, 20, 40, 79, 97, 157, 158].map(
    (count): Row => [
      `the first ${count} characters`,
      CODE.slice(0, count),
      'too-short',
      { count, group: null },
    ],
  ),
  ...[20, 60, 100, 158].map(
    (count): Row => [`the last ${count} characters`, CODE.slice(-count), 'too-short', { count, group: null }],
  ),
  ['19 characters that are no head', CODE.slice(-19), 'no-code', { seen: 'order-number' }],
  ['the beginning among others', `Code:\n\n${CODE.slice(0, 150)}\n\nThank you!`, 'too-short', { count: 150 }],
  ['the beginning with a short word behind it', `${CODE.slice(0, 150)} it`, 'too-short', { count: 150 }],
  ['the beginning with short words behind it', `${CODE.slice(0, 150)} is it so`, 'too-short', { count: 150 }],
  [
    'the beginning with long words behind it',
    `${CODE.slice(0, 150)} thanks`,
    'too-short',
    { count: 150, group: null },
  ],
  [
    'the beginning with words behind it that would make 160',
    `${CODE.slice(0, 150)} thanks they`,
    'too-short',
    { count: 150 },
  ],
  ['the beginning with a number behind it', `${CODE.slice(0, 150)} 2027`, 'too-short', { count: 154 }],
  [
    'the beginning in groups with a sentence behind it',
    `${grouped(' ').slice(0, 89)} that was it so far`,
    'too-short',
    { count: 80 },
  ],
  [
    'the beginning in groups, of which the last has no digit and is not whole',
    `${grouped(' ').slice(0, 36)} Z`,
    'too-short',
    { count: 33 },
  ],
  [
    'the beginning in groups with a group of eight letters behind it',
    `${grouped(' ').slice(0, 36)}${'ABCDEFGH'} 1`,
    'too-short',
    { count: 41 },
  ],
  [
    'the beginning in groups, then groups of 7 to 9 letters without a digit',
    `${grouped(' ').slice(0, 36)}${'ABCDEFG ABCDEFGH ABCDEFGHJ ABCDEFGH'}`,
    'too-short',
    { count: 64, group: 5 },
  ],
  ['a word of both cases', `${'AbCd'.repeat(11)}`, 'no-code', { seen: 'text' }],
  ['a word of upper case, and l and o', 'AlCo'.repeat(11), 'too-short', { count: 44 }],
  ['a word of lower case, and I and O', 'aIcO'.repeat(11), 'too-short', { count: 44 }],
  [
    'a code with two slips in both cases',
    mistyped(CODE).replace(/[A-HJKM-Z]/, (c) => c.toLowerCase()),
    'mistyped',
    { group: null },
  ],

  ['the beginning in groups', grouped('-').slice(0, 80), 'too-short', { count: 72, group: null }],
  ['the beginning, wrapped', `${CODE.slice(0, 64)}\n${CODE.slice(64, 100)}`, 'too-short', { count: 100 }],
  ['two beginnings', `${CODE.slice(0, 60)}\n\n${OTHER_CODE.slice(0, 90)}`, 'too-short', { count: 60 }],
  ['the end in groups, with digits', grouped(' ').slice(36), 'too-short', { count: 128 }],
  ['two characters too many', `${CODE}77`, 'too-long', { count: 162 }],
  ['200 characters', 'A'.repeat(200), 'too-long', { count: 200 }],
  ['two codes with two slips, nothing between', mistyped(CODE) + mistyped(OTHER_CODE), 'mistyped'],
  [
    'two codes with two slips on two lines',
    `${mistyped(CODE)}\n${mistyped(OTHER_CODE)}`,
    'mistyped',
    { group: null },
  ],
  ['160 zeros', '0'.repeat(160), 'mistyped', { group: null }],
  ['160 letters Z', 'Z'.repeat(160), 'mistyped'],
  ['a fraction in the place of two', `\u00bd${CODE.slice(2)}`, 'mistyped', { group: 1 }],
  ['a slip in the head, and another', wrongAt(mistyped(CODE), 3), 'mistyped', { group: 1 }],
  ['two slips, alone', mistyped(CODE), 'mistyped', { group: null }],
  ['two slips, in groups', grouped('-', mistyped(CODE)), 'mistyped', { group: null }],
  ['two slips, in a mail', `Code:\n\n${mistyped(CODE)}\n\nThank you!`, 'mistyped', { group: null }],
  ['two slips, in the code of another product', mistyped(codeOf({ product: OTHER_PRODUCT })), 'mistyped'],
  [
    'one wrong character of two',
    withAt(wrongAt(CODE, 9), 100, 'U'),
    'bad-character',
    { character: 'U', position: 101, group: 13 },
  ],
  [
    'two wrong characters',
    withAt(withAt(CODE, 9, 'É'), 100, 'U'),
    'bad-character',
    { character: 'É', position: 10, group: 2 },
  ],
  [
    'two wrong characters in groups',
    grouped('--', withAt(withAt(CODE, 9, 'u'), 100, 'u')),
    'bad-character',
    { character: 'u', position: 12, group: 2 },
  ],
  [
    'three wrong characters, of which none is in a group alone',
    `  ${withAt(withAt(withAt(CODE, 12, 'Ж'), 13, 'Ж'), 14, 'Ж')}`,
    'bad-character',
    { character: 'Ж', position: 15, group: 2 },
  ],
  [
    'a wrong character while it is typed',
    `${CODE.slice(0, 30)}u${CODE.slice(31, 40)}`,
    'too-short',
    { count: 40, group: 4 },
  ],
  [
    'a slip in the head while it is typed',
    wrongAt(CODE, 5).slice(0, 24),
    'too-short',
    { count: 24, group: 1 },
  ],
  [
    'a group of seven and one of nine',
    grouped(' ')
      .replace(CODE.slice(32, 41), CODE.slice(32, 40))
      .split(' ')
      .map((g, i) => (i === 4 ? g.slice(1) : i === 9 ? `${g}7` : g))
      .join(' '),
    'mistyped',
    { group: 5 },
  ],
  [
    'a group of seven while it is typed',
    grouped(' ')
      .split(' ')
      .slice(0, 6)
      .map((g, i) => (i === 2 ? g.slice(1) : g))
      .join(' '),
    'too-short',
    { count: 47, group: 3 },
  ],
  ['a group that is not whole yet', grouped(' ').slice(0, 50), 'too-short', { count: 45, group: null }],
  ['a digest', '0123456789abcdef'.repeat(4), 'too-short', { count: 64 }],
];

/** Two slips of any kinds, more than a reader repairs. */
function twoSlips(): ReadCase[] {
  const pairs = [
    [0, 1],
    [0, 159],
    [3, 90],
    [7, 8],
    [33, 34],
    [33, 35],
    [60, 120],
    [100, 158],
    [158, 159],
  ] as const;
  const substitutions = pairs.map(([a, b]) =>
    readCase(`two slips: wrong at ${a + 1} and ${b + 1}`, wrongAt(wrongAt(CODE, a), b), 'mistyped'),
  );
  const lengths = pairs.flatMap(([a, b]) => {
    const without = CODE.slice(0, b) + CODE.slice(b + 1);
    const more = `${CODE.slice(0, b)}${ALPHABET.charAt((ALPHABET.indexOf(CODE.charAt(b)) + 9) % 32)}${CODE.slice(b)}`;
    return b < 158
      ? [
          readCase(`two slips: wrong at ${a + 1}, left out at ${b + 1}`, wrongAt(without, a), 'too-short', {
            count: 159,
          }),
          readCase(`two slips: wrong at ${a + 1}, put in at ${b + 1}`, wrongAt(more, a), 'too-long', {
            count: 161,
          }),
        ]
      : [];
  });
  return [...substitutions, ...lengths];
}

/** A code assembled from two codes: each half is genuine, the whole is not. */
function halves(): ReadCase[] {
  return [12, 40, 60, 80, 120, 150].map((cut) => {
    const input = CODE.slice(0, cut) + OTHER_CODE.slice(cut);
    return readCase(`halves of two codes, cut at ${cut}`, input, 'mistyped', { group: null });
  });
}

export function damage(): ReadCase[] {
  return [
    ...SEEN.map(([name, input, seen]) => readCase(`seen: ${name}`, input, 'no-code', { seen })),
    ...ROWS.map(([name, input, verdict, details]) => readCase(`said: ${name}`, input, verdict, details)),
    ...twoSlips(),
    ...halves(),
  ];
}
