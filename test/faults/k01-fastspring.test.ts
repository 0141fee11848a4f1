/** Kind 1: FastSpring's fields have the meaning that FastSpring documents; undocumented fields lose nothing. */
import test from 'ava';
import {
  charged,
  chargedBack,
  completed,
  midnight,
  type Plan,
  refunded,
  subscription,
  subscriptionOf,
} from './fastspring-says.ts';
import type { Player } from './player.ts';
import { afterYears, buy, live, open, STUDIO_PLAN, subscribe } from './scenes.ts';
import type { ToldEvent } from './steps.ts';

const PAUSING: Plan = { ...STUDIO_PLAN, next: '2027-06-08' };

test('fault 2: a pause scheduled for the next charge suspends on that day and not before', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', PAUSING);
  const scheduled = { isPauseScheduled: true, pauseBillingCycles: 1 };
  await player.events(
    subscription('paused', PAUSING, scheduled),
    subscription('updated', PAUSING, scheduled),
  );
  t.is((await player.licenses('A'))[0]?.state, 'active');
  await player.waitUntil('2027-06-07');
  t.is((await player.licenses('A'))[0]?.state, 'active');
  await player.waitUntil('2027-06-09');
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
});

test('fault 2: a pause that has begun suspends at once', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', PAUSING);
  await player.events(subscription('paused', PAUSING, { state: 'paused', isPauseScheduled: false }));
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
});

test('fault 5: a won or reversed chargeback revokes nothing; a new or lost chargeback does', async (t) => {
  const player = await open(t);
  const outcomes: (string | undefined)[] = [];
  for (const status of ['NEW', 'LOST', 'WON', 'REVERSED']) {
    await buy(player, 'script', status, { product: 'script' });
    await player.events(chargedBack(status, { status }));
    outcomes.push((await player.licenses(status))[0]?.state);
  }
  t.deepEqual(outcomes, ['revoked', 'revoked', 'active', 'active']);
});

test('fault 5: a chargeback of an unknown status revokes nothing and is flagged', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  await player.events(chargedBack('A', { status: 'PRE_ARBITRATION_7' }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  t.deepEqual(await player.flagged('A'), ['unclear']);
});

test('fault 6: 1,500 units give one code of 1,500 seats, and their order event is accepted', async (t) => {
  const player = await open(t);
  const answer = await player.request('team', { reference: 'A', quantity: 1500 });
  t.is(answer.status, 200);
  t.is((await player.events(completed('A', [{ product: 'team-yearly', quantity: 1500 }]))).status, 200);
  t.deepEqual(await player.told('A'), ['team: active to 2027-12-04, 1500 seats']);
});

test('fault 6: more seats than a code can hold are refused and flagged', async (t) => {
  const player = await open(t);
  const answer = await player.request('team', { reference: 'A', quantity: 65_536 });
  t.deepEqual([answer.status, answer.problem], [400, 'malformed_request']);
  t.regex(answer.text, /65,?535/);
  const event = await player.events(completed('A', [{ product: 'team-yearly', quantity: 65_536 }]));
  t.is(event.status, 200);
  t.true((await player.flagged('A')).includes('too-many-units'));
});

test('fault 7: a charge date stated during a pause is not paid time', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', PAUSING);
  const later = { ...PAUSING, next: '2028-06-08' };
  await player.events(subscription('updated', later, { state: 'paused' }));
  t.is((await player.licenses('A'))[0]?.lastValid, '2027-06-22');
});

const LAST_DAY = { canceledDate: midnight('2026-12-01'), deactivationDate: midnight('2028-11-19') };

test('fault 9: a payment lifts overdue, also for a canceled subscription', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-21');
  const canceled = { state: 'canceled', ...LAST_DAY };
  await player.events(
    subscription('payment.overdue', STUDIO_PLAN, { state: 'overdue' }),
    subscription('canceled', afterYears(2), canceled),
  );
  const paid = charged(afterYears(2), { order: 'A2' });
  const object = subscriptionOf(afterYears(2), canceled);
  await player.events({ ...paid, data: { ...paid.data, subscription: object } });
  t.is((await player.licenses('A'))[0]?.state, 'active');
});

