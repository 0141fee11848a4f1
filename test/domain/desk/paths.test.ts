import test from 'ava';
import type { OwedLine } from '../../../src/domain/changes.ts';
import { deliverPath } from '../../../src/domain/desk/paths.ts';
import { deskOf, GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, flagOf, storyOf } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const PATH = { marketplace: 'fastspring', path: 'edu', product: 'app' } as const;

/** A ledger with this many orders that are owed the path; it notes the number of facts of each act. */
function owing(count: number) {
  const owed = Array.from(
    { length: count },
    (_, index): OwedLine & { marketplace: 'fastspring'; mode: 'live' } => ({
      marketplace: 'fastspring',
      mode: 'live',
      order: `ACME-${index + 1}`,
      line: 'edu',
      product: null,
      quantity: 1,
      missing: 1,
      since: SOLD_AT,
      due: null,
    }),
  );
  const acts: number[] = [];
  const fake = fakeLedger({
    findOwed: async () => owed,
    addFacts: async (facts) => {
      acts.push(facts.length);
      fake.facts.push(...facts);
      return true;
    },
  });
  return { fake, acts };
}

test('orders that are owed a path are handled in acts of at most 50, each once', async (t) => {
  for (const [count, expected] of [
    [0, []],
    [50, [50]],
    [51, [50, 1]],
  ] as const) {
    const { fake, acts } = owing(count);
    await deliverPath(deskOf(fake), PATH, GROUNDS, NOW);
    t.deepEqual(acts, [...expected]);
    t.is(new Set(fake.facts.map(({ subject }) => subject)).size, count);
  }
});

test('the history and the flag of a path state the delivered product, the actor and the reason', async (t) => {
  const { fake } = owing(1);
  fake.flags.push(flagOf({ kind: 'unknown-product', key: 'path:edu' }));
  await deliverPath(deskOf(fake), PATH, GROUNDS, NOW);
  t.is(fake.facts[0]?.cause, 'deliver edu as app by ada: ticket 17');
  t.is(fake.flags[0]?.settledBy, 'by itself: deliver edu as app by ada: ticket 17');
});

test('only active licenses of the product and the path’s marketplace are counted', async (t) => {
  const { fake } = owing(1);
  fake.stories.push(
    storyOf(),
    storyOf({ unit: 1, state: 'revoked' }),
    storyOf({ product: 'app2' }),
    storyOf({ marketplace: 'manual' }),
    storyOf({ mode: 'test' }),
  );
  const delivered = await deliverPath(deskOf(fake), PATH, GROUNDS, NOW);
  t.deepEqual('orders' in delivered && delivered.orders.map(({ licenses }) => licenses), [1]);
});
