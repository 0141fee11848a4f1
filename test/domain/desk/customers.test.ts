import test from 'ava';
import { correctCustomer, eraseCustomer } from '../../../src/domain/desk/customers.ts';
import type { Customer } from '../../../src/domain/order.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/ledger-file.ts';

const NOW = SOLD_AT + 86_400_000;
const GROUNDS = { actor: 'ada', reason: 'ticket 17' };

test('a correction is made in the ledger, and its history says so without the person (58)', async (t) => {
  const made: [string, Partial<Customer>][] = [];
  const fake = fakeLedger({
    correctCustomer: async (order, customer) => {
      made.push([order, customer]);
      return 2;
    },
  });
  fake.stories.push(storyOf(), storyOf({ unit: 1 }));
  const right = { email: 'ada.byron@example.com' };
  t.deepEqual(await correctCustomer(fake, 'ACME-1', right, GROUNDS, NOW), {
    outcome: 'corrected',
    licenses: 2,
  });
  t.deepEqual(made, [['ACME-1', right]]);
  t.is(fake.facts.length, 1, 'one note, however many licenses');
  t.is(fake.facts[0]?.cause, 'correct address of the customer by ada: ticket 17');
  t.false(JSON.stringify(fake.facts).includes('byron'));
});

test('what is held so already, and an order that nobody knows, are said', async (t) => {
  const fake = fakeLedger();
  fake.stories.push(storyOf());
  const { outcome } = await correctCustomer(fake, 'ACME-1', { email: 'ada@example.com' }, GROUNDS, NOW);
  t.is(outcome, 'unchanged');
  t.is((await correctCustomer(fake, 'ACME-2', { name: 'Ada' }, GROUNDS, NOW)).outcome, 'unknown');
  t.is(fake.facts.length, 0);
});

test('an erasure says whether the bytes of the files are clean too, and whether anything was held', async (t) => {
  const erased = { licenses: 1, events: 2, others: 0, clean: false };
  const fake = fakeLedger({
    eraseCustomer: async (who) => ('order' in who ? { ...erased, licenses: 0, events: 0 } : erased),
  });
  t.deepEqual(await eraseCustomer(fake, { email: 'ada@example.com' }), { outcome: 'erased', ...erased });
  t.deepEqual(await eraseCustomer(fake, { order: 'ACME-1' }), { outcome: 'unknown' });
});
