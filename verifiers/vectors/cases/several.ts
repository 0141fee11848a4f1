/** More than one code: the newest code of one license counts; with several licenses no code is chosen. */
import { CODE, codeOf, grouped, KEY, LICENSE, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const SECOND = 'fedcba98-7654-3210-fedc-ba9876543210';
const THIRD = '00000000-0000-0000-0000-000000000001';

const newer = codeOf({ revision: 1, seats: 2 });
const newest = codeOf({ revision: 256 });
const expired = codeOf({ licenseId: SECOND, lastValid: '2026-11-20' });
const second = codeOf({ licenseId: SECOND, revision: 9 });
const third = codeOf({ licenseId: THIRD });
const trial = codeOf({ trial: true, revision: 2, lastValid: '2027-01-01' });
const test = codeOf({ test: true, keyId: KEY.test, revision: 3 });
const forged = codeOf({ licenseId: THIRD, revision: 65535 }, KEY.stranger);
const forgedNewer = codeOf({ revision: 65535 }, KEY.stranger);

const ONE: readonly (readonly [string, string, string, string])[] = [
  ['old and new', `Old: ${CODE}\nNew: ${newer}`, 'valid', newer],
  ['new and old', `${newer}\n> ${CODE}`, 'valid', newer],
  ['three revisions, the highest in between', `${newer} ${newest} ${CODE}`, 'valid', newest],
  ['three revisions with nothing between', `${newest}${CODE}${newer}`, 'valid', newest],
  ['a trial and what was bought later under its id', `${CODE} ${trial}`, 'valid', trial],
  [
    'the second key signed the newer one',
    `${CODE} ${codeOf({ revision: 4, keyId: KEY.secondLive })}`,
    'valid',
    codeOf({ revision: 4, keyId: KEY.secondLive }),
  ],
  ['a forged one of a higher revision', `${forgedNewer}\n${CODE}`, 'valid', CODE],
  [
    'a genuine one behind four forged ones',
    `${[6, 7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${CODE}`,
    'valid',
    CODE,
  ],
  ['a newer one with two slips', `${CODE}\n${mistyped(newer)}`, 'valid', CODE],
  [
    'a newer one that has expired',
    `${expired}\n${codeOf({ licenseId: SECOND, revision: 1, lastValid: '2026-11-19' })}`,
    'expired',
    codeOf({ licenseId: SECOND, revision: 1, lastValid: '2026-11-19' }),
  ],
  [
    'another product beside it',
    `${codeOf({ product: OTHER_PRODUCT, licenseId: SECOND })}\n${CODE}`,
    'valid',
    CODE,
  ],
  [
    'the same revision twice, minted otherwise',
    `${codeOf({ seats: 3 })}\n${codeOf({ seats: 4 })}`,
    'valid',
    codeOf({ seats: 3 }),
  ],
];

type Choices = NonNullable<ReadCase['choices']>;

const valid = (code: string) => ({ verdict: 'valid', code });
const MANY: readonly (readonly [string, string, Choices, Partial<ReadCase>?])[] = [
  ['two on two lines', `${CODE}\n${third}`, [valid(CODE), valid(third)]],
  ['two as two words', `${third} ${CODE}`, [valid(third), valid(CODE)]],
  ['two with nothing between', CODE + third, [valid(CODE), valid(third)]],
  ['two among others', `Codes:\n1. ${CODE}\n2. ${third}\nThank you!`, [valid(CODE), valid(third)]],
  [
    'two wrapped and quoted',
    `> ${grouped('\n> ', CODE)}\n> ${grouped('\n> ', third)}`,
    [valid(CODE), valid(third)],
  ],
  ['three', `${CODE},${second},${third}`, [valid(CODE), valid(second), valid(third)]],
  ['two, one with two revisions', `${CODE}\n${third}\n${newest}`, [valid(newest), valid(third)]],
  ['one has expired', `${expired}\n${CODE}`, [{ verdict: 'expired', code: expired }, valid(CODE)]],
  [
    'one was revoked',
    `${third}\n${CODE}`,
    [valid(third), { verdict: 'revoked', code: CODE }],
    { revoked: [LICENSE.licenseId] },
  ],
  [
    'a test code and a live one of the same id',
    `${test}\n${CODE}`,
    [{ verdict: 'test-code', code: test }, valid(CODE)],
  ],
  [
    'a test code and a live one, where tests are accepted',
    `${test}\n${CODE}`,
    [valid(test), valid(CODE)],
    { allowTest: true },
  ],
  ['two, and a forged third', `${CODE}\n${forged}\n${second}`, [valid(CODE), valid(second)]],
  [
    'two, and another product',
    `${CODE}\n${codeOf({ product: OTHER_PRODUCT })}\n${second}`,
    [valid(CODE), valid(second)],
  ],
  ['two, and one with two slips', `${CODE}\n${mistyped(third)}\n${second}`, [valid(CODE), valid(second)]],
];

/** Without a genuine code the refusal of the code that passed the most checks is returned. */
const NONE: readonly (readonly [string, string, string])[] = [
  [
    'two of another product',
    `${codeOf({ product: OTHER_PRODUCT })}\n${codeOf({ product: OTHER_PRODUCT, seats: 2 })}`,
    'wrong-product',
  ],
  ['another product, then a forged one', `${codeOf({ product: OTHER_PRODUCT })}\n${forged}`, 'forged'],
  ['a forged one, then another product', `${forged}\n${codeOf({ product: OTHER_PRODUCT })}`, 'forged'],
  [
    'an unknown key, then another product',
    `${codeOf({ keyId: KEY.stranger })}\n${codeOf({ product: OTHER_PRODUCT })}`,
    'unknown-key',
  ],
  [
    'another product, and one with two slips',
    `${mistyped(CODE)}\n${codeOf({ product: OTHER_PRODUCT })}`,
    'wrong-product',
  ],
  [
    'a genuine one behind five forged ones',
    `${[5, 6, 7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${CODE}`,
    'forged',
  ],
];

export function several(): ReadCase[] {
  return [
    ...ONE.map(([name, input, verdict, code]) =>
      readCase(`of one license: ${name}`, input, verdict, { code }),
    ),
    ...MANY.map(([name, input, choices, options]) =>
      readCase(`of several licenses: ${name}`, input, 'several', { ...options, choices }),
    ),
    ...NONE.map(([name, input, verdict]) => readCase(`of none: ${name}`, input, verdict)),
  ];
}
