import test from 'ava';
import { licenseIdText } from '../../../src/domain/facts/license-subject.ts';
import { unitKey } from '../../../src/domain/sales/line-key.ts';
import { storedUnits } from '../../../src/domain/sales/stored-units.ts';
import { recordOf } from '../../kit/records.ts';

const [first, second, reissued] = [recordOf(), recordOf({ unit: 1 }), recordOf({ unit: 1, reissue: 1 })];
const otherOrder = recordOf({ order: 'B', unit: 2 });
const otherProduct = recordOf({ product: 'app', line: 'pro', unit: 3 });
const LICENSES = [first, second, reissued, otherOrder, otherProduct];

const stored = (...named: readonly (typeof first)[]) => [
  ...storedUnits(
    named.map(({ id }) => licenseIdText(id)),
    { order: 'A', product: 'pro' },
    LICENSES,
  ),
];

test('the units whose ids are stored count, and no others', (t) => {
  t.deepEqual(stored(), []);
  t.deepEqual(stored(second), [unitKey(second)]);
  t.deepEqual(stored(first, second), [unitKey(first), unitKey(second)]);
});

test('a unit counts once, by any license of the unit', (t) => {
  t.deepEqual(stored(reissued), [unitKey(second)]);
  t.deepEqual(stored(second, reissued), [unitKey(second)]);
});

test('the ids of another order and of another product of the order do not count', (t) => {
  t.deepEqual(stored(otherOrder), []);
  t.deepEqual(stored(otherProduct), []);
});
