import test from 'ava';
import { findMentioned } from '../../../src/cli/explain/mentioned.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

/** A ledger that notes each question. */
function asked() {
  const questions: string[] = [];
  const { ledger, stories } = fakeLedger();
  const counted: Parameters<typeof findMentioned>[1] = {
    find: (query) => {
      questions.push(query.by);
      return ledger.find(query);
    },
    showOrder: (order, options) => {
      questions.push(options?.byAnyName ? `any name ${order}` : order);
      return ledger.showOrder(order, options);
    },
  };
  return { questions, stories, ledger: counted };
}

test('a word that may be an order is looked up once, known or not', async (t) => {
  const { questions, stories, ledger } = asked();
  stories.push(storyOf({ order: 'ACME-1' }));
  const found = await findMentioned('My order ACME-1, from invoice 2027-11 of 2027-11, is lost.', ledger);
  t.deepEqual(
    found.map(({ order }) => order),
    ['ACME-1'],
  );
  t.deepEqual(questions, ['any name ACME-1', 'any name 2027-11']);
});
