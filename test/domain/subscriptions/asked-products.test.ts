/** A license request for a later charge pays, by assumption, for what it asks for. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const S = 'subscription:S';
const pro = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });
const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P7D' });

/** Licenses of these products, paid to February. */
function begun(...products: readonly string[]): World {
  const world = new World([pro, basic], at('2027-01-01'));
  for (const product of products) {
    world.ask({ order: 'A', product, line: product });
    world.tell([told('2027-01-01', 'order:A', sold(product, { price: 10, subscription: 'S' }), product)]);
  }
  world.tell([told('2027-01-01', 'order:A', charged(10)), told('2027-01-01', S, dated('2027-02-01'))]);
  return world;
}

function ask(world: World, order: string, product: string): World {
  world.now = at('2027-02-01');
  const body = { kind: 'asked', order, line: product, product, quantity: 1 } as const;
  const facts = [told('2027-02-01', S, body, `asked ${order} ${product}`)];
  world.ask({ order, product, line: product }, { facts, subscription: 'S' });
  return world;
}

const announced: readonly Fact[] = [
  told('2027-01-10', S, { kind: 'announced', product: 'basic', line: 'basic', quantity: 1 }),
];

test('faults 63: a request for the next plan extends no license of the plan before, whichever comes first', (t) => {
  const told = begun('pro');
  told.tell(announced);
  const asked = ask(begun('pro'), 'B', 'basic');
  asked.tell(announced);
  for (const world of [ask(told, 'B', 'basic'), asked, ask(begun('pro'), 'B', 'basic')]) {
    t.is(world.licenses[0], 'A/pro/pro/0 active 2027-02-08');
    t.regex(world.licenses.slice(1).join(), /^[^,]*basic\/0 active 2027-03-08$/);
  }
});

test('each product of a subscription is extended by its own request, and by the charge of both', (t) => {
  const world = ask(begun('pro', 'basic'), 'B', 'pro');
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-03-08', 'A/basic/basic/0 active 2027-02-08']);
  const both = ['A/pro/pro/0 active 2027-03-08', 'A/basic/basic/0 active 2027-03-08'];
  t.deepEqual(ask(world, 'B', 'basic').licenses, both);
  const pay = paid('2027-03-01', { charge: 'order-id:2', covers: [...covers('pro'), ...covers('basic')] });
  const charge = [told('2027-02-01', 'order-id:2', tie(S)), told('2027-02-01', S, pay)];
  const one = ask(begun('pro', 'basic'), 'B', 'pro');
  one.tell(charge);
  t.deepEqual(one.licenses, both);
});

test('a request for the product of a license extends it, the control', (t) => {
  t.deepEqual(ask(begun('pro'), 'B', 'pro').licenses, ['A/pro/pro/0 active 2027-03-08']);
});
