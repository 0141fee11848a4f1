/** Kind 4: facts from before a stated state subtract nothing from it. */
import test from 'ava';
import { charged, midnight, type Plan, returned, subscription, subscriptionOf } from './fastspring-says.ts';
import { afterYears, buy, live, open, STUDIO_PLAN, subscribe } from './scenes.ts';
import type { ToldEvent } from './steps.ts';

const CANCELED = { state: 'canceled', deactivationDate: midnight('2027-11-19') };

test('fault 24: a payment beyond the last day withdraws a cancellation', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('canceled', STUDIO_PLAN, CANCELED));
  t.is((await player.licenses('A'))[0]?.lastValid, '2027-11-19');
  await player.events(charged(afterYears(2), { order: 'A2' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
  await player.events(charged(afterYears(3), { order: 'A3' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-12-04']);
});

test('fault 24: a payment of a subscription in state canceled withdraws no cancellation', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('canceled', STUDIO_PLAN, CANCELED));
  const paid = charged(afterYears(2), { order: 'A2' });
  const object = subscriptionOf(afterYears(2), CANCELED);
  const event: ToldEvent = { ...paid, data: { ...paid.data, subscription: object } };
  await player.events(event);
  t.is((await player.licenses('A'))[0]?.lastValid, '2027-11-19');
});

test('fault 24: a state active with a later next charge withdraws a cancellation', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('canceled', STUDIO_PLAN, CANCELED));
  await player.events(subscription('updated', afterYears(2)));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

const FIVE: Plan = { ...STUDIO_PLAN, quantity: 5 };
const UNIT_BACK = (product: string) =>
  returned({ order: 'A', total: 100, amount: 20, items: [{ product, quantity: 1, subtotal: 20 }] });

test('fault 25: 5 seats, 1 returned, then set to 4 are 4 seats; then 6 paid are 6', async (t) => {
  const player = await open(t);
  const plan = { ...FIVE, product: 'team-yearly' };
  await subscribe(player, 'team', plan);
  const seats = async () => (await player.licenses('A'))[0]?.seats;
  await player.events(UNIT_BACK('team-yearly'));
  t.is(await seats(), 4);
  await player.events(charged({ ...afterYears(2, plan), quantity: 4 }, { order: 'A2' }));
  t.is(await seats(), 4);
  await player.events(charged({ ...afterYears(3, plan), quantity: 6 }, { order: 'A3' }));
  t.is(await seats(), 6);
});

test('fault 25: 5 units, 1 returned, then 4 paid are 4 licenses; then 6 paid are 6', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', FIVE);
  const count = async () => (await live(player, 'A', 'subscription:a-sub')).length;
  await player.events(UNIT_BACK('studio-yearly'));
  t.is(await count(), 4);
  await player.events(charged({ ...afterYears(2), quantity: 4 }, { order: 'A2' }));
  t.is(await count(), 4);
  await player.events(charged({ ...afterYears(3), quantity: 6 }, { order: 'A3' }));
  t.is(await count(), 6);
});

test('fault 26: payments of a restarted cycle count, though their numbers are lower', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(charged({ ...afterYears(2), sequence: 3 }, { order: 'A2' }));
  await player.events(charged({ ...afterYears(3), sequence: 1 }, { order: 'A3' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-12-04']);
  await player.events(charged({ ...afterYears(4), sequence: 2 }, { order: 'A4' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2030-12-04']);
});

test('fault 26: an absurd period number in a request hides no later payment', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-20');
  const rebill = { reference: 'A2', subscriptionReference: 'a-sub', sequence: 999_999 };
  t.is((await player.request('studio', rebill)).status, 200);
  await player.events(charged({ ...afterYears(2), next: '2029-01-20' }, { order: 'A2' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-02-03']);
});

test('fault 27: returns of 10 and 10 of 20 are a full return', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const items = [{ product: 'script', quantity: 0, refundType: 'Partial Refund', subtotal: 10 }];
  await player.events(returned({ order: 'A', total: 20, amount: 10, items }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  await player.events(returned({ order: 'A', total: 20, amount: 10, items }));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});
