import test from 'ava';
import { formatLicenseId, parseLicenseId } from '../../src/license-code/license-id.ts';

const TEXT = '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671';

test('a license id is formatted as 8-4-4-4-12 in lower case and parsed in either case', (t) => {
  t.is(formatLicenseId(parseLicenseId(TEXT)), TEXT);
  t.deepEqual(parseLicenseId(TEXT.toUpperCase()), parseLicenseId(TEXT));
  t.is(formatLicenseId(new Uint8Array(16)), '00000000-0000-0000-0000-000000000000');
});

test('an invalid license id throws a RangeError', (t) => {
  for (const text of [
    '',
    TEXT.replaceAll('-', ''),
    `${TEXT}0`,
    `0${TEXT}`,
    `${TEXT}\n`,
    TEXT.replace('a', 'g'),
  ]) {
    t.throws(() => parseLicenseId(text), { instanceOf: RangeError });
  }
  t.throws(() => formatLicenseId(new Uint8Array(15)), { instanceOf: RangeError });
});
