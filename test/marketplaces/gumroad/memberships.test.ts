/** How Gumroad's memberships begin: in a trial, free of charge, as a gift, or before there was Mintmark. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/gumroad/events.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import { bought, charged, GumroadWorld, PRODUCTS, renewed, type Told, told } from '../../kit/gumroad.ts';

const DAY = '2026-01-10';
const world = () => new GumroadWorld();
const peopleIn = ({ payload }: Told) =>
  readAgain(payload, 'live', PRODUCTS)
    .read()
    .people.map(({ subject, customer }) => [subject, customer.email]);

const TRIAL = { free_trial_ends_on: 'Jan 24, 2026', free_trial_ended: false };
const tried = (day: string, told: object = {}) => charged(day, { more: TRIAL, ...told });

test('a trial ends on the day that the API writes for people, or writes otherwise; another text is flagged', (t) => {
  const seen = (ends: unknown) =>
    world().tell(told(DAY, charged(DAY, { more: { ...TRIAL, free_trial_ends_on: ends } })));
  for (const ends of ['Jan 24, 2026', 'January 24, 2026', '2026-01-24', '2026-01-24T09:00:00.000Z'])
    t.deepEqual([seen(ends).states, seen(ends).flags], [['app active 2026-02-07'], []], ends);
  for (const ends of ['Jam 24, 2026', 'in 14 days', '24', 'Jan 24', 1e308])
    t.deepEqual([seen(ends).states, seen(ends).flagKinds], [['app active 2026-02-24'], ['unclear']]);
});

test('a plan that is changed in a trial, or after it, is listed as a sale, and is no second license', (t) => {
  const again = tried('2026-01-12', { id: 'again' });
  const seen = world().tell(told(DAY, tried(DAY)), told('2026-01-12', again));
  t.deepEqual([seen.licenses, seen.flagKinds], [['app M-2026-01-10/0 active 2026-02-07'], ['unclear']]);
  const up = tried('2026-01-12', { id: 'up', option: 'Plus' });
  const other = world().tell(told(DAY, tried(DAY)), told('2026-01-12', up));
  t.deepEqual(other.states, ['app ended 2026-02-07', 'plus active 2026-02-07']);
  const late = tried('2026-03-24', { id: 'late' });
  const paid = ['2026-01-24', '2026-02-24', '2026-03-24'].map((day) => told(day, renewed(day)));
  t.deepEqual(world().tell(told(DAY, tried(DAY)), ...paid, told('2026-03-24', late)).states, [
    'app active 2026-05-08',
  ]);
  const two = world().tell(
    told(DAY, charged(DAY)),
    told(DAY, charged(DAY, { id: 'N', subscription: 'N==' })),
  );
  t.is(two.licenses.length, 2, 'the control: another subscription is another license');
});

test('a membership that an offer code makes free is valid for one period, since the next may be charged', (t) => {
  const more = { offer_code: { code: 'spring', displayed_amount_off: '100%' } };
  const free = charged(DAY, { price: 0, more });
  const seen = world().tell(told(DAY, free));
  t.deepEqual([seen.states, seen.flagKinds], [['app active 2026-02-24'], ['unclear']]);
  seen.tell(told('2026-02-10', renewed('2026-02-10')));
  t.deepEqual(seen.states, ['app active 2026-03-24']);
  t.deepEqual(world().tell(told(DAY, charged(DAY, { price: 500, more }))).flags, [], 'a part is no gift');
});

test('a membership that is given is its receiver’s, though the API calls the sale a later charge', (t) => {
  const more = { is_gift_receiver_purchase: true, recurring_charge: true };
  const gift = told(DAY, charged(DAY, { id: 'gift', price: 0, more }), 'sale', { giver: 'giver' });
  const seen = world().tell(gift);
  t.deepEqual([seen.licenses, seen.owed, seen.flags], [['app gift/0 active 2026-02-24'], [], []]);
  t.deepEqual(peopleIn(gift), [['order:gift', 'ada@example.com']]);
  seen.tell(told('2026-02-10', renewed('2026-02-10')));
  t.deepEqual(seen.licenses, ['app gift/0 active 2026-03-24']);
});

test('a charge of a membership from before there was Mintmark names whom its license is mailed to', (t) => {
  const charge = told('2026-02-10', renewed('2026-02-10'));
  t.deepEqual(world().tell(charge).licenses, ['app subscription:M==/0 active 2026-03-24']);
  t.deepEqual(peopleIn(charge), [['subscription:M==', 'ada@example.com']]);
  const unnamed = told('2026-02-10', { ...renewed('2026-02-10'), subscription_id: null });
  t.deepEqual(peopleIn(unnamed), [], 'the control: of no subscription');
});

test('what is paid on top of an earlier purchase sells nothing, and is flagged', (t) => {
  const more: Loose = { is_additional_contribution: true };
  const seen = world().tell(told(DAY, bought(DAY)), told(DAY, bought(DAY, { id: 'more', more })));
  t.deepEqual([seen.states, seen.owed, seen.flagKinds], [['tool active perpetual'], [], ['unclear']]);
});

test('a variant that is renamed is the same line of a sale that is read again', (t) => {
  const sale = bought(DAY, { option: 'Pro' });
  for (const name of ['Advanced', 'Zed']) {
    const part = { ...sale, variants: { Tier: name }, partially_refunded: true };
    const seen = world().tell(told(DAY, sale), told('2026-01-12', part, 'refund'));
    t.deepEqual(seen.states, ['tool active perpetual'], name);
    t.deepEqual(seen.tell(told('2026-01-13', { ...part, refunded: true }, 'refund')).states, [
      'tool revoked perpetual',
    ]);
  }
});
