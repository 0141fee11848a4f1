/** What customers may do by themselves: how often, and for how long. */
import test from 'ava';
import {
  ADDRESS_CHANGED,
  type AddressChange,
  ASKED_BY_BUYER,
  ASKED_IN_VAIN,
  CHANGES_COUNTED_FOR,
  CONFIRM_ADDRESS,
  changeBody,
  changeIn,
  MOST_CHANGES,
  mayAnswer,
  mayConfirm,
  mayUndo,
} from '../../../src/domain/ports/self-service.ts';
import { MAIL_TOPICS } from '../../../src/domain/values/announcement.ts';
import { at, MARKET } from '../../kit/world.ts';

const none = { ofOrderInDay: 0, ofAddressInHour: 0, inHour: 0 };

test('an order is answered 5 times a day, an address 3 times an hour, and everybody together 200 times an hour', (t) => {
  t.is(mayAnswer(none), 'answer');
  t.is(mayAnswer({ ofOrderInDay: 4, ofAddressInHour: 2, inHour: 199 }), 'answer');
  t.is(mayAnswer({ ...none, ofOrderInDay: 5 }), 'limited');
  t.is(mayAnswer({ ...none, ofAddressInHour: 3 }), 'limited');
  t.is(mayAnswer({ ...none, inHour: 200 }), 'later');
  t.is(
    mayAnswer({ ofOrderInDay: 5, ofAddressInHour: 0, inHour: 200 }),
    'limited',
    'and not asked again later',
  );
});

test('the body of an announcement carries the number of its change', (t) => {
  for (const number of [0, 7, 123_456]) t.is(changeIn({ body: changeBody(number) }), number);
  t.is(changeIn({ body: null }), 0, 'no change has this number');
});

const ASKED = at('2027-01-01');
const change = (more: Partial<AddressChange> = {}): AddressChange => ({
  ...MARKET,
  number: 1,
  license: new Uint8Array(16),
  order: 'A',
  state: 'pending',
  askedAt: ASKED,
  doneAt: null,
  newAddress: 'eve@example.com',
  oldAddress: null,
  ...more,
});

test('a new address may be confirmed for less than a day, once', (t) => {
  t.true(mayConfirm(change(), at('2027-01-02') - 1));
  t.false(mayConfirm(change(), at('2027-01-02')));
  for (const state of ['done', 'undone', 'over'] as const)
    t.false(mayConfirm(change({ state }), ASKED), state);
});

test('a change may be undone for less than 14 days, while the former address is known', (t) => {
  const done = change({ state: 'done', doneAt: ASKED, oldAddress: 'ada@example.com' });
  t.true(mayUndo(done, at('2027-01-15') - 1));
  t.false(mayUndo(done, at('2027-01-15')));
  t.false(mayUndo({ ...done, oldAddress: null }, ASKED));
  t.false(mayUndo({ ...done, doneAt: null }, ASKED));
  for (const state of ['pending', 'undone', 'over'] as const)
    t.false(mayUndo({ ...done, state }, ASKED), state);
});

test('an address may be changed three times in 30 days', (t) => {
  t.deepEqual([MOST_CHANGES, CHANGES_COUNTED_FOR], [3, at('2027-01-31') - at('2027-01-01')]);
});

test('the mails of self-service keep their topics, which ledgers hold, and a product has no text for them', (t) => {
  const topics = [CONFIRM_ADDRESS, ADDRESS_CHANGED, ASKED_IN_VAIN, ASKED_BY_BUYER];
  t.deepEqual(topics, ['address-confirm', 'address-changed', 'asked-in-vain', 'asked-buyer']);
  t.false(MAIL_TOPICS.some((topic) => topics.includes(topic)));
});
