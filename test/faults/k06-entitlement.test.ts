/** Kind 6: how payments and ends change each part of an entitlement. */
import test from 'ava';
import { charged, midnight, type Plan, refunded, subscription } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { fileOf } from './products.ts';
import {
  afterYears,
  buy,
  open,
  PADDLE_PLAN,
  paid,
  STUDIO_PLAN,
  subscribe,
  subscribeAtPaddle,
} from './scenes.ts';

const YEARLY = fileOf(`name: Yearly
term: P1Y
grace: P14D
updates: P1Y
marketplaces: { paddle-classic: { product: "5810" }, fastspring: { product: yearly } }`);

test('fault 33: updates move with each paid period', async (t) => {
  const player = await open(t, { yearly: YEARLY });
  const plan: Plan = { ...STUDIO_PLAN, product: 'yearly' };
  await subscribe(player, 'yearly', plan);
  await player.events(charged(afterYears(2, plan), { order: 'A2' }));
  const [license] = await player.licenses('A');
  t.is(license?.lastValid, '2028-12-04');
  t.true((license?.updatesUntil ?? '') >= '2028-11-20', `updates until ${license?.updatesUntil}`);
});

const CARE: Plan = { ...STUDIO_PLAN, product: 'editor-home' };

/** A perpetual license with a subscription for its updates, paid for two years. */
async function maintained(player: Player): Promise<void> {
  await subscribe(player, 'editor', CARE);
  await player.events(charged(afterYears(2, CARE), { order: 'A2' }));
}

/** State, last valid day and the year of the updates' end. */
async function essence(player: Player): Promise<readonly unknown[]> {
  const [license] = await player.licenses('A');
  return [license?.state, license?.lastValid, license?.updatesUntil?.slice(0, 4)];
}

test('fault 33: a maintenance subscription of a perpetual product moves its updates only', async (t) => {
  const player = await open(t);
  await subscribe(player, 'editor', CARE);
  t.deepEqual(await essence(player), ['active', null, '2027']);
  await player.events(charged(afterYears(2, CARE), { order: 'A2' }));
  t.deepEqual(await essence(player), ['active', null, '2028']);
});

for (const [what, say] of [
  [
    'is overdue',
    (player: Player) => player.events(subscription('payment.overdue', CARE, { state: 'overdue' })),
  ],
  ['is paused', (player: Player) => player.events(subscription('paused', CARE, { state: 'paused' }))],
] as const) {
  test(`fault 33: a perpetual license stays active with its paid updates while its maintenance ${what}`, async (t) => {
    const player = await open(t);
    await maintained(player);
    await say(player);
    t.deepEqual(await essence(player), ['active', null, '2028']);
  });
}

test('fault 33: a perpetual license is active for good after its maintenance has ended', async (t) => {
  const player = await open(t);
  await maintained(player);
  const over = { state: 'deactivated', active: false, nextChargeDate: null };
  await player.events(
    subscription('deactivated', CARE, { ...over, deactivationDate: midnight('2026-11-20') }),
  );
  t.deepEqual((await essence(player)).slice(0, 2), ['active', null]);
});

test('fault 33: the refund of a maintenance charge takes its year of updates only', async (t) => {
  const player = await open(t);
  await maintained(player);
  await player.events(refunded('A2', { product: 'editor-home', subscription: 'a-sub' }));
  t.deepEqual(await essence(player), ['active', null, '2027']);
});

test('fault 34: "ended: fallback" gives an unpaid trial no perpetual license', async (t) => {
  const player = await open(t);
  const trial: Plan = { ...STUDIO_PLAN, product: 'keeper-yearly', next: '2026-12-20', sequence: 0 };
  await player.request('keeper', { reference: 'A', subscriptionReference: 'a-sub', sequence: 0 });
  await player.events(subscription('activated', trial, { state: 'trial' }));
  const on = { deactivationDate: midnight('2026-11-25'), state: 'deactivated', active: false };
  await player.events(subscription('deactivated', trial, { ...on, nextChargeDate: null }));
  await player.waitUntil('2026-11-27');
  const [license] = await player.licenses('A');
  t.is(license?.state, 'ended');
  t.not(license?.lastValid, null);
});

test('fault 34: "ended: fallback" gives no perpetual license where a charge of 0 alone came after the trial', async (t) => {
  const outcomes: unknown[] = [];
  for (const total of [0, 20]) {
    const player = await open(t);
    const trial: Plan = { ...STUDIO_PLAN, product: 'keeper-yearly', next: '2026-12-20', sequence: 0 };
    await player.request('keeper', { reference: 'A', subscriptionReference: 'a-sub', sequence: 0 });
    await player.events(subscription('activated', trial, { state: 'trial' }));
    await player.waitUntil('2026-12-21');
    const first: Plan = { ...trial, next: '2027-12-20', sequence: 1 };
    await player.events(charged(first, { order: 'A2', more: { total } }));
    const [renewed] = await player.licenses('A');
    t.is(renewed?.lastValid, '2028-01-03');
    const on = { deactivationDate: midnight('2027-02-01'), state: 'deactivated', active: false };
    await player.waitUntil('2027-02-01');
    await player.events(subscription('deactivated', first, { ...on, nextChargeDate: null }));
    await player.waitUntil('2027-02-03');
    const [license] = await player.licenses('A');
    outcomes.push([license?.state, license?.lastValid === null]);
  }
  t.deepEqual(outcomes, [
    ['ended', false],
    ['ended', true],
  ]);
});

