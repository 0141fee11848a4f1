import test from 'ava';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import { decideLicense, reissueLicense } from '../../../src/domain/desk/license.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { formatLicenseId } from '../../../src/license-code/license-id.ts';
import { deskOf, GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { productOf } from '../../kit/memory-ledger.ts';
import { told } from '../../kit/telling.ts';

test('each decision is a fact about the license, with who and why in its cause', async (t) => {
  const decisions = [
    [
      { act: 'renew', until: '2030-01-31' },
      { kind: 'set-until', until: '2030-01-31' },
    ],
    [{ act: 'suspend' }, { kind: 'stopped' }],
    [{ act: 'reinstate' }, { kind: 'reinstated' }],
    [{ act: 'revoke' }, { kind: 'withdrawn' }],
  ] as const;
  for (const [decision, body] of decisions) {
    const fake = fakeLedger();
    const story = storyOf();
    fake.stories.push(story);
    const decided = await decideLicense(deskOf(fake), story.id, decision, GROUNDS, NOW);
    t.is(decided.outcome, 'changed');
    t.is(fake.facts.length, 1);
    const [fact] = fake.facts;
    t.deepEqual(fact?.body, body);
    t.is(fact?.cause, `${decision.act} by ada: ticket 17`);
    t.is(fact?.subject, licenseSubject(story.id));
    t.is(fact?.at, NOW);
    t.deepEqual([fact?.marketplace, fact?.mode], ['fastspring', 'live']);
  }
});

test('the subject of a license is its id as people see it', (t) => {
  const { id } = storyOf();
  t.is(licenseSubject(id), `license:${formatLicenseId(id)}`);
});

test('a decision counts after the newest fact, also if our clock is late (55)', async (t) => {
  const fake = fakeLedger();
  const story = storyOf();
  fake.stories.push(story);
  const refund = told('2026-11-22', 'order:ACME-1', { kind: 'refunded' });
  fake.facts.push(
    { ...refund, at: NOW + 300_000 },
    // Another mode's clock is nothing to this license.
    { ...refund, at: NOW + 900_000, mode: 'test' },
  );
  await decideLicense(deskOf(fake), story.id, { act: 'reinstate' }, GROUNDS, NOW);
  t.is(fake.facts.at(-1)?.at, NOW + 300_001);
});

test('a decision without an effect has the outcome unchanged', async (t) => {
  const fake = fakeLedger({ addFacts: async () => false });
  const story = storyOf({ state: 'suspended' });
  fake.stories.push(story);
  const { outcome } = await decideLicense(deskOf(fake), story.id, { act: 'suspend' }, GROUNDS, NOW);
  t.is(outcome, 'unchanged');
});

test('a reissued license is left unchanged, and its successor is named (54)', async (t) => {
  for (const act of ['reinstate', 'suspend', 'revoke'] as const) {
    const fake = fakeLedger();
    const former = storyOf({ state: 'revoked' });
    const middle = storyOf({ reissue: 1, state: 'revoked' });
    const successor = storyOf({ reissue: 2 });
    const otherUnit = storyOf({ unit: 1, reissue: 3 });
    fake.stories.push(former, middle, otherUnit, successor);
    const decided = await decideLicense(deskOf(fake), former.id, { act }, GROUNDS, NOW);
    t.is(decided.outcome, 'replaced');
    t.deepEqual('by' in decided && decided.by.id, successor.id);
    const again = await reissueLicense(deskOf(fake), former.id, GROUNDS, NOW);
    t.is(again.outcome, 'replaced');
    t.is(fake.facts.length, 0);
    t.is((await decideLicense(deskOf(fake), successor.id, { act }, GROUNDS, NOW)).outcome, 'changed');
  }
});

test('a reissue between the look and the act names the successor, too', async (t) => {
  const former = storyOf();
  const successor = storyOf({ reissue: 1 });
  const fake = fakeLedger({
    addFacts: async () => {
      fake.stories.push(successor);
      return false;
    },
  });
  fake.stories.push(former);
  const decided = await decideLicense(deskOf(fake), former.id, { act: 'suspend' }, GROUNDS, NOW);
  t.deepEqual('by' in decided && decided.by.id, successor.id);
});

test('a perpetual license cannot be renewed; a fallback of a dated product can (35)', async (t) => {
  const renew = { act: 'renew', until: '2030-01-31' } as const;
  for (const [product, lastValid, outcome] of [
    [productOf({ term: 'perpetual' }), null, 'perpetual'],
    // Made a dated one by the first version: still perpetual.
    [productOf({ term: 'perpetual' }), '2027-01-01', 'perpetual'],
    [productOf({ term: 'P1Y', ended: 'fallback' }), null, 'changed'],
    [productOf({ id: 'another' }), null, 'perpetual'],
    [productOf({ id: 'another' }), '2027-01-01', 'changed'],
  ] as const) {
    const fake = fakeLedger();
    const story = storyOf({}, { lastValid });
    fake.stories.push(story);
    const decided = await decideLicense(deskOf(fake, product), story.id, renew, GROUNDS, NOW);
    t.is(decided.outcome, outcome, `${product.id} ${product.term} ${lastValid}`);
    t.is(fake.facts.length, outcome === 'changed' ? 1 : 0);
  }
});

test('the terms of its sale decide whether a license is perpetual, not the product file of today', async (t) => {
  const terms = keptTermsOf(productOf({ term: 'P1Y' }));
  const fake = fakeLedger({
    findTerms: async (digest) => (digest === terms.digest ? terms.terms : undefined),
  });
  const story = storyOf({ terms: terms.digest });
  fake.stories.push(story);
  const today = productOf({ term: 'perpetual' });
  const renew = { act: 'renew', until: '2030-01-31' } as const;
  t.is((await decideLicense(deskOf(fake, today), story.id, renew, GROUNDS, NOW)).outcome, 'changed');
});

test('updates are extended to a day, and unlimited updates stay unlimited (35)', async (t) => {
  const extend = { act: 'extend', updatesUntil: '2029-06-30' } as const;
  for (const [updatesUntil, outcome] of [
    ['2027-11-21', 'changed'],
    [null, 'unlimited updates'],
  ] as const) {
    const fake = fakeLedger();
    const story = storyOf({}, { updatesUntil });
    fake.stories.push(story);
    t.is((await decideLicense(deskOf(fake), story.id, extend, GROUNDS, NOW)).outcome, outcome);
    t.deepEqual(
      fake.facts.map(({ body }) => body),
      outcome === 'changed' ? [{ kind: 'set-updates', until: '2029-06-30' }] : [],
    );
  }
});

test('a day before the license was issued, or beyond what a code holds, is a slip and changes nothing', async (t) => {
  for (const [day, outcome] of [
    ['2020-12-05', 'unfit day'],
    ['2026-11-20', 'unfit day'],
    ['2026-11-21', 'changed'],
    ['2149-06-06', 'changed'],
    ['2149-06-07', 'unfit day'],
    ['9999-12-31', 'unfit day'],
  ] as const)
    for (const decision of [
      { act: 'renew', until: day },
      { act: 'extend', updatesUntil: day },
    ] as const) {
      const fake = fakeLedger();
      const story = storyOf({}, { issued: '2026-11-21', updatesUntil: '2027-11-21' });
      fake.stories.push(story);
      const decided = await decideLicense(deskOf(fake), story.id, decision, GROUNDS, NOW);
      t.is(decided.outcome, outcome, `${decision.act} ${day}`);
      t.is(fake.facts.length, outcome === 'changed' ? 1 : 0);
    }
});

test('a decision about an unknown license is refused', async (t) => {
  const fake = fakeLedger();
  const { id } = storyOf();
  t.is((await decideLicense(deskOf(fake), id, { act: 'revoke' }, GROUNDS, NOW)).outcome, 'unknown');
  t.is((await reissueLicense(deskOf(fake), id, GROUNDS, NOW)).outcome, 'unknown');
  t.is(fake.facts.length, 0);
});

test('reissue withdraws the leaked license in the act that makes the new one', async (t) => {
  const [former, successor] = [storyOf(), storyOf({ reissue: 1 })];
  const fake = fakeLedger({
    reissue: async (_, fact) => {
      fake.facts.push(fact);
      fake.stories.push(successor);
      return successor.id;
    },
  });
  fake.stories.push(former);
  const reissued = await reissueLicense(deskOf(fake), former.id, GROUNDS, NOW);
  t.is(reissued.outcome, 'reissued');
  t.deepEqual('license' in reissued && reissued.license.id, successor.id);
  t.deepEqual(fake.facts[0]?.body, { kind: 'withdrawn' });
  t.is(fake.facts[0]?.cause, 'reissue by ada: ticket 17');
});

test('a perpetual license is suspended, reinstated and revoked like any other', async (t) => {
  for (const act of ['suspend', 'reinstate', 'revoke'] as const) {
    const fake = fakeLedger();
    const story = storyOf({}, { lastValid: null });
    fake.stories.push(story);
    const desk = deskOf(fake, productOf({ term: 'perpetual' }));
    t.is((await decideLicense(desk, story.id, { act }, GROUNDS, NOW)).outcome, 'changed');
  }
});

test('the result of a decision is the license after it', async (t) => {
  const story = storyOf();
  const fake = fakeLedger({
    addFacts: async () => {
      fake.stories.splice(0, 1, { ...story, state: 'suspended' });
      return true;
    },
  });
  fake.stories.push(story);
  const decided = await decideLicense(deskOf(fake), story.id, { act: 'suspend' }, GROUNDS, NOW);
  t.is('license' in decided && decided.license.state, 'suspended');
});

test('a reissue without a resulting license has the outcome unknown', async (t) => {
  const fake = fakeLedger({ reissue: async () => new Uint8Array(16) });
  const story = storyOf();
  fake.stories.push(story);
  t.deepEqual(await reissueLicense(deskOf(fake), story.id, GROUNDS, NOW), { outcome: 'unknown' });
});
