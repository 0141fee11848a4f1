/** Order references of unusual shape, many at once (fault 45). */
import test from 'ava';
import { fulfill } from '../../src/domain/fulfill.ts';
import { Handouts } from '../../src/domain/handouts.ts';
import { openWithMessage, orderOf, SOLD_AT, soldProduct } from '../kit/ledger-file.ts';

for (const [shape, oddReference, most] of [
  ['unusual', true, 5],
  ['usual', false, 30],
] as const) {
  test(`of 30 requests at once with references of ${shape} shape ${most} are answered`, async (t) => {
    const { ledger } = await openWithMessage(t);
    const parts = { ledger, handouts: new Handouts(), now: () => SOLD_AT };
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        fulfill(orderOf({ order: `order-${place}`, marketplace: 'fastspring' }), soldProduct('app'), parts, {
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
