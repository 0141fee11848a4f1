import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import type { LedgerQuery, LicenseStory } from '../../../src/domain/ledger.ts';
import { findAsked } from '../../../src/outbox/inquiry/find-asked.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { factOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const EMAIL = 'ada@example.com';

/** What a customer finds; licenses of these ids have another holder. */
async function ask(
  stories: readonly LicenseStory[],
  strangers: readonly LicenseStory[] = [],
  { order = 'ACME-1', facts = [] }: { readonly order?: string; readonly facts?: readonly Fact[] } = {},
) {
  const fake = fakeLedger();
  fake.stories.push(...stories);
  fake.facts.push(...facts);
  const peopleOf = async (id: Uint8Array) => ({
    holder: strangers.some((license) => license.id === id) ? 'other@example.com' : EMAIL,
    buyer: undefined,
  });
  const ledger = {
    find: async (query: LedgerQuery) => (query.by === 'email' ? [...stories] : fake.ledger.find(query)),
    showOrder: fake.ledger.showOrder,
    selfService: { peopleOf } as never,
  };
  const found = await findAsked({ order, email: EMAIL, at: SOLD_AT }, ledger);
  return found.map(({ license }) => license);
}

const subscription = 'S';
const later = { subscription, order: 'subscription:S', product: 'pro', line: 'pro' } as const;

test('after a change of the product, whoever asks by the first order finds the current product’s licenses', async (t) => {
  const formers = [0, 1].map((unit) => storyOf({ subscription, unit, state: 'ended' }));
  const pros = [0, 1].map((unit) => storyOf({ ...later, unit }));
  t.deepEqual(await ask([...formers, ...pros]), pros);
  t.deepEqual(await ask([...formers, ...pros.slice(0, 1)]), [pros[0], formers[1]]);
});

test('a reissued license is not found beside its replacement, nor beside that license’s successor', async (t) => {
  const leaked = storyOf({ subscription, state: 'revoked' });
  const reissue = storyOf({ subscription, reissue: 1 });
  t.deepEqual(await ask([leaked, reissue]), [reissue]);
  const pro = storyOf(later);
  t.deepEqual(await ask([leaked, { ...reissue, state: 'ended' }, pro]), [pro]);
});

test('a successor of another person stays unknown', async (t) => {
  const former = storyOf({ subscription, state: 'ended' });
  const pro = storyOf(later);
  t.deepEqual(await ask([former, pro], [pro]), [former]);
});

test('orders of one number in two marketplaces or modes are found both', async (t) => {
  const stories = [storyOf(), storyOf({ mode: 'test', reissue: 1 }), storyOf({ marketplace: 'manual' })];
  t.deepEqual(await ask(stories), stories);
});

test('whoever asks by the number of a renewal or of the subscription finds the license, if it is theirs', async (t) => {
  const story = storyOf({ subscription });
  const charge = 'order-id:i2' as const;
  const line = { line: 'app', product: 'app', quantity: 1 };
  const facts = [
    factOf('subscription:S', { kind: 'asked', order: 'ACME-3', ...line }),
    factOf('subscription:S', { kind: 'paid', until: null, sequence: null, charge }),
    factOf(charge, { kind: 'alias', of: 'order:ACME-2' }),
  ];
  for (const order of ['ACME-2', 'acme-3', '#i2', 'S']) {
    t.deepEqual(await ask([story], [], { order, facts }), [story], order);
    t.deepEqual(await ask([story], [story], { order, facts }), [], `${order} of another person`);
  }
  t.deepEqual(await ask([story], [], { order: 'ACME-4', facts }), []);
});
