/** Order references of unusual shape, many at once (fault 45). */
import test from 'ava';
import { fulfill } from '../../src/domain/requests/fulfill.ts';
import { benchFor, orderOf, productOf } from '../kit/memory-ledger.ts';

for (const [shape, oddReference, most] of [
  ['unusual', true, 5],
  ['usual', false, 30],
] as const) {
  test(`of 30 requests at once with references of ${shape} shape ${most} are answered`, async (t) => {
    const bench = benchFor();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        fulfill(orderOf({ order: `order-${place}` }), productOf(), bench, {
          facts: [],
          renewal: undefined,
          oddReference,
        }),
      ),
    );
    t.is(answers.filter(({ outcome }) => outcome === 'issued').length, most);
    t.is(answers.filter(({ outcome }) => outcome === 'odd').length, 30 - most);
  });
}
