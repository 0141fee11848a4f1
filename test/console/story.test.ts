/** The story of an order, told from what the ledger holds. */
import test from 'ava';
import { causeText, storyOf as tell } from '../../src/console/order/story.ts';
import { flagOf, storyOf } from '../kit/desk-ledger.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';

const nothing = { owed: [], facts: [], flags: [], events: [], texts: [], announcements: [], downloads: [] };

const noted = (cause: string) =>
  ({ at: SOLD_AT + 1, from: 'active', to: 'active', revision: 0, cause }) as const;

test('a cause is a sentence; a decision names who and why, and an event keeps its name', (t) => {
  t.is(causeText('fulfillment request'), 'Fulfillment request.');
  t.is(causeText('suspend by Ada: ticket 17'), '“ticket 17”, by Ada.');
  t.is(causeText('order.completed event-8'), 'order.completed event-8.');
  t.is(causeText('payment_succeeded 12'), 'payment_succeeded 12.');
});

test('a text is told as handed over by whoever did it, and not before anybody was sent it', (t) => {
  const text = { marketplace: 'fastspring', units: [0], at: SOLD_AT, text: 'codes', isAhead: false };
  const whatOf = (more: Partial<typeof text>) =>
    tell({ ...nothing, licenses: [], texts: [{ ...text, ...more }] }).map(({ what }) => what);
  t.deepEqual(whatOf({}), ['The code was handed to the marketplace']);
  t.deepEqual(whatOf({ units: [0, 1] }), ['Two codes were handed to the marketplace']);
  t.deepEqual(whatOf({ marketplace: 'manual' }), ['The code was printed for you to send']);
  t.deepEqual(whatOf({ isAhead: true }), ['The answer to a repeat was fixed']);
});

test('a reason that is a sentence ends with one full stop', (t) => {
  const whyOf = (reason: string) =>
    tell({ ...nothing, licenses: [], flags: [flagOf({ reason })] }).map(({ why }) => why);
  t.deepEqual(whyOf('Nothing was changed.'), ['Nothing was changed.']);
  t.deepEqual(whyOf('It is unclear'), ['It is unclear.']);
});

test('what a flag tells is not told again as a note', (t) => {
  const { history } = storyOf();
  const license = storyOf({ history: [...history, noted('a mail was refused')] });
  const linesWith = (flags: readonly ReturnType<typeof flagOf>[]) =>
    tell({ ...nothing, licenses: [license], flags }).map(({ what }) => what);
  t.deepEqual(linesWith([flagOf({ kind: 'mail-refused', at: SOLD_AT + 1 })]), [
    'A mail was refused',
    'One license was minted',
  ]);
  t.deepEqual(linesWith([]), ['Noted, and no license changed', 'One license was minted'], 'the control');
});