test('fault 9: a paused and canceled subscription ends on its day', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const canceled = { state: 'canceled', deactivationDate: midnight('2027-11-19') };
  await player.events(
    subscription('paused', STUDIO_PLAN, { state: 'paused' }),
    subscription('canceled', STUDIO_PLAN, canceled),
  );
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
  await player.waitUntil('2027-11-21');
  t.is((await player.licenses('A'))[0]?.state, 'ended');
});

const THREE: Plan = { ...STUDIO_PLAN, quantity: 3 };

test('fault 71: a lower quantity counts from the paid charge that names it, not within paid time', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', THREE);
  await player.events(subscription('updated', STUDIO_PLAN));
  t.deepEqual(await player.told('A'), Array(3).fill('studio: active to 2027-12-04'));
  await player.events(charged(afterYears(2), { order: 'A2' }));
  const ended = 'studio: ended to 2027-12-04';
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04', ended, ended]);
});

test('fault 71: a higher quantity hands out nothing before it is paid', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('updated', { ...STUDIO_PLAN, quantity: 1000 }));
  t.is((await live(player, 'A', 'subscription:a-sub')).length, 1);
  const more = { reference: 'A2', subscriptionReference: 'a-sub', quantity: 1000 };
  t.true((await player.request('studio', more)).status >= 400);
  t.is((await live(player, 'A', 'A2', 'subscription:a-sub')).length, 1);
});

test('fault 71: another product counts from its paid proration', async (t) => {
  const player = await open(t);
  const pro: Plan = { ...STUDIO_PLAN, product: 'pro-yearly' };
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('updated', pro));
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
  await player.events(charged({ ...pro, sequence: 1 }, { order: 'P' }));
  t.deepEqual(await player.told('A'), ['studio: ended to 2027-12-04']);
  t.deepEqual(await player.told('subscription:a-sub'), ['pro: active to 2027-12-04']);
});

/** An edit to 5 of 3 units, whose charge is dated before it. */
async function editAfterCharge(player: Player, charge: ToldEvent): Promise<readonly string[]> {
  await subscribe(player, 'studio', THREE);
  const noon = midnight('2027-01-10') + 12 * 3_600_000;
  await player.waitUntil('2027-01-11');
  await player.events({ ...charge, data: { ...charge.data, timestamp: noon } });
  await player.events({ ...subscription('updated', { ...THREE, quantity: 5 }), created: noon + 500 });
  return [...(await player.told('A')), ...(await player.told('subscription:a-sub'))];
}

test('fault 71: a quantity that is told after its charge counts at once, also where the charge names nothing', async (t) => {
  const untold = { order: 'P-id', subscription: 'a-sub', total: 40, currency: 'EUR', status: 'successful' };
  const event = { type: 'subscription.charge.completed', data: untold };
  const five = Array(5).fill('studio: active to 2027-12-04');
  t.deepEqual(await editAfterCharge(await open(t), event), five);
  const item = {
    product: 'studio-yearly',
    quantity: 2,
    subscription: 'a-sub',
    proratedItemProratedCharge: 40,
  };
  t.deepEqual(
    await editAfterCharge(await open(t), charged({ ...THREE, sequence: 1 }, { order: 'P', items: [item] })),
    five,
  );
});

test('fault 71: a proration that names the added units alone takes no paid unit', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', THREE);
  const item = {
    product: 'studio-yearly',
    quantity: 2,
    subscription: 'a-sub',
    proratedItemProratedCharge: 40,
  };
  await player.events(charged({ ...afterYears(2), quantity: 3 }, { order: 'A2' }));
  await player.events(charged({ ...afterYears(2), quantity: 5 }, { order: 'P', items: [item] }));
  t.deepEqual(await player.told('A'), Array(3).fill('studio: active to 2028-12-04'));
});

test('fault 71: a change whose charge never comes is flagged', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', THREE);
  await player.events(subscription('updated', STUDIO_PLAN));
  t.false((await player.flagged('A')).includes('unconfirmed-change'));
  await player.waitUntil('2028-01-20');
  t.true((await player.flagged('A')).includes('unconfirmed-change'));
});

