import test from 'ava';
import {
  orderIdOf,
  orderOf,
  orderSubject,
  subscriptionOf,
  subscriptionSubject,
} from '../../../src/domain/values/order-subject.ts';

test('each kind of name is parsed only by its own function', (t) => {
  const parts = (name: string) => [orderOf(name), orderIdOf(name), subscriptionOf(name)];
  t.deepEqual(parts('order:A'), ['A', undefined, undefined]);
  t.deepEqual(parts('order-id:1'), [undefined, '1', undefined]);
  t.deepEqual(parts('subscription:S'), [undefined, undefined, 'S']);
  t.deepEqual(parts('A:order:1'), [undefined, undefined, undefined]);
});

test('the subject of an order is parsed to the same order', (t) => {
  t.is(orderOf(orderSubject('621267-5045403')), '621267-5045403');
  t.is(subscriptionOf(subscriptionSubject('S')), 'S');
});

test('an order that a subscription stands for is the subscription', (t) => {
  t.is(orderSubject(subscriptionSubject('S')), 'subscription:S');
});
