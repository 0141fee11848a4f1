/** The page after the checkout: which licenses it shows, and whose order a secret names. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { licenseIdText, licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import {
  AMBIGUOUS,
  CLAIMABLE_MILLISECONDS,
  claimedOrder,
  claimOf,
  claimOrder,
  claimSubject,
  shownFacts,
} from '../../../src/domain/requests/claim.ts';
import type { Mode } from '../../../src/domain/values/order.ts';
import { storyOf } from '../../kit/desk-ledger.ts';
import fc from '../../kit/fast-check.ts';

const NOW = Date.UTC(2026, 0, 10);

function licenseOf(at: number, more: Partial<LicenseStory> = {}): LicenseStory {
  const story = storyOf(more);
  return { ...story, history: [{ at, from: null, to: story.state, revision: 0, cause: 'sold' }] };
}

const shownOf = (...licenses: readonly LicenseStory[]) => {
  const claim = claimOf(licenses, NOW);
  return claim.outcome === 'codes' ? claim.licenses : claim.outcome;
};

test('codes are shown for an hour after the first license of the order; what comes later is not', (t) => {
  const early = licenseOf(NOW - CLAIMABLE_MILLISECONDS);
  t.deepEqual(shownOf(early, licenseOf(NOW)), [early, licenseOf(NOW)]);
  t.is(shownOf(licenseOf(NOW - CLAIMABLE_MILLISECONDS - 1), licenseOf(NOW, { unit: 1 })), 'over');
  t.is(shownOf(), 'waiting');
});

test('whatever is issued, ended and reissued when: shown is active, never a reissue, and not older than the hour allows', (t) => {
  const license = fc.record({
    age: fc.integer({ min: 0, max: 3 * CLAIMABLE_MILLISECONDS }),
    state: fc.constantFrom('active', 'suspended', 'revoked', 'ended'),
    reissue: fc.integer({ min: 0, max: 2 }),
  });
  let seen = 0;
  fc.assert(
    fc.property(fc.array(license, { minLength: 1, maxLength: 4 }), (told) => {
      const oldest = Math.max(...told.map(({ age }) => age));
      const licenses = told.map(({ age, state, reissue }) => licenseOf(NOW - age, { state, reissue }));
      const shown = shownOf(...licenses);
      if (typeof shown === 'string') return;
      seen += 1;
      t.true(oldest <= CLAIMABLE_MILLISECONDS);
      for (const { state, reissue } of shown) t.deepEqual([state, reissue], ['active', 0]);
    }),
    // About one draw in eighty shows something.
    { numRuns: 2000 },
  );
  t.true(seen > 0);
});

test('a secret names the order that told it; of a live and a test order the live one, of two the same way none', (t) => {
  const told = (
    order: string,
    mode: Mode = 'live',
    marketplace: Fact['marketplace'] = 'paddle-billing',
  ): Fact => ({
    marketplace,
    mode,
    subject: claimSubject('d'),
    key: `claim:${order}`,
    at: NOW,
    cause: 'sold',
    body: { kind: 'claimable', order },
  });
  const of = (...facts: readonly Fact[]) => claimedOrder(facts, 'paddle-billing');
  t.deepEqual(of(told('txn_1'), told('txn_1')), { order: 'txn_1', mode: 'live' });
  t.deepEqual(of(told('txn_9', 'test'), told('txn_1')), { order: 'txn_1', mode: 'live' });
  t.deepEqual(of(told('txn_9', 'test')), { order: 'txn_9', mode: 'test' });
  t.is(of(told('txn_1'), told('txn_2')), AMBIGUOUS);
  t.is(of(told('txn_1', 'live', 'stripe')), undefined);
});

test('codes that the page shows are noted as handed out, unless they were before', (t) => {
  const [never, older, newest] = [
    storyOf(),
    storyOf({ unit: 1, revision: 2, handed: 1 }),
    storyOf({ unit: 2, revision: 2, handed: 2 }),
  ];
  const text = licenseIdText(older.id);
  const facts = shownFacts([never, older, newest], NOW);
  t.deepEqual(
    facts.map(({ subject }) => subject),
    [licenseSubject(never.id), licenseSubject(older.id)],
  );
  t.deepEqual(facts[1], {
    marketplace: 'fastspring',
    mode: 'live',
    subject: licenseSubject(older.id),
    key: `claimed:${text}:2`,
    at: NOW,
    cause: 'the page after the checkout',
    body: { kind: 'handed', revision: 2, by: 'page' },
  });
});

test('a claim is a name of its own, in which no order is', (t) => {
  t.is(claimOrder('d'), 'claim:d');
  t.is(claimSubject('d'), 'order:claim:d');
});