test('fault 72: an order event without a reference names nothing, and a later chargeback finds the license', async (t) => {
  const player = await open(t);
  const nameless = completed('A', [{ product: 'script' }], { reference: null, completed: false });
  await player.events({ ...nameless, type: 'order.canceled' });
  await buy(player, 'script', 'A', { product: 'script' });
  t.deepEqual(await player.told('A'), ['script: active for good']);
  await player.events(chargedBack('A'));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});

test('fault 74: a subscription deactivated without a date ends on the day of the event', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const over = { state: 'deactivated', active: false, nextChargeDate: null, deactivationDate: null };
  await player.events(subscription('deactivated', STUDIO_PLAN, { ...over, end: midnight('2029-11-20') }));
  t.deepEqual(await player.told('A'), ['studio: ended to 2026-11-20']);
});

for (const [name, more] of [
  ['a managed subscription', { adhoc: true }],
  ['a subscription without automatic renewal', { autoRenew: false }],
] as const) {
  test(`fault 75: the dates of ${name} are not paid time; its charge's day and the term are`, async (t) => {
    const player = await open(t);
    await subscribe(player, 'studio', STUDIO_PLAN);
    await player.waitUntil('2027-11-22');
    const far: Plan = { ...STUDIO_PLAN, next: '2031-11-20', sequence: 2 };
    await player.events(subscription('updated', far, more));
    t.is((await player.licenses('A'))[0]?.lastValid, '2027-12-04');
    const paid = charged(far, { order: 'A2' });
    await player.events({ ...paid, data: { ...paid.data, subscription: subscriptionOf(far, more) } });
    t.is((await player.licenses('A'))[0]?.lastValid, '2028-12-06');
  });
}

test('fault 75: a subscription that is charged by hand from some day on is paid for a term by an early charge', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const managed = { adhoc: true };
  await player.events(subscription('updated', STUDIO_PLAN, managed));
  await player.waitUntil('2027-11-10');
  const paid = charged(STUDIO_PLAN, { order: 'A2' });
  await player.events({
    ...paid,
    data: { ...paid.data, subscription: subscriptionOf(STUDIO_PLAN, managed) },
  });
  t.deepEqual(await player.told('A'), ['studio: active to 2028-11-24']);
  await player.events(refunded('A2', { product: 'studio-yearly', subscription: 'a-sub' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
});

test('fault 75: a customer who pays by hand before the day of renewal is paid for one period more', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const manual = { autoRenew: false };
  await player.events(subscription('updated', STUDIO_PLAN, manual));
  await player.waitUntil('2027-10-10');
  const paid = charged(STUDIO_PLAN, { order: 'A2' });
  await player.events({
    ...paid,
    data: { ...paid.data, subscription: subscriptionOf(STUDIO_PLAN, manual) },
  });
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
  await player.events(refunded('A2', { product: 'studio-yearly', subscription: 'a-sub' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
});

test('fault 76: the charge of a group of subscriptions is kept, and its chargeback suspends its members', async (t) => {
  const player = await open(t);
  const second: Plan = { ...STUDIO_PLAN, id: 'b-sub', order: 'B', product: 'pro-yearly' };
  await subscribe(player, 'studio', STUDIO_PLAN);
  await subscribe(player, 'pro', second);
  const data = {
    id: 'group-1',
    order: 'G-id',
    cotermGroupOrderId: 'G-id',
    cotermGroupOrderReference: 'G',
    cotermNextChargeDate: midnight('2027-11-20'),
    subscriptions: [subscriptionOf(STUDIO_PLAN), subscriptionOf(second)],
  };
  await player.events(
    { type: 'subscription.group.created', data },
    { type: 'subscription.group.prorated', data },
  );
  await player.events(chargedBack('G'));
  t.deepEqual(await player.told('A'), ['studio: suspended to 2027-12-04']);
  t.deepEqual(await player.told('B'), ['pro: suspended to 2027-12-04']);
});
