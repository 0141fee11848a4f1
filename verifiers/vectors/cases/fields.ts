/** Each field at its limits: the day on which a verdict changes, the largest numbers, the first and last id. */
import { CODE, codeOf, flip, KEY, LICENSE, OTHER_PRODUCT, published, readCase } from '../build.ts';
import type { ReadCase, VectorLicense } from '../published.ts';
import { LONGEST_ASCII, LONGEST_NON_ASCII, mintCases } from './mint.ts';
import { twinProducts } from './twin-products.ts';

type Row = readonly [string, Partial<VectorLicense>, string, Partial<ReadCase>?];

const LATER = { buildDate: '2030-01-01' };
const OTHER_ID = 'fedcba98-7654-3210-fedc-ba9876543210';

const ROWS: readonly Row[] = [
  ['issued tomorrow', { issued: '2026-11-22' }, 'valid'],
  ['issued 2 days after today', { issued: '2026-11-23' }, 'valid'],
  ['issued 3 days after today', { issued: '2026-11-24', lastValid: '2030-01-01' }, 'not-yet-valid'],
  [
    'issued 2 days after today, over the end of a year',
    { issued: '2027-01-01' },
    'valid',
    { today: '2026-12-30' },
  ],
  [
    'issued 3 days after today, over a leap day',
    { issued: '2028-03-01', lastValid: '2030-01-01' },
    'not-yet-valid',
    { today: '2028-02-27' },
  ],
  ['issued 2 days after today, over a leap day', { issued: '2028-03-01' }, 'valid', { today: '2028-02-28' }],
  ['issued on day 0, perpetual', { issued: '1970-01-01' }, 'valid'],
  ['issued on day 65535, 2 days before', { issued: '2149-06-06' }, 'valid', { today: '2149-06-04' }],
  [
    'issued on day 65535, 3 days before',
    { issued: '2149-06-06', lastValid: '2149-06-06' },
    'not-yet-valid',
    { today: '2149-06-03' },
  ],
  ['last valid today', { lastValid: '2026-11-21' }, 'valid'],
  ['last valid yesterday', { lastValid: '2026-11-20' }, 'expired'],
  ['last valid tomorrow', { lastValid: '2026-11-22' }, 'valid'],
  [
    'last valid on day 1, that day',
    { issued: '1970-01-01', lastValid: '1970-01-02' },
    'valid',
    { today: '1970-01-02' },
  ],
  ['last valid on day 1, long ago', { issued: '1970-01-01', lastValid: '1970-01-02' }, 'expired'],
  ['last valid on day 65535, that day', { lastValid: '2149-06-06' }, 'valid', { today: '2149-06-06' }],
  ['last valid on day 65535, the day after', { lastValid: '2149-06-06' }, 'expired', { today: '2149-06-07' }],
  ['last valid on a leap day, that day', { lastValid: '2028-02-29' }, 'valid', { today: '2028-02-29' }],
  [
    'last valid on a leap day, the day after',
    { lastValid: '2028-02-29' },
    'expired',
    { today: '2028-03-01' },
  ],
  ['perpetual, far in the future', {}, 'valid', { today: '2199-12-31' }],
  ['updates until the build date', { updatesUntil: '2026-11-21' }, 'valid', { buildDate: '2026-11-21' }],
  [
    'updates until the day before the build date',
    { updatesUntil: '2026-11-20' },
    'updates-ended',
    { buildDate: '2026-11-21' },
  ],
  [
    'updates until before today, build older',
    { updatesUntil: '2026-11-20' },
    'valid',
    { buildDate: '2026-11-20' },
  ],
  ['updates until before today, build date not given', { updatesUntil: '2026-11-20' }, 'valid'],
  ['updates until day 1, a newer build', { updatesUntil: '1970-01-02' }, 'updates-ended', LATER],
  [
    'updates until day 65535, that build',
    { updatesUntil: '2149-06-06' },
    'valid',
    { buildDate: '2149-06-06' },
  ],
  [
    'updates until day 65535, the build after',
    { updatesUntil: '2149-06-06' },
    'updates-ended',
    { buildDate: '2149-06-07' },
  ],
  ['no end of updates, a build far in the future', {}, 'valid', { buildDate: '2199-12-31' }],
  [
    'updates ended, and valid for years',
    { lastValid: '2035-01-01', updatesUntil: '2029-12-31' },
    'updates-ended',
    LATER,
  ],
  ['another license is on the revocation list', {}, 'valid', { revoked: [OTHER_ID] }],
  [
    'second of three on the revocation list',
    { licenseId: OTHER_ID },
    'revoked',
    {
      revoked: ['00000000-0000-0000-0000-000000000000', OTHER_ID, LICENSE.licenseId],
    },
  ],
  [
    'the id of all zero bits on the revocation list',
    { licenseId: '00000000-0000-0000-0000-000000000000' },
    'revoked',
    {
      revoked: ['00000000-0000-0000-0000-000000000000'],
    },
  ],
  ['a later revision of a revoked license', { revision: 7 }, 'revoked', { revoked: [LICENSE.licenseId] }],
  ['a live code where tests are accepted', {}, 'valid', { allowTest: true }],
  ['a trial', { trial: true }, 'valid'],
  ['a trial, expired', { trial: true, lastValid: '2026-11-20' }, 'expired'],
  ['a test code of a trial', { test: true, trial: true, keyId: KEY.test }, 'test-code'],
  [
    'a test code of a trial where tests are accepted',
    { test: true, trial: true, keyId: KEY.test },
    'valid',
    { allowTest: true },
  ],
  [
    'a test code, expired, where tests are accepted',
    { test: true, keyId: KEY.test, lastValid: '2026-11-20' },
    'expired',
    { allowTest: true },
  ],
  [
    'a test code, revoked, where tests are accepted',
    { test: true, keyId: KEY.test },
    'revoked',
    {
      allowTest: true,
      revoked: [LICENSE.licenseId],
    },
  ],
];

