/** Several codes with one slip each: each counts as a whole one, in the order whole first, then repaired. */
import { CODE, codeOf, grouped, KEY, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase, VectorRepair } from '../published.ts';

const SECOND = 'fedcba98-7654-3210-fedc-ba9876543210';
const THIRD = '00000000-0000-0000-0000-000000000001';

const second = codeOf({ licenseId: SECOND });
const third = codeOf({ licenseId: THIRD });
const newer = codeOf({ revision: 1 });
const newest = codeOf({ revision: 2 });
const expired = codeOf({ licenseId: SECOND, lastValid: '2026-11-20' });
const forged = (seats: number) => codeOf({ seats }, KEY.stranger);

const wrong = (code: string, place = 70) => `${code.slice(0, place)}U${code.slice(place + 1)}`;
const omitted = (code: string) => code.slice(0, 90) + code.slice(91);
const valid = (code: string) => ({ verdict: 'valid', code });

type Choices = NonNullable<ReadCase['choices']>;

const MANY: readonly (readonly [string, string, Choices])[] = [
  ['two, each with a slip', `${wrong(CODE)}\n${wrong(second)}`, [valid(CODE), valid(second)]],
  ['two, one wrong, one omitted', `${omitted(second)}\n\n${wrong(CODE)}`, [valid(second), valid(CODE)]],
  [
    'two in groups, each with a slip',
    `${grouped('-', wrong(CODE))}\n${grouped('-', wrong(second, 9))}`,
    [valid(CODE), valid(second)],
  ],
  ['a whole one, and one with a slip', `${CODE}\n${wrong(second)}`, [valid(CODE), valid(second)]],
  ['one with a slip, and a whole one', `${wrong(second)}\n${CODE}`, [valid(CODE), valid(second)]],
  [
    'one with a slip between two whole ones',
    `Codes: ${third}\n${omitted(second)}\n${CODE}`,
    [valid(third), valid(CODE), valid(second)],
  ],
  [
    'four, each with a slip',
    [CODE, second, third, codeOf({ licenseId: THIRD, test: true, keyId: KEY.test })]
      .map((c) => wrong(c))
      .join('\n'),
    [
      valid(CODE),
      valid(second),
      valid(third),
      { verdict: 'test-code', code: codeOf({ licenseId: THIRD, test: true, keyId: KEY.test }) },
    ],
  ],
  [
    'two revisions with a slip each, and another license',
    `${wrong(CODE)}\n${wrong(newer)}\n${second}`,
    [valid(second), valid(newer)],
  ],
  [
    'one expired, each with a slip',
    `${wrong(expired)}\n${wrong(CODE)}`,
    [{ verdict: 'expired', code: expired }, valid(CODE)],
  ],
  [
    'one with a slip twice, and another',
    `${wrong(CODE)}\n${omitted(CODE)}\n${omitted(second)}`,
    [valid(CODE), valid(second)],
  ],
  [
    'one with two slips between two with one',
    `${wrong(CODE)}\n${mistyped(third)}\n${omitted(second)}`,
    [valid(CODE), valid(second)],
  ],
  ['two with nothing between', wrong(CODE) + wrong(second), [valid(CODE), valid(second)]],
  [
    'two with nothing between and a character omitted',
    omitted(CODE) + omitted(second),
    [valid(CODE), valid(second)],
  ],
  [
    'a whole one in lines that begin alike, and one with a slip',
    `${grouped('\n')}\n\n${wrong(second)}`,
    [valid(CODE), valid(second)],
  ],
];

const substitution = (code: string, position: number, place = 70): VectorRepair => ({
  kind: 'substitution',
  position,
  was: 'U',
  is: code.charAt(place),
});

const ONE: readonly (readonly [string, string, Partial<ReadCase>])[] = [
  [
    'an old one and a new one with a slip',
    `${CODE}\n${wrong(newer)}`,
    { code: newer, repaired: substitution(newer, 161 + 71) },
  ],
  ['an old one with a slip and a new one', `${wrong(CODE)}\n${newer}`, { code: newer, repaired: null }],
  [
    'two revisions, each with a slip',
    `${wrong(newest)}\n${wrong(newer)}`,
    { code: newest, repaired: substitution(newest, 71) },
  ],
  ['a whole one and itself with a slip', `${CODE}\n> ${omitted(CODE)}`, { code: CODE, repaired: null }],
  [
    'one with a slip twice: the first is told',
    `${wrong(CODE)}\n${wrong(CODE, 5)}`,
    { code: CODE, repaired: substitution(CODE, 71) },
  ],
  [
    "another product's with a slip beside it",
    `${wrong(codeOf({ product: OTHER_PRODUCT }))}\n${wrong(CODE)}`,
    { code: CODE, repaired: substitution(CODE, 161 + 71) },
  ],
  [
    'three forged ones with a slip before it: the fourth check is its own',
    `${[7, 8, 9].map((seats) => wrong(forged(seats))).join('\n')}\n${wrong(CODE)}`,
    { code: CODE },
  ],
  [
    'a fifth one with a slip is not repaired',
    `${CODE}\n${[1, 2, 3, 4, 5].map((revision) => wrong(codeOf({ revision }))).join('\n')}`,
    { code: codeOf({ revision: 4 }) },
  ],
  [
    '16 whole ones before one with a slip',
    `${Array.from({ length: 16 }, (_, revision) => codeOf({ revision })).join('\n')}\n${wrong(codeOf({ revision: 99 }))}`,
    { code: codeOf({ revision: 99 }) },
  ],
  [
    'a whole one, and 158 characters of a newer one',
    `${CODE}\n${newer.slice(0, 158)}`,
    { code: CODE, repaired: null },
  ],
];

export function severalSlips(): ReadCase[] {
  return [
    ...MANY.map(([name, input, choices]) =>
      readCase(`slips in several: ${name}`, input, 'several', { choices }),
    ),
    ...ONE.map(([name, input, told]) => readCase(`slips in one of several: ${name}`, input, 'valid', told)),
    readCase(
      'slips in several: four forged ones before a genuine one',
      `${[6, 7, 8, 9].map((seats) => wrong(forged(seats))).join('\n')}\n${wrong(CODE)}`,
      'bad-character',
      { position: 71, group: 9 },
    ),
    readCase(
      'slips in several: two with nothing between, and a slip in the head of the second',
      wrong(CODE) + wrong(second, 2),
      'bad-character',
      { position: 71, group: 9 },
    ),
  ];
}
