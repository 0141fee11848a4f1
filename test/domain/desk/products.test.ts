import test from 'ava';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import type { OwedLine } from '../../../src/domain/changes.ts';
import { deliverPath } from '../../../src/domain/desk/paths.ts';
import { applyTerms } from '../../../src/domain/desk/products.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { deskOf, GROUNDS, NOW } from '../../kit/desk.ts';
import { type Fake, fakeLedger, flagOf, storyOf } from '../../kit/desk-ledger.ts';
import { productOf, SOLD_AT } from '../../kit/memory-ledger.ts';

const SOLD = keptTermsOf(productOf({ refund: 'revoke' }));
const FILE = productOf({ refund: 'keep' });

/** Orders with other terms, until they get these. */
function soldOrders(count: number, more: Partial<Ledger> = {}): Fake {
  const orders = Array.from({ length: count }, (_, index) => ({
    marketplace: 'fastspring' as const,
    mode: 'live' as const,
    order: index === 0 ? 'subscription:sub-1' : `ACME-${index}`,
  }));
  const fake = fakeLedger({
    countTerms: async () => [{ product: 'app', digest: SOLD.digest, licenses: count }],
    findTerms: async (digest) => (digest === SOLD.digest ? SOLD.terms : undefined),
    keepTerms: async () => {},
    findOtherTerms: async (_product, digest, limit) =>
      orders
        .filter(
          ({ order }) =>
            !fake.facts.some(
              ({ subject, body }) =>
                (subject === `order:${order}` || subject === order) &&
                body.kind === 'termed' &&
                body.terms === digest,
            ),
        )
        .slice(0, limit),
    ...more,
  });
  return fake;
}

test('products apply gives every order of the product its new terms, once, in batches (37)', async (t) => {
  const fake = soldOrders(120);
  const done: number[] = [];
  const applied = await applyTerms(deskOf(fake, FILE), 'app', GROUNDS, NOW, (orders) => done.push(orders));
  t.deepEqual(applied, { outcome: 'applied', orders: 120 });
  t.deepEqual(done, [50, 100, 120]);
  t.is(new Set(fake.facts.map(({ subject }) => subject)).size, 120);
  t.is(new Set(fake.facts.map(({ key }) => key)).size, 120);
  const { digest } = keptTermsOf(FILE);
  t.true(
    fake.facts.every(({ body }) => body.kind === 'termed' && body.terms === digest && body.product === 'app'),
  );
  t.is(fake.facts[0]?.subject, 'subscription:sub-1');
  t.is(fake.facts[1]?.subject, 'order:ACME-1');
  t.is(fake.facts[1]?.cause, 'apply the terms of app by ada: ticket 17');
  t.deepEqual(await applyTerms(deskOf(fake, FILE), 'app', GROUNDS, NOW + 1), { outcome: 'unchanged' });
});

test('an order that does not take the terms does not keep products apply for ever', async (t) => {
  const order = { marketplace: 'fastspring', mode: 'live', order: 'ACME-1' } as const;
  const fake = soldOrders(1, { findOtherTerms: async () => [order] });
  t.deepEqual(await applyTerms(deskOf(fake, FILE), 'app', GROUNDS, NOW), { outcome: 'applied', orders: 1 });
});

test('a change between a code a unit and one code for all units is refused, and nothing is changed', async (t) => {
  for (const [sold, file] of [
    ['seats', 'codes'],
    ['codes', 'seats'],
  ] as const) {
    const kept = keptTermsOf(productOf({ quantity: sold }));
    const fake = soldOrders(2, {
      countTerms: async () => [{ product: 'app', digest: kept.digest, licenses: 2 }],
      findTerms: async () => kept.terms,
    });
    const moved = productOf({ quantity: file, refund: 'keep' });
    t.deepEqual(await applyTerms(deskOf(fake, moved), 'app', GROUNDS, NOW), {
      outcome: 'quantity differs',
      differences: [{ key: 'quantity', sold, now: file, isFault: false }],
    });
    t.is(fake.facts.length, 0);
    // The control: the other change alone is applied.
    const other = productOf({ quantity: sold, refund: 'keep' });
    t.is((await applyTerms(deskOf(fake, other), 'app', GROUNDS, NOW)).outcome, 'applied');
  }
});

test('features that moved are not applied to sold licenses (39)', async (t) => {
  const fake = soldOrders(2);
  const moved = productOf({ features: ['print', 'export', 'sync'] });
  t.is((await applyTerms(deskOf(fake, moved), 'app', GROUNDS, NOW)).outcome, 'features moved');
  t.is(fake.facts.length, 0);
  const grown = productOf({ features: ['export', 'sync', 'print'] });
  t.is((await applyTerms(deskOf(fake, grown), 'app', GROUNDS, NOW)).outcome, 'applied');
  t.is((await applyTerms(deskOf(fake, FILE), 'nothing', GROUNDS, NOW)).outcome, 'no such product');
});

