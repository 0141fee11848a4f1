/** Kind 1: Paddle's fields have the meaning that Paddle documents. */
import test from 'ava';
import { fileOf } from './products.ts';
import { live, open, PADDLE_PLAN, paid, subscribeAtPaddle } from './scenes.ts';
import type { Fields } from './steps.ts';

const PLAN = { subscription_id: '700', subscription_plan_id: '5510' };

/** `subscription_updated` from one status to another. */
function updated(old_status: string, status: string, more: Fields = {}): Fields {
  const quantities = { new_quantity: '1', old_quantity: '1' };
  return { alert_name: 'subscription_updated', ...PLAN, old_status, status, ...quantities, ...more };
}

const FAILED: Fields = {
  alert_name: 'subscription_payment_failed',
  ...PLAN,
  order_id: '900-2',
  status: 'past_due',
  attempt_number: '1',
};

for (const status of ['active', 'paused']) {
  test(`fault 2: a Paddle pause with a future first day suspends on that day, with status ${status}`, async (t) => {
    const player = await open(t);
    await subscribeAtPaddle(player, 'studio', PADDLE_PLAN, { next_bill_date: '2027-06-08' });
    const pause = { paused_at: '2026-11-20 12:00:00', paused_from: '2027-06-08 00:00:00' };
    const more = { ...pause, paused_reason: 'voluntary', next_bill_date: '2027-06-08' };
    await player.alert(updated('active', status, more));
    t.is((await player.licenses('900-1'))[0]?.state, 'active');
    await player.waitUntil('2027-06-07');
    t.is((await player.licenses('900-1'))[0]?.state, 'active');
    await player.waitUntil('2027-06-09');
    t.is((await player.licenses('900-1'))[0]?.state, 'suspended');
  });
}

test('fault 4: an empty p_product_id counts as absent', async (t) => {
  const player = await open(t);
  const { status, codes } = await player.paddle('script', { p_order_id: '101', p_product_id: '' });
  t.deepEqual([status, codes.length], [200, 1]);
  const other = await player.paddle('script', { p_order_id: '102', p_product_id: '9999' });
  t.deepEqual([other.status, other.problem], [400, 'wrong_product']);
});

test('fault 8: the first code of an order paid two years late starts at most 7 days before now', async (t) => {
  const player = await open(t);
  await player.paddle('studio', { p_order_id: '101', event_time: '2024-11-05 10:00:00' });
  const [license] = await player.licenses('101');
  t.deepEqual([license?.issued, license?.lastValid], ['2026-11-13', '2027-11-27']);
});

test('fault 8: an order reported three days late starts on its own day', async (t) => {
  const player = await open(t);
  await player.paddle('studio', { p_order_id: '101', event_time: '2026-11-17 10:00:00' });
  t.deepEqual(await player.told('101'), ['studio: active to 2027-12-01']);
});

const TEST_CALL: Fields = {
  p_order_id: '101',
  passthrough: 'Example passthrough',
  p_used_price_override: '1',
  name: undefined,
  email: undefined,
  marketing_consent: undefined,
};

test("fault 10: Paddle's test call mints no live code, also if the seller asks for no address", async (t) => {
  const player = await open(t);
  await player.paddle('script', TEST_CALL);
  t.deepEqual(await player.told('101'), ['script: active for good, test']);
});

test('fault 10: one sign of a test call is not enough', async (t) => {
  const player = await open(t);
  const buyer = { name: 'Robin Example', email: 'buyer@example.com' };
  await player.paddle('script', { ...TEST_CALL, ...buyer, p_used_price_override: '0' });
  await player.paddle('script', { ...TEST_CALL, ...buyer, p_order_id: '102', passthrough: 'cart-7' });
  t.deepEqual(await player.told('101'), ['script: active for good']);
  t.deepEqual(await player.told('102'), ['script: active for good']);
});

test('fault 10: an alert has the mode of its order, not of the address in it', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  const refund = { alert_name: 'payment_refunded', order_id: '101', refund_type: 'full', quantity: '1' };
  const email = 'blackhole+0123456789abc@paddle.com';
  await player.alert({ ...refund, gross_refund: '39.00', currency: 'USD', email });
  t.deepEqual(await player.told('101'), ['script: revoked for good']);
});

