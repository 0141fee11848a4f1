/** Sales whose money went back before they were delivered. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { isMoneyBack } from '../../../src/domain/flags/returned-sales.ts';
import { readView } from '../../../src/domain/view.ts';
import { productOf } from '../../kit/product.ts';
import { charged, paid, repaid, sold, told } from '../../kit/telling.ts';

const DAY = '2027-01-01';
const S = 'subscription:S';

/** Whether nothing is owed of order A. */
function isBack(
  facts: readonly Fact[],
  refund: 'revoke' | 'keep' = 'revoke',
  product: string | null = 'pro',
) {
  const sale = told(DAY, 'order:A', sold(product, { line: 'pro', subscription: 'S' }));
  const view = readView([sale, told(DAY, 'order:A', charged(10)), ...facts], []);
  const terms = productOf({ id: 'pro', refund });
  const [line] = view.lines;
  return line && isMoneyBack(line, view, { currentTerms: () => ({ digest: '', terms }) });
}

const refunded = (order: 'order:A' | 'order:B') => told('2027-01-05', order, { kind: 'refunded' });
const charge = (order: 'order:A' | 'order:B' | undefined, more = {}) =>
  told('2027-02-01', S, paid('2027-03-01', { ...(order && { charge: order }), ...more }), `paid ${order}`);

test('all money of the order has to be back, with that of each paid charge of its subscription', (t) => {
  t.false(isBack([]));
  t.false(isBack([told('2027-01-05', 'order:A', repaid(4))]), 'a part');
  t.true(isBack([refunded('order:A')]));
  t.true(isBack([told('2027-01-05', 'order:A', repaid(4)), told('2027-01-06', 'order:A', repaid(6))]));
  t.false(isBack([refunded('order:A'), charge('order:B')]));
  t.true(isBack([refunded('order:A'), charge('order:B'), refunded('order:B')]));
  t.true(isBack([refunded('order:A'), charge('order:B', { free: true })]), 'nothing was paid');
  t.false(isBack([refunded('order:A'), charge(undefined)]), 'a charge without a name');
});

test('with `refund: keep` the sale is owed all the same, unless its dispute was lost', (t) => {
  t.false(isBack([refunded('order:A')], 'keep'));
  t.true(isBack([told('2027-01-05', 'order:A', { kind: 'dispute-lost' })], 'keep'));
  t.true(isBack([refunded('order:A')], 'keep', null), 'no file names it');
});
