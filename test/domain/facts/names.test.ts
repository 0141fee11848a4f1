import test from 'ava';
import type { Fact, Subject } from '../../../src/domain/facts/fact.ts';
import { namesTold, readNames } from '../../../src/domain/facts/names.ts';
import { paid, sold, tie, told } from '../../kit/telling.ts';

const ties = (...pairs: readonly (readonly [Subject, Subject])[]): readonly Fact[] =>
  pairs.map(([one, other]) => told('2027-01-01', one, tie(other), `${one} ${other}`));
const namesOf = (facts: readonly Fact[], licensed: readonly string[] = []) =>
  readNames(facts, new Set(licensed));

test('a subject without an alias names itself', (t) => {
  const names = namesOf([]);
  for (const name of ['order:A', 'order-id:1', 'case:7'] as const) t.is(names.of(name), name);
  t.deepEqual([...names.chargedTo('order:A')], []);
});

test('the canonical name of an order is its reference, else its internal id, else its case', (t) => {
  const names = namesOf(ties(['order-id:1', 'order:A'], ['case:7', 'order-id:1'], ['case:8', 'order-id:2']));
  for (const name of ['order:A', 'order-id:1', 'case:7'] as const) t.is(names.of(name), 'order:A');
  for (const name of ['order-id:2', 'case:8'] as const) t.is(names.of(name), 'order-id:2');
});

test('of two references the one with licenses names the order, else always the same reference', (t) => {
  const pairs = ties(['order:B', 'order:A']);
  for (const facts of [pairs, ties(['order:A', 'order:B'])]) {
    t.is(namesOf(facts).of('order:B'), 'order:A');
    t.is(namesOf(facts, ['B']).of('order:A'), 'order:B');
    t.is(namesOf(facts, ['A', 'B']).of('order:B'), 'order:A');
  }
});

test('fault 18: a license request with the internal id belongs to the same order as the reference', (t) => {
  const names = namesOf(ties(['order-id:1', 'order:A']), ['1']);
  for (const name of ['order:1', 'order-id:1', 'order:A'] as const) t.is(names.of(name), 'order:1');
  t.is(namesOf(ties(['order-id:1', 'order:A'])).of('order:1'), 'order:1');
  t.is(namesOf([told('2027-01-01', 'order-id:1', { kind: 'disputed' })], ['1']).of('order-id:1'), 'order:1');
});

test('an order is a charge of its aliased subscriptions, under each of its names', (t) => {
  const names = namesOf(
    ties(
      ['order-id:2', 'subscription:S'],
      ['order-id:2', 'order:B'],
      ['order:B', 'subscription:T'],
      ['order:C', 'subscription:S'],
    ),
  );
  for (const name of ['order-id:2', 'order:B'] as const)
    t.deepEqual([...names.chargedTo(name)].sort(), ['S', 'T']);
  t.deepEqual([...names.chargedTo('order:C')], ['S']);
});

test('two charges of one subscription stay two orders', (t) => {
  const names = namesOf(ties(['order-id:2', 'subscription:S'], ['order-id:3', 'subscription:S']));
  t.is(names.of('order-id:2'), 'order-id:2');
  t.is(names.of('order-id:3'), 'order-id:3');
});

test('an order that is said to be a charge, unless it is a sale, is none once it is sold or has a license', (t) => {
  const unsold = told('2027-01-01', 'order:B', { ...tie('subscription:S'), unsold: true });
  const charged = (facts: readonly Fact[], licensed: readonly string[] = []) =>
    [...namesOf([unsold, ...facts], licensed).chargedTo('order:B')].join();
  t.is(charged([]), 'S');
  t.is(charged([], ['B']), '');
  t.is(charged([], ['A']), 'S');
  t.is(charged([told('2027-01-01', 'order:B', sold('app'))]), '');
  t.is(charged([told('2027-01-01', 'order:A', sold('app'))]), 'S');
  t.is(charged([told('2027-01-01', 'order:B', { kind: 'refunded' })]), 'S');
  t.is(charged([told('2027-01-01', 'order-id:2', sold('app')), ...ties(['order-id:2', 'order:B'])]), '');
  const [known] = ties(['order:B', 'subscription:S']);
  t.deepEqual([...namesOf([known!], ['B']).chargedTo('order:B')], ['S'], 'the control');
});

test('a fact tells the names of its subject, of what this is joined with, and of its charge or request', (t) => {
  const tells = (subject: Subject, body: Fact['body']) => namesTold(told('2027-01-01', subject, body));
  t.deepEqual(tells('order-id:1', tie('order:A')), ['order-id:1', 'order:A']);
  t.deepEqual(tells('subscription:S', paid(null, { charge: 'order:B' })), ['subscription:S', 'order:B']);
  t.deepEqual(tells('subscription:S', paid(null)), ['subscription:S']);
  const asked = { kind: 'asked', order: 'C', line: '', product: 'app', quantity: 1 } as const;
  t.deepEqual(tells('subscription:S', asked), ['subscription:S', 'order:C']);
  t.deepEqual(tells('order:A', { kind: 'refunded' }), ['order:A']);
});
