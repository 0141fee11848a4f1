import test from 'ava';
import { isBeyond, isNear } from '../../../src/domain/subscriptions/charge-days.ts';

test('a day is beyond another from the fourth day after it on', (t) => {
  t.false(isBeyond('2027-01-31', '2027-02-01'));
  t.false(isBeyond('2027-02-04', '2027-02-01'));
  t.true(isBeyond('2027-02-05', '2027-02-01'));
});

test('a charge is near its request within ten days before and after', (t) => {
  t.true(isNear('2027-02-01', '2027-02-11'));
  t.true(isNear('2027-02-11', '2027-02-01'));
  t.false(isNear('2027-02-01', '2027-02-12'));
  t.false(isNear('2027-02-12', '2027-02-01'));
});
