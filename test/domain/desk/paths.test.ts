import test from 'ava';
import type { OwedLine } from '../../../src/domain/changes.ts';
import type { ReadKept } from '../../../src/domain/desk/events.ts';
import { deliverPath } from '../../../src/domain/desk/paths.ts';
import type { KeptEvent, MarketplaceEvent } from '../../../src/domain/facts/event.ts';
import type { EventQuery } from '../../../src/domain/ports/ledger-views.ts';
import { type Flag, unmappedFlagKey } from '../../../src/domain/values/flag.ts';
import { deskOf, GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, flagOf, storyOf } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const PATH = { marketplace: 'fastspring', path: 'edu', product: 'app' } as const;

const PATH_MARKET = { marketplace: 'fastspring', mode: 'live' } as const;

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
    findEvents: async () => [],
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

test('licenses that an order and its subscription both show are listed once, under the order', async (t) => {
  const { fake } = owing(1);
  const stories = [storyOf({ subscription: 'S' }), storyOf({ subscription: 'S', unit: 1 })];
  fake.flags.push(flagOf({ kind: 'unmapped', key: unmappedFlagKey('S', 'edu') }));
  const ledger = {
    ...fake.ledger,
    showOrder: async () => ({ licenses: stories, owed: [], facts: [], flags: [] }),
  };
  const listed = async () => {
    const delivered = await deliverPath({ ...deskOf(fake), ledger }, PATH, GROUNDS, NOW);
    return 'orders' in delivered && delivered.orders.map(({ order, licenses }) => [order, licenses]);
  };
  t.deepEqual(await listed(), [['ACME-1', 2]]);
  stories.push(storyOf({ subscription: 'S', order: 'subscription:S' }));
  t.deepEqual(await listed(), [
    ['ACME-1', 2],
    ['subscription:S', 1],
  ]);
});

test('what was delivered before is listed while its code waits, and not any more', async (t) => {
  const deliver = async (settledBy: string | null, handed: number | null) => {
    const { fake } = owing(0);
    const subscription = { key: unmappedFlagKey('S', 'edu'), settledBy, settledAt: settledBy && NOW };
    fake.flags.push(flagOf({ kind: 'unmapped', ...subscription } as Partial<Flag>));
    fake.stories.push(storyOf({ subscription: 'S', order: 'subscription:S', handed }));
    const delivered = await deliverPath(deskOf(fake), PATH, GROUNDS, NOW);
    return 'orders' in delivered ? delivered.orders.map(({ licenses }) => licenses) : delivered.outcome;
  };
  const byItself = 'by itself: its cause is gone';
  t.deepEqual(await deliver(null, null), [1]);
  t.deepEqual(await deliver(byItself, null), [1]);
  t.is(await deliver(byItself, 0), 'nothing owed');
  t.deepEqual(await deliver('ada: not ours', 0), [0], 'ignored, and delivered now');
});

test('the first kept event that names the customer is applied with the path, and what cannot be read is passed over', async (t) => {
  const { fake } = owing(1);
  const kept = ['gone', 'unreadable', 'nameless', 'named', 'later'].map((id, place): KeptEvent => {
    const { marketplace, mode } = PATH_MARKET;
    const event = { id, type: 'order.completed', marketplace, mode, at: SOLD_AT + place, fault: null };
    const payload = id === 'gone' ? null : id;
    return { ...event, receivedAt: SOLD_AT, outcome: 'done', attempts: 1, flagged: false, payload };
  });
  for (const { id, at } of kept) {
    const body = { kind: 'noted', note: id } as const;
    const fact = {
      ...PATH_MARKET,
      subject: 'order:ACME-1',
      key: id,
      at,
      cause: `order.completed ${id}`,
    } as const;
    fake.facts.push({ ...fact, body });
  }
  const ingested: MarketplaceEvent[] = [];
  const ledger = new Proxy(fake.ledger, {
    get: (target, name) => {
      if (name === 'findEvents') return async ({ id }: EventQuery) => kept.filter((each) => each.id === id);
      if (name !== 'ingest') return Reflect.get(target, name);
      return async (event: MarketplaceEvent) => {
        ingested.push(event);
        return 'applied';
      };
    },
  });
  const customer = { name: 'Grace Hopper', email: 'grace@example.com' };
  const read: ReadKept = (event) => {
    if (event.id === 'unreadable') throw new TypeError('no JSON');
    const people = event.id === 'nameless' ? [] : [{ subject: 'order:ACME-1' as const, customer }];
    return { ...event, facts: [], codes: [], people };
  };
  const before = fake.facts.length;
  await deliverPath({ ledger, read }, PATH, GROUNDS, NOW);
  t.deepEqual(
    ingested.map(({ id, facts }) => [id, facts.map(({ body }) => body.kind)]),
    [['named', ['mapped']]],
  );
  t.is(fake.facts.length, before, 'the path is mapped once');
  fake.stories.push(storyOf({ product: 'app2' }));
  await deliverPath({ ledger, read }, PATH, GROUNDS, NOW);
  t.is(ingested.length, 1, 'a license of the order names its customer');
  t.is(fake.facts.length, before + 1);
});
