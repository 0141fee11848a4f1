import test from 'ava';
import { type Entitlement, isOnlyShorter, isSameEntitlement } from '../../../src/domain/values/license.ts';
import { ENTITLEMENT } from '../../kit/records.ts';

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

test('a code is only shorter where nothing but days is less, and neither day is later', (t) => {
  const before: Entitlement = { ...ENTITLEMENT, lastValid: '2027-11-21', updatesUntil: '2027-11-21' };
  const shorter: Partial<Entitlement>[] = [
    { lastValid: '2027-11-20' },
    { updatesUntil: '2027-11-20' },
    { lastValid: '2027-11-20', updatesUntil: '2027-11-20', issued: '2026-11-22' },
  ];
  for (const other of shorter) t.true(isOnlyShorter({ ...before, ...other }, before), JSON.stringify(other));
  const endless = { ...before, lastValid: null, updatesUntil: null };
  t.true(isOnlyShorter(before, endless));
  const others: Partial<Entitlement>[] = [
    {},
    { lastValid: '2027-11-22' },
    { lastValid: null },
    { lastValid: '2027-11-20', updatesUntil: '2027-11-22' },
    { lastValid: '2027-11-20', updatesUntil: null },
    { lastValid: '2027-11-20', seats: before.seats + 1 },
    { lastValid: '2027-11-20', features: before.features + 1 },
    { lastValid: '2027-11-20', trial: true },
  ];
  for (const other of others) t.false(isOnlyShorter({ ...before, ...other }, before), JSON.stringify(other));
});
