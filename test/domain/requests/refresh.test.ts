import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Ledger, LicenseStory } from '../../../src/domain/ledger.ts';
import { type Proof, refresh } from '../../../src/domain/requests/refresh.ts';
import { NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf as fakeStoryOf } from '../../kit/desk-ledger.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, told } from '../../kit/telling.ts';
import { at, MARKET, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const PRODUCTS = ['pro', 'basic', 'extra', 'next'].map((id) => productOf({ id, ...TERMS }));

/** A month's subscription to a number of units of pro. */
function begin(quantity = 1): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity, subscription: 'S' })),
    told(BEGUN, 'subscription:S', dated('2027-02-01')),
  ]);
  return world;
}

function storyOf(world: World, record: LedgerLicense): LicenseStory {
  const past = world.history.filter(({ number }) => number === record.number);
  const states = ['active' as const, ...past.map(({ state }) => state as LicenseStory['state'])];
  return {
    ...MARKET,
    ...record,
    customer: { name: undefined, email: undefined },
    rebills: [],
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

/** The answer to this code. */
function ask(world: World, code: string, more: Partial<Proof> = {}) {
  const { revision, identity, entitlement } = JSON.parse(code);
  const { id } = PLAIN_MINTER.mint(identity, entitlement, 0);
  const proof = { id, product: identity.product, mode: 'live', revision, code, ...more } as const;
  return refresh(proof, ledgerOn(world), world.now);
}

const codeOf = (world: World, place = 0) => world.records[place]?.code ?? '';
const firstCodeOf = (world: World, place = 0) => world.records[place]?.firstCode ?? '';

test('each code of a license is answered with the newest code', async (t) => {
  const world = begin();
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01'))]);
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'changed', code: codeOf(world) });
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'unchanged', code: codeOf(world) });
});

