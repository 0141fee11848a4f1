import test from 'ava';
import { toLicense } from '../../src/license-code/license.ts';
import { PRODUCT, record } from '../kit/sample-codes.ts';

test('a license has the content of its record in readable form, and is read-only', (t) => {
  const license = toLicense({ ...record, lastValid: 0xffff, updatesUntil: 1 }, PRODUCT);
  t.deepEqual(license, {
    id: '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671',
    product: PRODUCT,
    revision: 3,
    issued: '2026-11-21',
    lastValid: '2149-06-06',
    updatesUntil: '1970-01-02',
    seats: 5,
    features: 5,
    test: false,
    trial: false,
    keyId: 1,
  });
  t.true(Object.isFrozen(license));
});
