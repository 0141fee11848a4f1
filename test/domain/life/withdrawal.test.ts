import test from 'ava';
import { isSameWithdrawal, laterDay, listingDay, withdrawalOf } from '../../../src/domain/life/withdrawal.ts';

test('revoked and suspended licenses are listed at once, until their last code expires', (t) => {
  for (const state of ['revoked', 'suspended'] as const) {
    const listed = { listed: state, since: null } as const;
    t.deepEqual(withdrawalOf(state, '2027-01-31', '2027-01-31'), { ...listed, until: '2027-01-31' });
    t.deepEqual(withdrawalOf(state, '2026-12-31', '2027-12-05'), { ...listed, until: '2027-12-05' });
    t.deepEqual(withdrawalOf(state, '2027-02-28', null), { ...listed, until: null });
  }
});

test('active and ended licenses are not listed if the newest code is valid longest', (t) => {
  for (const state of ['active', 'ended'] as const) {
    t.is(withdrawalOf(state, '2027-01-31', '2027-01-31'), undefined);
    t.is(withdrawalOf(state, null, null), undefined);
  }
});

test('active and ended licenses are listed as revoked after the newest code’s day, while an older code is valid (12)', (t) => {
  for (const state of ['active', 'ended'] as const) {
    const cut = { listed: 'revoked', since: '2027-01-31' } as const;
    t.deepEqual(withdrawalOf(state, '2027-01-31', '2027-02-14'), { ...cut, until: '2027-02-14' });
    t.deepEqual(withdrawalOf(state, '2027-01-31', null), { ...cut, until: null });
  }
});

test('a list is made for a day that every clock has reached: two days ago', (t) => {
  t.is(listingDay(Date.UTC(2026, 2, 1, 0, 0, 0)), '2026-02-27');
  t.is(listingDay(Date.UTC(2026, 2, 1, 23, 59, 59)), '2026-02-27');
});

test('of two last valid days the perpetual day is the later', (t) => {
  t.is(laterDay('2027-01-31', '2027-02-14'), '2027-02-14');
  t.is(laterDay('2027-02-14', '2027-01-31'), '2027-02-14');
  t.is(laterDay(null, '2027-01-31'), null);
  t.is(laterDay('2027-01-31', null), null);
});

test('two entries are equal if state and both days are equal', (t) => {
  const entry = { listed: 'revoked', since: '2027-01-31', until: '2027-02-14' } as const;
  t.true(isSameWithdrawal(entry, { ...entry }));
  t.true(isSameWithdrawal(undefined, undefined));
  for (const other of [
    { ...entry, listed: 'suspended' as const },
    { ...entry, since: null },
    { ...entry, until: null },
    undefined,
  ]) {
    t.false(isSameWithdrawal(entry, other));
    t.false(isSameWithdrawal(other, entry));
  }
});