/** A product id is compared by its bytes, and a code contains only its tag. */
function products(): ReadCase[] {
  const decomposed = 'fotoğraf-düzenleyici'.normalize('NFD');
  const [one, twin] = twinProducts();
  const ofOne = codeOf({ product: one });
  return [
    readCase('product id of 1 byte', codeOf({ product: 'a' }), 'valid', { product: 'a' }),
    readCase('product id of 64 bytes', codeOf({ product: LONGEST_ASCII }), 'valid', {
      product: LONGEST_ASCII,
    }),
    readCase(
      'product id of 64 bytes, read as its first 63',
      codeOf({ product: LONGEST_ASCII }),
      'wrong-product',
      {
        product: LONGEST_ASCII.slice(0, -1),
      },
    ),
    readCase('product id of 64 bytes in 16 characters', codeOf({ product: LONGEST_NON_ASCII }), 'valid', {
      product: LONGEST_NON_ASCII,
    }),
    readCase('non-ASCII product id', codeOf({ product: decomposed.normalize('NFC') }), 'valid', {
      product: decomposed.normalize('NFC'),
    }),
    readCase('decomposed product id', codeOf({ product: decomposed }), 'valid', { product: decomposed }),
    readCase(
      'the same letters decomposed are another product',
      codeOf({ product: decomposed }),
      'wrong-product',
      {
        product: decomposed.normalize('NFC'),
      },
    ),
    readCase('another case is another product', CODE, 'wrong-product', { product: 'Acme-Editor' }),
    readCase('the beginning of the product id is another product', CODE, 'wrong-product', {
      product: 'acme',
    }),
    readCase('a product id that goes on is another product', CODE, 'wrong-product', {
      product: 'acme-editor-2',
    }),
    readCase('a product whose tag is that of another', ofOne, 'valid', { product: one }),
    readCase('the other product of that tag', ofOne, 'forged', { product: twin }),
    readCase('only the last byte of the tag differs', codeOf({}, KEY.live, flip(4)), 'wrong-product'),
    readCase('only the first byte of the tag differs', codeOf({}, KEY.live, flip(2, 7)), 'wrong-product'),
    readCase(
      "another product's code, expired",
      codeOf({ product: OTHER_PRODUCT, lastValid: '2026-11-20' }),
      'wrong-product',
    ),
  ];
}

/** Keys, versions and flags, all with a valid signature. */
function versionsAndKeys(): ReadCase[] {
  const withFirstByte = (byte: number) =>
    codeOf({}, KEY.live, (bytes) => {
      bytes[0] = byte;
    });
  return [
    readCase('version 0', withFirstByte(0x00), 'unsupported-version'),
    readCase('version 2', withFirstByte(0x20), 'unsupported-version'),
    readCase('version 9, which has the bit of version 1', withFirstByte(0x90), 'unsupported-version'),
    readCase('version 15', withFirstByte(0xf0), 'unsupported-version'),
    readCase('reserved bit 2, properly signed', withFirstByte(0x14), 'unsupported-version'),
    readCase('reserved bit 3, properly signed', withFirstByte(0x18), 'unsupported-version'),
    readCase('both reserved bits and the trial bit', withFirstByte(0x1e), 'unsupported-version'),
    readCase('key id 255', codeOf({ keyId: KEY.last }), 'valid'),
    readCase('the second live key', codeOf({ keyId: KEY.secondLive }), 'valid'),
    readCase(
      'key id 0',
      codeOf({}, KEY.live, (bytes) => bytes.fill(0, 1, 2)),
      'unknown-key',
    ),
    readCase('key id 254', codeOf({ keyId: 254 }, KEY.live), 'unknown-key'),
    readCase('a key that is not in the keyring', codeOf({ keyId: KEY.stranger }), 'unknown-key'),
  ];
}

/** Each published code and each new code has the verdict of its dates on its day. */
function minted(): ReadCase[] {
  const valid = [...published.mint, ...mintCases()].filter(
    ({ license }) => license.lastValid !== '2025-02-03',
  );
  return valid.map(({ name, license, code }) =>
    readCase(`minted: ${name}`, code, 'valid', {
      product: license.product,
      today: license.issued,
      allowTest: license.test,
    }),
  );
}

export function fields(): ReadCase[] {
  const rows = ROWS.map(([name, changes, verdict, options]) =>
    readCase(name, codeOf(changes), verdict, options),
  );
  return [...rows, ...products(), ...versionsAndKeys(), ...minted()];
}