test('fault 34: a charge of 0 ends an overdue payment', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-21');
  await player.events(subscription('payment.overdue', STUDIO_PLAN, { state: 'overdue' }));
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
  await player.events(charged(afterYears(2), { order: 'A2', more: { total: 0 } }));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

test('fault 34: at Paddle the fallback begins on the day of the cancellation, because no end is reported', async (t) => {
  const keeper = fileOf(
    'name: Keeper\nterm: P1Y\ngrace: P14D\nended: fallback\nmarketplaces: { paddle-classic: { product: "5710" } }',
  );
  const player = await open(t, { keeper });
  await subscribeAtPaddle(player, 'keeper', { ...PADDLE_PLAN, subscription_plan_id: '5710' });
  await player.alert({
    alert_name: 'subscription_cancelled',
    subscription_id: '700',
    subscription_plan_id: '5710',
    status: 'deleted',
    cancellation_effective_date: '2027-11-20',
  });
  t.not((await player.licenses('900-1'))[0]?.lastValid, null, 'not before that day');
  await player.waitUntil('2027-11-22');
  const [license] = await player.licenses('900-1');
  t.deepEqual([license?.state, license?.lastValid], ['ended', null]);
  const until = license?.updatesUntil ?? '';
  t.true(until >= '2027-11-19' && until <= '2027-12-04', `updates until ${until}`);
});

test('fault 35: license renew is for dated licenses; for a perpetual license it names license extend', async (t) => {
  const player = await open(t);
  await buy(player, 'editor', 'A', { product: 'editor-home' });
  await buy(player, 'studio', 'B', { product: 'studio-yearly' });
  const [perpetual] = await player.licenses('A');
  const [dated] = await player.licenses('B');
  const renew = (id = '') => player.cli('license', 'renew', id, '--until', '2029-12-31', '--reason', 'asked');
  const refused = await renew(perpetual?.id);
  t.is(refused.status, 1);
  t.regex(refused.err, /extend/);
  t.is((await renew(dated?.id)).status, 0);
  t.is((await player.licenses('A'))[0]?.lastValid, null);
  t.is((await player.licenses('B'))[0]?.lastValid, '2029-12-31');
});

test('fault 35: license extend moves the day of the updates', async (t) => {
  const player = await open(t);
  await buy(player, 'editor', 'A', { product: 'editor-home' });
  const [license] = await player.licenses('A');
  const words = ['license', 'extend', license?.id ?? '', '--updates-until', '2029-12-31'];
  t.is((await player.cli(...words, '--reason', 'a second year was bought')).status, 0);
  t.deepEqual(await player.told('A'), ['editor: active for good, updates to 2029-12-31']);
});

const TRYOUT = fileOf(`name: Tryout
term: P1Y
grace: P14D
trial_term: P30D
marketplaces: { fastspring: { product: tryout-yearly } }`);

for (const sign of [{ trial: 'true' }, { trialEnd: '2026-12-20' }, { sequence: 0 }]) {
  const [name] = Object.keys(sign);
  test(`fault 36: the first code of a trial, reported by ${name}, lasts as long as the trial`, async (t) => {
    const player = await open(t, { tryout: TRYOUT });
    const answer = await player.request('tryout', {
      reference: 'A',
      subscriptionReference: 'a-sub',
      ...sign,
    });
    t.is(answer.status, 200);
    const until = (await player.licenses('A'))[0]?.lastValid ?? '';
    t.true(until >= '2026-12-19' && until <= '2027-01-03', `last valid ${until}`);
  });
}

test('fault 36: the first payment after the trial gives the whole term', async (t) => {
  const player = await open(t, { tryout: TRYOUT });
  const plan: Plan = { ...STUDIO_PLAN, product: 'tryout-yearly', next: '2027-12-20', sequence: 1 };
  await player.request('tryout', { reference: 'A', subscriptionReference: 'a-sub', sequence: 0 });
  await player.waitUntil('2026-12-20');
  await player.events(charged(plan, { order: 'A2' }));
  t.deepEqual(await player.told('A'), ['tryout: active to 2028-01-03']);
});

test('fault 33: at Paddle too, updates move with each paid period', async (t) => {
  const player = await open(t, { yearly: YEARLY });
  await subscribeAtPaddle(player, 'yearly', { ...PADDLE_PLAN, subscription_plan_id: '5810' });
  const rebill = { order_id: '900-2', subscription_id: '700', subscription_plan_id: '5810' };
  await player.alert(paid({ ...rebill, next_bill_date: '2028-11-20' }));
  const [license] = await player.licenses('900-1');
  t.true((license?.updatesUntil ?? '') >= '2028-11-20', `updates until ${license?.updatesUntil}`);
});
