import test from 'ava';
import { factText } from '../../src/message/fact-text.ts';

test('a subscription that is said to be active is not told as paid: no payment was named', (t) => {
  t.is(factText({ kind: 'recovered' }), 'active: no payment is overdue');
});

test('another name of an order is told in words, not as the ledger spells it', (t) => {
  t.is(factText({ kind: 'alias', of: 'order:A:1' }), 'is another name of order A:1');
  t.is(factText({ kind: 'alias', of: 'order-id:7' }), 'is another name of order id 7');
});

test('one unit and one code are told in the singular', (t) => {
  t.is(factText({ kind: 'confirmed', quantity: 1 }), 'paid: 1 unit');
  t.is(factText({ kind: 'confirmed', quantity: 2 }), 'paid: 2 units');
  t.is(factText({ kind: 'stored', licenses: ['a'] }), 'the marketplace stored 1 code');
});
