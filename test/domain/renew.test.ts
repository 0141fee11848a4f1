/** What renewOrFulfill asks the ledger; what comes of it is in test/storage/sqlite/renewing.test.ts. */
import test from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { renewOrFulfill } from '../../src/domain/renew.ts';
import { orderOf } from '../storage/support.ts';
import { type Bench, benchFor, productOf } from './support.ts';

const RENEWAL = { subscription: 'S1', sequence: 2, facts: [] };

const refuse = async () => {
  throw new Error('there is nothing to renew');
};

/** The bench with a ledger that knows these orders of the subscription, and renews by this. */
function knowing(bench: Bench, orders: readonly string[], renew: Ledger['renew']) {
  const { ledger } = bench;
  const known = {
    findOrder: (key) => ledger.findOrder(key),
    issue: (issue) => ledger.issue(issue),
    findSubscription: async () => orders,
    renew,
  } satisfies Partial<Ledger>;
  return { ...bench, ledger: known as Partial<Ledger> as Ledger };
}

test('a rebill is answered with what was renewed, and issues nothing', async (t) => {
  const bench = await benchFor(t);
  const parts = knowing(bench, ['1'], async () => bench.ledger.findOrder(orderOf()));
  const first = await renewOrFulfill(orderOf(), productOf(), knowing(bench, [], refuse), [], RENEWAL);
  t.is(first.outcome, 'issued');
  const rebill = await renewOrFulfill(orderOf({ order: '2' }), productOf(), parts, [], RENEWAL);
  t.is(rebill.outcome, 'repeated');
  t.deepEqual(await bench.ledger.count(), { live: 1, test: 0 });
});

test('a rebill that finds nothing to renew gets a license of its own: somebody paid', async (t) => {
  const parts = knowing(await benchFor(t), ['1'], async () => undefined);
  t.is((await renewOrFulfill(orderOf(), productOf(), parts, [], RENEWAL)).outcome, 'issued');
});

test('the first order of a subscription is no rebill', async (t) => {
  const { order } = orderOf();
  const parts = knowing(await benchFor(t), [order], refuse);
  t.is((await renewOrFulfill(orderOf(), productOf(), parts, [], RENEWAL)).outcome, 'issued');
});