test('fault 53: a genuine code of a higher revision than the ledger’s is learned, and the next code is above it', async (t) => {
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

test('a suspension counts from its first UTC day', async (t) => {
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

test('an ended license keeps the code of its last day; a revoked license has none', async (t) => {
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

test('fault 19: the code of the subscription’s former product leads to its current product', async (t) => {
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

/** The subscription is paid for an add-on too, from January 5th on. */
function addOn(world: World): World {
  world.now = at('2027-01-05');
  const added = {
    part: 'proration',
    covers: covers('extra', 1),
    own: { line: 'pro', product: 'pro' },
  } as const;
  world.tell([told('2027-01-05', 'subscription:S', paid('2027-02-01', added))]);
  return world;
}

test('fault 19: beside an add-on, a former product leads to the product that took its place, over several changes too', async (t) => {
  const world = addOn(begin());
  for (const [day, until, product] of [
    ['2027-02-01', '2027-03-01', 'basic'],
    ['2027-03-01', '2027-04-01', 'next'],
  ] as const) {
    world.now = at(day);
    const lines = [...covers('extra', 1), ...covers(product, 1)];
    world.tell([told(day, 'subscription:S', paid(until, { covers: lines }))]);
    const leads = { outcome: 'changed', code: codeOf(world, world.records.length - 1), product };
    t.deepEqual(await ask(world, firstCodeOf(world)), leads);
  }
  t.like(await ask(world, codeOf(world, 1)), { outcome: 'unchanged' }, 'the add-on');
});

test('a license that is revoked beside an add-on has no successor', async (t) => {
  const world = addOn(begin());
  world.now = at('2027-01-10');
  world.tell([told('2027-01-10', 'order:A', { kind: 'refunded' })]);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['revoked', 'active'],
  );
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'revoked' });
});

test('fault 63: an uncovered unit has no successor while the subscription covers its product', async (t) => {
  const world = begin(2);
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01', { covers: covers('pro', 1) }))]);
  const last = await ask(world, codeOf(world, 1));
  t.deepEqual(last, { outcome: 'unchanged', code: codeOf(world, 1), ended: true });
  t.is(world.records[1]?.state, 'ended');
});

test('a license reissued after a leak is revoked and has no successor', async (t) => {
  const world = begin();
  const [license] = world.records;
  if (license === undefined) return t.fail();
  world.reissue(license.id, told('2027-01-05', licenseSubject(license.id), { kind: 'withdrawn' }));
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'revoked' });
  t.like(await ask(world, codeOf(world, 1)), { outcome: 'unchanged' });
});

test('a leaked code is revoked after a change of the product too, and each replacement leads to its unit’s successor', async (t) => {
  const world = begin(2);
  const [leaked] = world.records;
  if (leaked === undefined) return t.fail();
  world.reissue(leaked.id, told('2027-01-05', licenseSubject(leaked.id), { kind: 'withdrawn' }));
  world.now = at('2027-02-01');
  world.tell([told('2027-02-01', 'subscription:S', paid('2027-03-01', { covers: covers('basic', 2) }))]);
  const codes = world.records.filter(({ product }) => product === 'basic').map(({ code }) => code);
  t.deepEqual(await ask(world, firstCodeOf(world)), { outcome: 'revoked' });
  const [replacement, other] = [
    await ask(world, firstCodeOf(world, 2)),
    await ask(world, firstCodeOf(world, 1)),
  ];
  t.deepEqual(
    [replacement, other],
    codes.map((code) => ({ outcome: 'changed', code, product: 'basic' })),
  );
});

test('a revoked license of a one-time sale has no successor', async (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:A', { kind: 'refunded' })]);
  t.deepEqual(await ask(world, codeOf(world)), { outcome: 'revoked' });
});

/** The answer to a license's first code, from a ledger that has these licenses too. */
function askBeside(held: LicenseStory, ...others: readonly LicenseStory[]) {
  const fake = fakeLedger();
  fake.stories.push(held, ...others);
  const { id, product, mode, code } = held;
  return refresh({ id, product, mode, revision: 0, code }, fake.ledger, NOW);
}
const follower = (wanted: Partial<LicenseStory>) => fakeStoryOf({ subscription: 'S', ...wanted });

test('the successor is active, of another product, and of the same marketplace and mode', async (t) => {
  const held = follower({ state: 'ended' });
  const last = { outcome: 'unchanged', code: held.code, ended: true } as const;
  const basic = { product: 'basic', line: 'basic' } as const;
  for (const other of [
    { ...basic, marketplace: 'manual' },
    { ...basic, mode: 'test' },
    { ...basic, subscription: 'T' },
    { ...basic, state: 'suspended' },
    { ...basic, state: 'revoked' },
    { unit: 1, state: 'ended' },
  ] as const)
    t.deepEqual(await askBeside(held, follower(other)), last, JSON.stringify(other));
  const successor = follower(basic);
  const leads = { outcome: 'changed', code: successor.code, product: 'basic' } as const;
  t.deepEqual(await askBeside(held, successor), leads);
  t.deepEqual(await askBeside(follower({ state: 'revoked' }), successor), leads);
  t.like(await askBeside(follower({ state: 'active' }), successor), { outcome: 'unchanged' });
  t.deepEqual(await askBeside(fakeStoryOf({ state: 'ended' }), fakeStoryOf(basic)), last, 'no subscription');
});

test('there is no successor while a unit of the product is active, in the same marketplace and mode', async (t) => {
  const [held, successor] = [follower({ state: 'ended' }), follower({ product: 'basic', line: 'basic' })];
  for (const [unit, leads] of [
    [{ state: 'active' }, false],
    [{ state: 'suspended' }, false],
    [{ state: 'ended' }, true],
    [{ state: 'revoked' }, true],
    [{ state: 'active', mode: 'test' }, true],
    [{ state: 'active', marketplace: 'manual' }, true],
  ] as const) {
    const { outcome } = await askBeside(held, follower({ unit: 1, ...unit }), successor);
    t.is(outcome, leads ? 'changed' : 'unchanged', JSON.stringify(unit));
  }
});

test('a unit leads to the successor at the same position, if there is one', async (t) => {
  const [first, second] = [0, 1].map((unit) => follower({ unit, state: 'ended' }));
  const successor = follower({ product: 'basic', line: 'basic' });
  const fake = fakeLedger();
  fake.stories.push(successor, first!, second!);
  const ask = ({ id, product, mode, code }: LicenseStory) =>
    refresh({ id, product, mode, revision: 0, code }, fake.ledger, NOW);
  t.like(await ask(first!), { outcome: 'changed', code: successor.code });
  t.deepEqual(await ask(second!), { outcome: 'unchanged', code: second!.code, ended: true });
});

test('a learned code is a fact of its license and revision; a known revision is no fact', async (t) => {
  const fake = fakeLedger();
  const held = fakeStoryOf({ revision: 3 });
  fake.stories.push(held);
  const { id, product, mode, code } = held;
  for (const revision of [2, 3]) await refresh({ id, product, mode, revision, code }, fake.ledger, NOW);
  t.deepEqual(fake.facts, []);
  await refresh({ id, product, mode, revision: 4, code }, fake.ledger, NOW);
  t.deepEqual(fake.facts, [
    {
      marketplace: 'fastspring',
      mode: 'live',
      subject: licenseSubject(id),
      key: 'learned:4',
      at: NOW,
      cause: 'a genuine code of revision 4 was seen',
      body: { kind: 'learned', revision: 4 },
    },
  ]);
});

test('after a code is learned, the answer comes from the ledger again', async (t) => {
  const held = fakeStoryOf();
  const { id, product, mode, code } = held;
  for (const [after, outcome] of [
    [[{ ...held, state: 'revoked' as const }], 'revoked'],
    [[], 'unchanged'],
  ] as const) {
    const fake = fakeLedger({
      addFacts: async () => {
        fake.stories.splice(0, 1, ...after);
        return true;
      },
    });
    fake.stories.push(held);
    t.is((await refresh({ id, product, mode, revision: 4, code }, fake.ledger, NOW)).outcome, outcome);
  }
});
