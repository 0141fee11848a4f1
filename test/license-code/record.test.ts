import test from 'ava';
import { decodeRecord, encodeRecord, type LicenseRecord, productTag } from '../../src/license-code/record.ts';
import fc from '../kit/fast-check.ts';
import { PRODUCT, record } from '../kit/sample-codes.ts';

const two = fc.integer({ min: 0, max: 0xffff });
const day = fc.option(fc.integer({ min: 1, max: 0xffff }));
const records: fc.Arbitrary<LicenseRecord> = fc.record({
  test: fc.boolean(),
  trial: fc.boolean(),
  keyId: fc.integer({ min: 1, max: 255 }),
  licenseId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  revision: two,
  issued: two,
  lastValid: day,
  updatesUntil: day,
  seats: two,
  features: fc.integer({ min: 0, max: 0xffffff }),
});

test('an encoded record decodes to the same record', (t) => {
  fc.assert(
    fc.property(records, (each) => {
      t.deepEqual(decodeRecord(encodeRecord(each, PRODUCT)), {
        ...each,
        licenseId: Uint8Array.from(each.licenseId),
      });
    }),
  );
});

test('each field has its documented offset, big-endian', (t) => {
  const bytes = encodeRecord(
    {
      ...record,
      test: true,
      trial: true,
      keyId: 0xff,
      licenseId: new Uint8Array(16).fill(0xaa),
      revision: 0x0102,
      issued: 0x0304,
      lastValid: 0x0506,
      updatesUntil: 0x0708,
      seats: 0x090a,
      features: 0x0b0c0d,
    },
    PRODUCT,
  );
  const hex = Buffer.from(bytes).toString('hex');
  const tag = Buffer.from(productTag(PRODUCT)).toString('hex');
  t.is(hex, `13ff${tag}${'aa'.repeat(16)}0102030405060708090a0b0c0d`);
  t.is(bytes.length, 34);
});

const OUTSIDE: Partial<Record<keyof LicenseRecord, unknown[]>> = {
  keyId: [0, 256],
  licenseId: [new Uint8Array(15), new Uint8Array(17)],
  revision: [-1, 0x10000],
  issued: [-1, 0x10000],
  lastValid: [0, 0x10000],
  updatesUntil: [0, 0x10000],
  seats: [-1, 0x10000, 1.5, Number.NaN],
  features: [-1, 0x1000000],
};

for (const [field, values] of Object.entries(OUTSIDE)) {
  test(`a value outside the limits throws a RangeError: ${field}`, (t) => {
    for (const value of values) {
      t.throws(() => encodeRecord({ ...record, [field]: value }, PRODUCT), {
        instanceOf: RangeError,
        message: new RegExp(`^${field} `),
      });
    }
  });
}

test('a field of another type throws a TypeError', (t) => {
  for (const change of [
    { test: 1 },
    { trial: undefined },
    { seats: '5' },
    { licenseId: 'id' },
    { lastValid: undefined },
  ]) {
    t.throws(() => encodeRecord({ ...record, ...change } as never, PRODUCT), { instanceOf: TypeError });
  }
});

test('too few bytes, another version and a reserved bit throw a RangeError', (t) => {
  const bytes = encodeRecord(record, PRODUCT);
  t.throws(() => decodeRecord(bytes.subarray(1)), { instanceOf: RangeError });
  t.throws(() => decodeRecord(bytes.subarray(0, -1)), { instanceOf: RangeError });
  for (const first of [0x00, 0x20, 0x14, 0x18]) {
    bytes[0] = first;
    t.throws(() => decodeRecord(bytes), { instanceOf: RangeError });
  }
});
