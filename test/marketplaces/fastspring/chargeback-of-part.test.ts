/** A chargeback of less than its charge came to does not say which license it is of. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { at, World } from '../../kit/world.ts';
import { day, factsOf, order, sold } from './reading.ts';

const PRODUCTS = [sold('app', [], { term: 'perpetual' }), sold('plan', [], { term: 'P1M', grace: 'P14D' })];
const tell = factsOf(PRODUCTS);
const APP = { product: 'app', quantity: 2, subtotal: 100 };
const PLAN = { product: 'plan', quantity: 1, subtotal: 100, subscription: 's1' };

const sale = (item: object) =>
  tell('order.completed', order([item], { total: 100 }), 'sale', day('2026-11-01'));

function dispute(chargebackAmount: number | undefined, status = 'NEW', more: object = {}): readonly Fact[] {
  const data = { id: 'o1', order: 'o1', processorCaseId: 'c1', status, chargebackAmount, currency: 'EUR' };
  const on = status === 'NEW' ? '2026-11-02' : '2026-11-20';
  return tell('chargeback.created', { ...data, ...more }, `${status} ${chargebackAmount}`, day(on));
}

/** The states of the licenses, and the flags about chargebacks. */
function end(...events: readonly (readonly Fact[])[]) {
  const world = new World(PRODUCTS, at('2026-11-25'));
  for (const facts of events) world.tell(facts);
  const states = [...new Set(world.records.map(({ state }) => state))].join();
  return [states, ...world.flags.filter((flag) => flag.includes('chargeback'))];
}

const flagOf = (what: string, amount = '1.00 EUR') =>
  `unclear: Order R1: ${what} of ${amount} of 100.00 EUR does not say which license it is of: nothing was changed`;
const PART = ['active', flagOf('a chargeback')];

test('a chargeback of a part of the order changes no license and is flagged with both amounts, in any order', (t) => {
  for (const item of [APP, PLAN]) {
    t.deepEqual(end(sale(item), dispute(1)), PART);
    t.deepEqual(end(dispute(1), sale(item)), PART);
    t.deepEqual(end(sale(item), dispute(1), dispute(1)), PART, 'sent again');
  }
  t.deepEqual(end(sale(APP), dispute(99.98)), ['active', flagOf('a chargeback', '99.98 EUR')]);
});

test('a lost chargeback of a part takes nothing either; a won one settles the flag', (t) => {
  const lost = flagOf('a lost chargeback');
  t.deepEqual(end(sale(APP), dispute(1), dispute(1, 'LOST')), ['active', lost], 'one dispute has one flag');
  t.deepEqual(end(sale(APP), dispute(1, 'LOST'), dispute(1)), ['active', lost], 'in any order');
  const other = dispute(1, 'LOST', { processorCaseId: 'c2' });
  t.deepEqual(end(sale(APP), dispute(1), other), [...PART, lost], 'of two disputes each has its own');
  t.deepEqual(end(sale(APP), dispute(1, 'LOST')), ['active', lost]);
  t.deepEqual(end(dispute(1, 'LOST'), sale(APP)), ['active', lost]);
  t.deepEqual(end(sale(APP), dispute(1), dispute(1, 'WON')), ['active']);
  t.deepEqual(end(dispute(1, 'WON'), dispute(1), sale(APP)), ['active']);
});

test('control: a chargeback of the whole order, or without an amount, revokes what was sold once and suspends a subscription', (t) => {
  for (const amount of [100, 120, undefined]) {
    t.deepEqual(end(sale(APP), dispute(amount)), ['revoked'], `${amount}`);
    t.deepEqual(end(sale(PLAN), dispute(amount)), ['suspended'], `${amount}`);
    t.deepEqual(end(sale(PLAN), dispute(amount), dispute(amount, 'LOST')), ['revoked'], `${amount}`);
  }
});

test('an amount in another currency is not compared: it is flagged', (t) => {
  t.deepEqual(end(sale(APP), dispute(500, 'NEW', { currency: 'USD' })), [
    'active',
    flagOf('a chargeback', '500.00 USD'),
  ]);
});

test('control: a chargeback of an order that is not known is not flagged', (t) => {
  t.deepEqual(end(dispute(1)), ['']);
});
