import test from 'ava';
import { type Entitlement, isSameEntitlement } from '../../src/domain/license.ts';
import { ENTITLEMENT } from '../kit/records.ts';

test('a code is minted anew for another day, seat, feature or trial, and not for another day of issue', (t) => {
  const others: Partial<Entitlement>[] = [
    { lastValid: null },
    { updatesUntil: '2027-11-22' },
    { seats: 2 },
    { features: 1 },
    { trial: true },
  ];
  for (const other of others) {
    t.false(isSameEntitlement(ENTITLEMENT, { ...ENTITLEMENT, ...other }), JSON.stringify(other));
  }
  t.true(isSameEntitlement(ENTITLEMENT, { ...ENTITLEMENT, issued: '2026-11-22' }));
});
