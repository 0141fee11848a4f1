import test from 'ava';
import { correctCustomer, eraseCustomer } from '../../../src/domain/desk/customers.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import type { Customer } from '../../../src/domain/values/order.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { nameOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

test('a correction changes the ledger, and the history notes it without personal data (58)', async (t) => {
  const made: [string, Partial<Customer>][] = [];
  const fake = fakeLedger({
    correctCustomer: async ({ order }, customer, note) => {
      made.push([order, customer]);
      fake.facts.push(...(note === undefined ? [] : [note]));
      return 2;
    },
  });
  fake.stories.push(storyOf(), storyOf({ unit: 1 }));
  const right = { email: 'ada.byron@example.com' };
  t.deepEqual(
    await correctCustomer(fake, nameOf('ACME-1', { marketplace: 'fastspring' }), right, GROUNDS, NOW),
    {
      outcome: 'corrected',
      licenses: 2,
    },
  );
  t.deepEqual(made, [['ACME-1', right]]);
  t.is(fake.facts.length, 1, 'one note, however many licenses');
  t.is(fake.facts[0]?.cause, 'correct address of the customer by ada: ticket 17');
  t.false(JSON.stringify(fake.facts).includes('byron'));
});

test('an unchanged customer and an unknown order are outcomes of their own', async (t) => {
  const fake = fakeLedger();
  fake.stories.push(storyOf());
  const { outcome } = await correctCustomer(
    fake,
    nameOf('ACME-1', { marketplace: 'fastspring' }),
    { email: 'ada@example.com' },
    GROUNDS,
    NOW,
  );
  t.is(outcome, 'unchanged');
  t.is(
    (
      await correctCustomer(
        fake,
        nameOf('ACME-2', { marketplace: 'fastspring' }),
        { name: 'Ada' },
        GROUNDS,
        NOW,
      )
    ).outcome,
    'unknown',
  );
  t.is(fake.facts.length, 0);
});

test('an erasure reports whether the files’ bytes are clean and whether any data was held', async (t) => {
  const erased = { licenses: 1, events: 2, others: 0, clean: false };
  const fake = fakeLedger({
    eraseCustomer: async (who) => ('order' in who ? { ...erased, licenses: 0, events: 0 } : erased),
  });
  t.deepEqual(await eraseCustomer(fake, { email: 'ada@example.com' }), { outcome: 'erased', ...erased });
  t.deepEqual(await eraseCustomer(fake, nameOf('ACME-1', { marketplace: 'fastspring' })), {
    outcome: 'unknown',
    clean: false,
  });
});

test('the history says whether name or address was corrected, or both', async (t) => {
  const [name, email] = ['Ada King', 'king@example.com'];
  for (const [right, act, note] of [
    [{ name }, 'correct name of the customer', 'the customer’s name was corrected'],
    [{ name, email }, 'correct name and address of the customer', 'the customer’s address was corrected'],
  ] as const) {
    const notes: (Fact | undefined)[] = [];
    const fake = fakeLedger({ correctCustomer: async (_order, _customer, note) => notes.push(note) });
    fake.stories.push(storyOf());
    await correctCustomer(fake, nameOf('ACME-1', { marketplace: 'fastspring' }), right, GROUNDS, NOW);
    t.like(notes[0], {
      cause: `${act} by ada: ticket 17`,
      subject: 'order:ACME-1',
      body: { kind: 'noted', note },
    });
  }
});

test('nothing is corrected, and nothing noted, where the order has no license that names the customer', async (t) => {
  const owed = { marketplace: 'fastspring', line: 'app', product: 'app', quantity: 1, missing: 1 } as const;
  const times = { since: SOLD_AT, due: null };
  const fake = fakeLedger({
    showOrder: async () => ({
      licenses: [],
      owed: [
        { ...owed, ...times, mode: 'test', order: 'ACME-1' },
        { ...owed, ...times, mode: 'live', order: 'ACME-2' },
      ],
      facts: [],
      flags: [],
    }),
  });
  for (const [order, outcome] of [
    ['ACME-1', 'unknown'],
    ['ACME-2', 'no license'],
    ['ACME-3', 'unknown'],
  ] as const) {
    const name = nameOf(order, { marketplace: 'fastspring' });
    t.deepEqual(await correctCustomer(fake, name, { name: 'Ada' }, GROUNDS, NOW), { outcome }, order);
  }
  t.deepEqual(fake.facts, []);
});

test('one license with other data is enough for a correction', async (t) => {
  const fake = fakeLedger({ correctCustomer: async () => 1 });
  fake.stories.push(storyOf(), storyOf({ unit: 1, customer: { name: 'Bob', email: 'ada@example.com' } }));
  t.is(
    (
      await correctCustomer(
        fake,
        nameOf('ACME-1', { marketplace: 'fastspring' }),
        { name: 'Ada Byron' },
        GROUNDS,
        NOW,
      )
    ).outcome,
    'corrected',
  );
});

test('where the customer of an order was erased, a correction has an outcome of its own', async (t) => {
  const fake = fakeLedger({ correctCustomer: async () => 0 });
  fake.stories.push(storyOf({ customer: { name: undefined, email: undefined } }));
  const name = nameOf('ACME-1', { marketplace: 'fastspring' });
  t.deepEqual(await correctCustomer(fake, name, { name: 'Ada' }, GROUNDS, NOW), { outcome: 'erased' });
  t.deepEqual(fake.facts, [], 'the ledger notes it with the correction, or not at all');
});

test('an erasure that finds only licenses or only events has erased', async (t) => {
  for (const found of [
    { licenses: 1, events: 0 },
    { licenses: 0, events: 1 },
  ]) {
    const { ledger } = fakeLedger({ eraseCustomer: async () => ({ ...found, others: 0, clean: true }) });
    t.is(
      (await eraseCustomer({ ledger }, nameOf('ACME-1', { marketplace: 'fastspring' }))).outcome,
      'erased',
    );
  }
});
