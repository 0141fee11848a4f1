/** Flags about money that went back in part. */
import test from 'ava';
import type { Fact } from '../../src/domain/fact.ts';
import { charged, repaid, sold, told } from './telling.ts';
import { after, BEGUN, begin, rebill, subscribed } from './watched.ts';

test('fault 1, 31: a part that went back is flagged with amount and order, and no longer once all went back', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const reason = 'partial-refund: 5.00 EUR of 39.00 of order A went back: nothing was revoked';
  t.deepEqual(
    after(
      world,
      '2027-01-01',
      told(BEGUN, 'order:A', sold('app')),
      told(BEGUN, 'order:A', charged(39)),
      told(BEGUN, 'order:A', repaid(5, { lines: [] })),
    ),
    [reason],
  );
  t.deepEqual(
    after(world, '2027-01-02', told('2027-01-02', 'order:A', repaid(null))).at(-1),
    'partial-refund: An amount that is not told of 39.00 of order A went back: nothing was revoked',
  );
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(34))), []);
  t.is(world.story.flags[0]?.settledBy, 'by itself: its cause is gone');
});

test('a part whose currency or total is not told is flagged all the same; tax alone is not', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', repaid(5, { currency: null }))), [
    'partial-refund: 5.00 of order A went back: nothing was revoked',
  ]);
  const tax = begin();
  tax.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(tax, BEGUN, told(BEGUN, 'order:A', repaid(5, { tax: true }))), []);
});

test('a return that took a line or a unit is not flagged; one by amount is', (t) => {
  const flags = (amount: number, quantity: number, line = 'app') => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
    const lines = [{ line, amount, quantity, full: false }];
    return after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', charged(60)),
      told(BEGUN, 'order:A', sold('app', { quantity: 2, price: 40 })),
      told('2027-01-02', 'order:A', repaid(amount, { lines })),
    ).length;
  };
  t.is(flags(20, 1), 0);
  t.is(flags(40, 0), 0);
  t.is(flags(20, 0), 1);
  t.is(flags(5, 1), 1);
  t.is(flags(20, 1, 'other'), 1);
});

test('a part of a subscription’s charge is flagged, and one of an unknown order is not', (t) => {
  const world = subscribed();
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  const part = (subject: Fact['subject']) => told('2027-02-02', subject, repaid(5), `part ${subject}`);
  t.deepEqual(after(world, '2027-02-02', part('order-id:2'), part('order-id:9')), [
    'partial-refund: 5.00 EUR of 10.00 of order 2 went back: nothing was revoked',
  ]);
  t.is(world.story.flags[0]?.product, 'pro');
});
