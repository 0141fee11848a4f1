import test from 'ava';
import { listingDay, withdrawalOf } from '../../src/domain/withdrawal.ts';

test('revoked and suspended licenses are listed at once, until the longest-lived of their codes has run out', (t) => {
  for (const state of ['revoked', 'suspended'] as const) {
    t.deepEqual(withdrawalOf(state, ['2027-01-31']), { listed: state, since: null, until: '2027-01-31' });
    t.is(withdrawalOf(state, ['2027-12-05', '2027-01-31', '2026-12-31'])?.until, '2027-12-05');
    t.is(withdrawalOf(state, ['2027-01-31', null, '2027-02-28'])?.until, null);
  }
});

test('an active license is never listed, whatever days its codes have', (t) => {
  for (const days of [['2026-01-31'], [null], ['2027-12-05', '2026-01-31'], [null, '2026-01-31']]) {
    t.is(withdrawalOf('active', days), undefined);
  }
});

test('an ended license is good up to its newest day, and listed as revoked while an older code goes further', (t) => {
  t.is(withdrawalOf('ended', ['2027-01-31']), undefined);
  t.is(withdrawalOf('ended', ['2026-12-31', '2027-01-31']), undefined);
  t.is(withdrawalOf('ended', ['2027-01-31', '2027-01-31']), undefined);
  t.is(withdrawalOf('ended', ['2027-01-31', null]), undefined, 'a fallback is good for good');
  const cut = { listed: 'revoked', since: '2027-01-31' } as const;
  t.deepEqual(withdrawalOf('ended', ['2027-02-14', '2027-01-31']), { ...cut, until: '2027-02-14' });
  t.deepEqual(withdrawalOf('ended', [null, '2027-02-14', '2027-01-31']), { ...cut, until: null });
});

test('a list is made for a day that the latest clock has reached: two days ago', (t) => {
  t.is(listingDay(Date.UTC(2026, 2, 1, 0, 0, 0)), '2026-02-27');
  t.is(listingDay(Date.UTC(2026, 2, 1, 23, 59, 59)), '2026-02-27');
});