test('fault 66: an active status after past_due lifts overdue', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(FAILED);
  t.is((await player.licenses('900-1'))[0]?.state, 'suspended');
  await player.alert(updated('past_due', 'active', { next_bill_date: '2027-11-20' }));
  t.is((await player.licenses('900-1'))[0]?.state, 'active');
});

test('fault 66: recovery goes from paused over past_due to active', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(FAILED);
  await player.alert(updated('active', 'past_due'));
  await player.alert(updated('past_due', 'paused', { paused_reason: 'delinquent' }));
  await player.alert(updated('paused', 'past_due'));
  t.is((await player.licenses('900-1'))[0]?.state, 'suspended');
  await player.alert(updated('past_due', 'active'));
  t.is((await player.licenses('900-1'))[0]?.state, 'active');
});

test('fault 66: a payment in the second of the step to past_due lifts overdue', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(FAILED);
  await player.alert(updated('past_due', 'paused', { paused_reason: 'delinquent' }));
  const event_time = '2027-12-01 10:00:00';
  await player.alert(paid({ ...PLAN, order_id: '900-2', event_time, next_bill_date: '2028-12-01' }));
  await player.alert(updated('paused', 'past_due', { event_time }));
  t.deepEqual(await player.told('900-1'), ['studio: active to 2028-12-15']);
});

test('fault 67: a plan change without new_quantity keeps the quantity', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio', PADDLE_PLAN, { quantity: '2' });
  const plan = { subscription_plan_id: '5520', old_subscription_plan_id: '5510' };
  const silent = { new_quantity: undefined, old_quantity: undefined };
  await player.alert(updated('active', 'active', { ...plan, ...silent, next_bill_date: '2027-11-20' }));
  const now = await live(player, '900-1', 'subscription:700');
  t.deepEqual(
    now.map(({ product }) => product),
    ['pro', 'pro'],
  );
});

const KEEPER = fileOf(
  'name: Keeper\nterm: P1Y\ngrace: P14D\nended: fallback\nmarketplaces: { paddle-classic: { product: "5710" } }',
);
const KEEPER_PLAN = { ...PADDLE_PLAN, subscription_plan_id: '5710' };

for (const [what, first] of [
  ['the start of a trial', { sale_gross: '0.00', status: 'trialing' }],
  ['a period for nothing', { sale_gross: '0.00', status: 'active' }],
] as const) {
  test(`fault 68: ${what} is no payment for a fallback`, async (t) => {
    const player = await open(t, { keeper: KEEPER });
    await subscribeAtPaddle(player, 'keeper', KEEPER_PLAN, { ...first, next_bill_date: '2026-12-20' });
    t.is((await player.licenses('900-1'))[0]?.lastValid, '2027-01-03');
    const cancellation_effective_date = '2026-12-20';
    const alert = { alert_name: 'subscription_cancelled', status: 'deleted', cancellation_effective_date };
    await player.alert({ ...alert, subscription_id: '700', subscription_plan_id: '5710' });
    await player.waitUntil('2026-12-22');
    const [license] = await player.licenses('900-1');
    t.is(license?.state, 'ended');
    t.not(license?.lastValid, null);
  });
}

test('fault 69: initial_payment is parsed equally in a payment and its refund, as 1 or as true', async (t) => {
  const player = await open(t);
  for (const [order, initial_payment] of [
    ['901-1', '1'],
    ['902-1', 'true'],
  ] as const) {
    const plan = { ...PADDLE_PLAN, order, subscription_id: order };
    await subscribeAtPaddle(player, 'studio', plan, { initial_payment });
    await player.alert({
      alert_name: 'subscription_payment_refunded',
      order_id: order,
      subscription_id: order,
      subscription_plan_id: '5510',
      initial_payment,
      refund_type: 'full',
      gross_refund: '39.00',
      currency: 'USD',
      quantity: '1',
      status: 'active',
    });
  }
  const states = [...(await player.licenses('901-1')), ...(await player.licenses('902-1'))];
  t.deepEqual(
    states.map(({ state }) => state),
    ['revoked', 'revoked'],
  );
});

test('fault 70: a bill date stated while past due is not paid time', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(updated('active', 'past_due', { next_bill_date: '2028-11-20' }));
  t.deepEqual(await player.told('900-1'), ['studio: suspended to 2027-12-04']);
});
