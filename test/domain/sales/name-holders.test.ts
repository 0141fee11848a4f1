/** Who holds a license issued by a subscription before its customer was known. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import { derive } from '../../../src/domain/derive.ts';
import { Draft } from '../../../src/domain/draft.ts';
import type { Customer } from '../../../src/domain/values/order.ts';
import { productOf } from '../../kit/product.ts';
import { recordOf } from '../../kit/records.ts';
import { sold, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const ADA: Customer = { name: 'Ada', email: 'ada@example.com' };

/** The customers after the licenses of S and of another order are derived, by number. */
function named(brought: Partial<LedgerLicense>, other: Partial<LedgerLicense>, subscription = 'S') {
  const world = new World([productOf({ id: 'pro' })], at(BEGUN));
  const licenses = [
    recordOf({ order: 'subscription:S', subscription: 'S', ...brought }),
    recordOf({ order: 'B', number: 2, subscription, ...other }),
  ];
  const facts = [told(BEGUN, 'order:B', sold('pro', { subscription }))];
  const draft = new Draft({ ...world.found, licenses, facts });
  derive(draft, world.rules, { now: world.now, news: [], codes: [] });
  return draft.changes.touches.flatMap(({ number, customer }) =>
    customer === undefined ? [] : [[number, customer]],
  );
}

test('a license without a customer gets the customer of another license of its subscription', (t) => {
  t.deepEqual(named({}, { customer: 5 }), [[1, 5]]);
  t.deepEqual(named({}, { customer: 5, holder: ADA }), [[1, 5]], 'the same row');
  t.deepEqual(named({}, { holder: ADA }), [[1, ADA]], 'the customer of the same act');
});

test('no customer is set if none is known for the subscription', (t) => {
  t.deepEqual(named({}, {}), []);
  t.deepEqual(named({}, { customer: 5 }, 'T'), []);
});

test('a license keeps its customer, and a license of an order gets no customer of another order', (t) => {
  t.deepEqual(named({ customer: 3 }, { customer: 5 }), []);
  t.deepEqual(named({ holder: ADA }, { customer: 5 }), []);
  t.deepEqual(named({ order: 'A' }, { customer: 5 }), []);
});
