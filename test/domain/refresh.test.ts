import test from 'ava';
import type { LicenseRecord } from '../../src/domain/changes.ts';
import type { Ledger, LicenseStory } from '../../src/domain/ledger.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { type Proof, refresh } from '../../src/domain/refresh.ts';
import { productOf } from '../kit/product.ts';
import { covers, dated, paid, sold, told } from '../kit/telling.ts';
import { at, MARKET, PLAIN_MINTER, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const PRODUCTS = ['pro', 'basic'].map((id) => productOf({ id, ...TERMS }));

/** A month's subscription to so many units of pro. */
function begin(quantity = 1): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity, subscription: 'S' })),
    told(BEGUN, 'subscription:S', dated('2027-02-01')),
  ]);
  return world;
}

function storyOf(world: World, record: LicenseRecord): LicenseStory {
  const past = world.history.filter(({ number }) => number === record.number);
  const states = ['active' as const, ...past.map(({ state }) => state as LicenseStory['state'])];
  return {
    ...MARKET,
    ...record,
    customer: { name: undefined, email: undefined },
    history: states.map((to, place) => ({
      at: place === 0 ? record.at : (past[place - 1]?.at ?? 0),
      from: states[place - 1] ?? null,
      to,
      revision: 0,
      cause: 'a test',
    })),
  };
}

function ledgerOn(world: World): Pick<Ledger, 'find' | 'addFacts'> {
  return {
    find: async (query) =>
      world.records
        .filter((record) =>
          query.by === 'license'
            ? Buffer.compare(record.id, query.id) === 0
            : query.by === 'subscription' && record.subscription === query.subscription,
        )
        .map((record) => storyOf(world, record)),
    addFacts: async (facts) => facts.map((fact) => world.decide(fact)).some(Boolean),
  };
}

/** What whoever holds this code gets. */
function ask(world: World, code: string, more: Partial<Proof> = {}) {
  const { revision, identity, entitlement } = JSON.parse(code);
  const { id } = PLAIN_MINTER.mint(identity, entitlement, 0);
  const proof = { id, product: identity.product, mode: 'live', revision, code, ...more } as const;
  return refresh(proof, ledgerOn(world), world.now);
}

const codeOf = (world: World, place = 0) => world.records[place]?.code ?? '';
const firstCodeOf = (world: World, place = 0) => world.records[place]?.firstCode ?? '';

test('the newest code is given for each of its codes', async (t) => {
  const world = begin();
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01'))]);
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'changed', code: codeOf(world) });
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'unchanged', code: codeOf(world) });
});

test('fault 53: a genuine code of a higher revision than the ledger’s is learned, and the next one is above it', async (t) => {
  const world = begin();
  const { identity, entitlement } = JSON.parse(codeOf(world));
  const ahead = PLAIN_MINTER.mint(identity, entitlement, 7).code;
  t.like(await ask(world, ahead), { outcome: 'unchanged', code: ahead });
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01'))]);
  t.is(JSON.parse(codeOf(world)).revision, 8);
  t.deepEqual(await ask(world, ahead), { outcome: 'changed', code: codeOf(world) });
});

test('a code of another product or mode than its license is unknown', async (t) => {
  const world = begin();
  t.deepEqual(await ask(world, codeOf(world), { product: 'basic' }), { outcome: 'unknown' });
  t.deepEqual(await ask(world, codeOf(world), { mode: 'test' }), { outcome: 'unknown' });
  t.deepEqual(await ask(world, codeOf(world), { id: new Uint8Array(16) }), { outcome: 'unknown' });
});

test('suspended is counted from the first day of the suspension that lasts, in UTC', async (t) => {
  const world = begin();
  const on = (day: string, kind: 'overdue' | 'paused' | 'recovered') => {
    world.now = at(day, 23);
    world.tell([told(day, 'subscription:S', { kind })]);
  };
  on('2027-01-05', 'overdue');
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'suspended', since: '2027-01-05' });
  on('2027-01-09', 'paused');
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'suspended', since: '2027-01-05' });
  on('2027-01-10', 'recovered');
  t.like(await ask(world, codeOf(world)), { outcome: 'unchanged' });
  on('2027-01-12', 'overdue');
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'suspended', since: '2027-01-12' });
});

test('an ended license keeps the code of its last day, a revoked one has none', async (t) => {
  const world = begin();
  world.tell([told('2027-01-10', 'subscription:S', { kind: 'deactivated', on: '2027-01-10' })]);
  t.deepEqual(await ask(world, firstCodeOf(world)), {
    outcome: 'changed',
    code: codeOf(world),
    ended: true,
  });
  world.tell([told('2027-01-11', 'order:A', { kind: 'refunded' })]);
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'revoked' });
});

test('fault 19: the code of a product that the subscription left leads to the product that it is for now', async (t) => {
  const world = begin(2);
  world.now = at('2027-02-01');
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01', { covers: covers('basic', 2) }))]);
  t.is(world.records.length, 4);
  for (const [place, successor] of [
    [0, 2],
    [1, 3],
  ] as const)
    t.deepEqual(await ask(world, firstCodeOf(world, place)), {
      outcome: 'changed',
      code: codeOf(world, successor),
      product: 'basic',
    });
  t.like(await ask(world, codeOf(world, 2)), { outcome: 'unchanged' });
});

test('fault 63: a unit that the subscription left while it is for the product has no successor', async (t) => {
  const world = begin(2);
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01', { covers: covers('pro', 1) }))]);
  const last = await ask(world, codeOf(world, 1));
  t.deepEqual(last, { outcome: 'unchanged', code: codeOf(world, 1), ended: true });
  t.is(world.records[1]?.state, 'ended');
});

test('a license that was issued again for a leak is revoked, and leads nowhere', async (t) => {
  const world = begin();
  const [license] = world.records;
  if (license === undefined) return t.fail();
  world.reissue(license.id, told('2027-01-05', licenseSubject(license.id), { kind: 'withdrawn' }));
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'revoked' });
  t.like(await ask(world, codeOf(world, 1)), { outcome: 'unchanged' });
});

test('a license of one-time sales that is revoked leads nowhere', async (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:A', { kind: 'refunded' })]);
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'revoked' });
});