test('only stored terms of this product can prevent new terms from being applied', async (t) => {
  const moved = keptTermsOf(productOf({ features: ['print', 'export', 'sync'] }));
  const soldBy = (product: string, digest: string | null) => ({ product, digest, licenses: 1 });
  const fake = soldOrders(1, {
    countTerms: async () => [soldBy('app2', moved.digest), soldBy('app', null), soldBy('app', 'forgotten')],
    findTerms: async (digest) => {
      if (digest === null) throw new TypeError('no terms were kept');
      return digest === moved.digest ? moved.terms : undefined;
    },
  });
  t.is((await applyTerms(deskOf(fake, FILE), 'app', GROUNDS, NOW)).outcome, 'applied');
});

test('products deliver maps each owed order of the path and settles its flag (28)', async (t) => {
  const owedOf = (
    order: string,
    mode: 'live' | 'test',
  ): OwedLine & { marketplace: 'fastspring'; mode: typeof mode } => ({
    marketplace: 'fastspring',
    mode,
    order,
    line: 'lumen-edu',
    product: null,
    quantity: 2,
    missing: 2,
    since: SOLD_AT,
    due: null,
  });
  const fake = fakeLedger({
    findOwed: async (marketplace, line) =>
      marketplace === 'fastspring' && line === 'lumen-edu'
        ? [owedOf('ACME-1', 'live'), owedOf('ACME-2', 'test')]
        : [],
  });
  fake.stories.push(
    storyOf(),
    storyOf({ unit: 1 }),
    storyOf({ mode: 'test' }),
    storyOf({ order: 'ACME-2', mode: 'test' }),
  );
  fake.flags.push(
    flagOf({ id: 1, kind: 'unknown-product', key: 'path:lumen-edu' }),
    flagOf({ id: 2, kind: 'unknown-product', key: 'path:lumen-edu', marketplace: 'paddle-classic' }),
  );
  const path = { marketplace: 'fastspring', path: 'Lumen-Edu', product: 'app' } as const;
  const { customer } = storyOf();
  const delivered = await deliverPath(deskOf(fake, FILE), path, GROUNDS, NOW);
  t.deepEqual(delivered, {
    outcome: 'delivered',
    orders: [
      { marketplace: 'fastspring', mode: 'live', order: 'ACME-1', licenses: 2, customer },
      { marketplace: 'fastspring', mode: 'test', order: 'ACME-2', licenses: 1, customer },
    ],
  });
  t.deepEqual(
    fake.facts.map(({ subject, mode, body }) => [subject, mode, body]),
    [
      ['order:ACME-1', 'live', { kind: 'mapped', line: 'lumen-edu', product: 'app' }],
      ['order:ACME-2', 'test', { kind: 'mapped', line: 'lumen-edu', product: 'app' }],
    ],
  );
  t.deepEqual(
    fake.flags.map(({ settledAt }) => settledAt),
    [NOW, null],
  );
  const nothing = await deliverPath(
    deskOf(fake, FILE),
    { ...path, marketplace: 'paddle-classic' },
    GROUNDS,
    NOW,
  );
  t.is(nothing.outcome, 'nothing owed');
});

test('a path that a subscription changed to is mapped for that subscription only', async (t) => {
  const fake = fakeLedger({ findOwed: async () => [] });
  fake.flags.push(
    flagOf({ id: 1, kind: 'unmapped', key: 'unmapped:sub:1:lumen-edu' }),
    flagOf({ id: 2, kind: 'unmapped', key: 'unmapped:sub:2:lumen-edu again:2', mode: 'test' }),
    flagOf({ id: 3, kind: 'unmapped', key: 'unmapped:sub:3:lumen' }),
    flagOf({ id: 4, kind: 'unmapped', key: 'unmapped:sub:4:lumen-edu', marketplace: 'paddle-classic' }),
    flagOf({ id: 5, kind: 'unmapped', key: 'noted:lumen-edu' }),
  );
  const path = { marketplace: 'fastspring', path: 'Lumen-EDU', product: 'app' } as const;
  t.is((await deliverPath(deskOf(fake), path, GROUNDS, NOW)).outcome, 'delivered');
  t.deepEqual(
    fake.facts.map(({ subject, mode, body }) => [subject, mode, body]),
    [
      ['subscription:sub:1', 'live', { kind: 'mapped', line: 'lumen-edu', product: 'app' }],
      ['subscription:sub:2', 'test', { kind: 'mapped', line: 'lumen-edu', product: 'app' }],
    ],
  );
});
