/** Facts: told once by their key, found by every name of what they are about. */
import test from 'ava';
import { Facts } from '../../../src/storage/sqlite/facts.ts';
import type { Connection } from '../../../src/storage/sqlite/open.ts';
import { Sealer } from '../../../src/storage/sqlite/seal.ts';
import { Tallies } from '../../../src/storage/sqlite/tally.ts';
import { productOf } from '../../domain/support.ts';
import { eventOf, factOf, ID_SECRET, openWithMessage, SOLD_AT, standingOf } from '../support.ts';

const SEALER = new Sealer(ID_SECRET);
const MARKET = { marketplace: 'fastspring', mode: 'live' } as const;
const PRODUCTS = [productOf()];

test('of two tellings of one fact the earlier counts, whichever came first', async (t) => {
  const early = factOf('order:1', { kind: 'linked', subscription: 'a' }, { key: 'k', at: SOLD_AT });
  const late = factOf('order:1', { kind: 'linked', subscription: 'b' }, { key: 'k', at: SOLD_AT + 1 });
  for (const told of [
    [early, late],
    [late, early],
  ]) {
    const { connection } = await openWithMessage(t);
    const facts = factsOf(connection);
    for (const fact of told) facts.add(fact);
    t.deepEqual(facts.about('order:1', MARKET), [early]);
    t.deepEqual(facts.ordersOf('subscription:a', MARKET), ['1']);
    t.deepEqual(facts.ordersOf('subscription:b', MARKET), []);
  }
});

test('of a charge told with and without its date the date is kept', async (t) => {
  const dated = factOf('subscription:s', { kind: 'paid', until: '2027-02-01', sequence: 2 }, { key: 'k' });
  const bare = factOf('subscription:s', { kind: 'paid', until: null, sequence: 2 }, { key: 'k' });
  for (const told of [
    [dated, bare],
    [bare, dated],
  ]) {
    const { connection } = await openWithMessage(t);
    const facts = factsOf(connection);
    for (const fact of told) facts.add(fact);
    t.deepEqual(facts.about('subscription:s', MARKET), [dated]);
  }
});

test('names of names are followed, and a circle of them ends', async (t) => {
  const { connection } = await openWithMessage(t);
  const facts = factsOf(connection);
  const review = factOf('case:1', { kind: 'reviewed' });
  facts.add(review);
  facts.add(factOf('case:1', { kind: 'alias', of: 'order:B2' }));
  facts.add(factOf('order:B2', { kind: 'alias', of: 'subscription:s' }));
  facts.add(factOf('subscription:s', { kind: 'alias', of: 'case:1' }));
  facts.add(factOf('order:1', { kind: 'linked', subscription: 's' }));
  t.true(facts.about('subscription:s', MARKET).some(({ key }) => key === review.key));
  t.true(facts.ordersOf('case:1', MARKET).includes('1'));
});

test('facts of another mode or marketplace are about something else', async (t) => {
  const { connection } = await openWithMessage(t);
  const facts = factsOf(connection);
  facts.add(factOf('order:1', { kind: 'refunded' }));
  t.deepEqual(facts.about('order:1', { ...MARKET, mode: 'test' }), []);
  t.deepEqual(facts.about('order:1', { ...MARKET, marketplace: 'paddle-classic' }), []);
  t.is(facts.about('order:1', MARKET).length, 1);
});

test('a review of a rebill holds the license of its subscription, told in whatever order', async (t) => {
  const told = [
    factOf('order:1', { kind: 'sold', product: 'app', quantity: 1, subscription: 's' }, { at: SOLD_AT }),
    factOf('order:B2', { kind: 'alias', of: 'subscription:s' }),
    factOf('case:1', { kind: 'alias', of: 'order:B2' }),
    factOf('case:1', { kind: 'reviewed' }),
  ];
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [3, 0, 2, 1],
  ]) {
    const { ledger } = await openWithMessage(t, { products: PRODUCTS });
    for (const place of order) await ledger.ingest(eventOf(`e${place}`, [told[place]!]));
    t.deepEqual(
      (await standingOf(ledger, '1')).map(({ state }) => state),
      ['suspended'],
    );
  }
});

function factsOf(connection: Connection): Facts {
  return new Facts(connection, SEALER, new Tallies(connection, SEALER));
}
