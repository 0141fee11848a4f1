/** Features by name: bit i of the code and name i of the list. */
import { codeOf, KEY, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase, VectorLicense } from '../published.ts';

const NAMES = ['export', 'print', 'Größe ändern', 'toString'];
const ALL = Array.from({ length: 24 }, (_, bit) => `feature ${bit}`);

type Row = readonly [
  string,
  Partial<VectorLicense>,
  readonly string[],
  readonly string[],
  string?,
  Partial<ReadCase>?,
];

const ROWS: readonly Row[] = [
  ['none', { features: 0 }, NAMES, []],
  ['the first', { features: 1 }, NAMES, ['export']],
  ['the second', { features: 2 }, NAMES, ['print']],
  ['first and third', { features: 5 }, NAMES, ['export', 'Größe ändern']],
  ['the fourth, whose name every object has', { features: 8 }, NAMES, ['toString']],
  ['more than there are names for', { features: 0xffffff }, NAMES, NAMES],
  ['only such as there are no names for', { features: 0xfffff0 }, NAMES, []],
  ['no names', { features: 7 }, [], []],
  ['all of 24', { features: 0xffffff }, ALL, ALL],
  ['the last of 24', { features: 0x800000 }, ALL, ['feature 23']],
  ['the ninth of 24', { features: 0x100 }, ALL, ['feature 8']],
  ['the seventeenth of 24', { features: 0x10000 }, ALL, ['feature 16']],
  ['of an expired license', { features: 7, lastValid: '2026-11-20' }, NAMES, [], 'expired'],
  [
    'of a license whose updates ended',
    { features: 7, updatesUntil: '2026-11-20' },
    NAMES,
    [],
    'updates-ended',
    { buildDate: '2026-11-21' },
  ],
  ['of a test code', { features: 7, test: true, keyId: KEY.test }, NAMES, [], 'test-code'],
  [
    'of a test code where tests are accepted',
    { features: 3, test: true, keyId: KEY.test },
    NAMES,
    ['export', 'print'],
    'valid',
    { allowTest: true },
  ],
  ['of another product', { features: 7, product: OTHER_PRODUCT }, NAMES, [], 'wrong-product'],
];

export function features(): ReadCase[] {
  const code = codeOf({ features: 3 });
  const slip = `${code.slice(0, 50)}U${code.slice(51)}`;
  const other = codeOf({ features: 3, licenseId: 'fedcba98-7654-3210-fedc-ba9876543210' });
  const details = { features: NAMES, has: [] as string[] };
  return [
    ...ROWS.map(([name, license, names, has, verdict = 'valid', options = {}]) =>
      readCase(`features: ${name}`, codeOf(license), verdict, { ...options, features: names, has }),
    ),
    readCase('features: of a code with one slip', slip, 'valid', { ...details, has: ['export', 'print'] }),
    readCase('features: of a code with two slips', mistyped(code), 'mistyped', details),
    readCase('features: of several licenses', `${code}\n${other}`, 'several', details),
    readCase('features: of nothing', '', 'empty', details),
  ];
}
