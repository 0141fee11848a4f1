/** The return of what an order was paid for, beside a trial that cost nothing. */
import test from 'ava';
import { at, World } from '../../kit/world.ts';
import { day, factsOf, order, sold, subscription } from './reading.ts';

const PRODUCTS = [sold('app', [], { term: 'perpetual' }), sold('plan', [], { term: 'P1M', grace: 'P14D' })];
const tell = factsOf(PRODUCTS);
const BEGUN = day('2026-11-01');
const TRIAL = subscription({
  ...{ id: 's1', subscription: 's1', product: 'plan', state: 'trial', sequence: 1 },
  ...{ nextChargeDate: day('2026-11-15'), next: day('2026-11-15') },
});
const APP = { product: 'app', quantity: 1, subtotal: 39 };
const PLAN = { product: 'plan', quantity: 1, subtotal: 0, subscription: TRIAL };

/** The states after the sale, with the return before it or after it. */
function end(items: readonly object[], back: object | undefined, first: 'sale' | 'return' = 'sale') {
  const world = new World(PRODUCTS, at('2026-11-05'));
  const events = [
    tell('order.completed', order(items, { total: 39 }), 'sale', BEGUN),
    ...(back === undefined ? [] : [tell('return.created', back, 'back', day('2026-11-04'))]),
  ];
  for (const facts of first === 'sale' ? events : events.reverse()) world.tell(facts);
  return [world.licenses.map((license) => license.split('/').slice(1).join('/')), world.flags] as const;
}

const returned = (items: readonly object[], more: object = {}) => ({
  ...{
    return: 'r1',
    reference: 'R1X',
    totalReturn: 39,
    subtotal: 39,
    tax: 0,
    currency: 'EUR',
    type: 'RETURN',
  },
  original: { id: 'o1', order: 'o1', reference: 'R1', total: 39, subscriptions: ['s1'] },
  ...{ items, ...more },
});
const WHOLE = { quantity: 1, refundType: 'Full Refund' };
const OF_APP = { ...WHOLE, product: 'app', subtotal: 39 };

test('the return of a line that paid for all of the order leaves the trial that was sold with it', (t) => {
  const [sale] = end([APP, PLAN], undefined);
  t.deepEqual(sale, ['app/app/0 active perpetual', 'plan/plan/0 active 2026-11-29']);
  for (const first of ['sale', 'return'] as const)
    t.deepEqual(
      end([APP, PLAN], returned([OF_APP]), first),
      [['app/app/0 revoked perpetual', 'plan/plan/0 active 2026-11-29'], []],
      first,
    );
});

test('control: a return that names the trial, or no line, takes it, and so does the return of what was no trial', (t) => {
  const states = (...of: Parameters<typeof end>) =>
    end(...of)[0].map((license) => license.split(' ').slice(0, 2).join(' '));
  const ALL = ['app/app/0 revoked', 'plan/plan/0 revoked'];
  const named = returned([OF_APP, { ...WHOLE, product: 'plan', subtotal: 0, subscription: 's1' }]);
  t.deepEqual(states([APP, PLAN], named), ALL);
  t.deepEqual(states([APP, PLAN], returned([OF_APP, { product: 'plan', quantity: 1, subtotal: 0 }])), ALL);
  t.deepEqual(states([APP, PLAN], returned([])), ALL);
  const free = { ...PLAN, subscription: { ...TRIAL, state: 'active' } };
  t.deepEqual(states([APP, free], returned([OF_APP])), ALL);
});
