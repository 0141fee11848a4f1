/** Kind 5: no signed sale is invisible, and a paid unit without a license is noticed. */
import test from 'ava';
import { charged, chargedBack, completed, idOf, subscription } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { fileOf } from './products.ts';
import { afterYears, buy, live, open, paid, STUDIO_PLAN, subscribe } from './scenes.ts';

const HOUR = 3_600_000;

async function later(player: Player, milliseconds: number): Promise<void> {
  await player.waitUntil(player.home.clock.now + milliseconds);
}

/** The orders that a filter of `orders list` selects. */
async function listed(player: Player, ...filter: readonly string[]): Promise<readonly string[]> {
  const { status, out, err } = await player.cli('orders', 'list', ...filter, '--json');
  if (status !== 0) throw new Error(`orders list: ${err}`);
  return JSON.parse(out).orders.map(({ order }: { order: string }) => order);
}

async function undelivered(player: Player): Promise<number> {
  const [, count = 'none'] =
    /^mintmark_undelivered_units(?:\{.*\})? (\d+)$/m.exec(await player.get('/metrics')) ?? [];
  return Number(count);
}

const LUMEN = fileOf('name: Lumen\nterm: perpetual\nmarketplaces: { fastspring: { product: lumen-edu } }');

test('fault 28: a path without a product file has one flag, however many orders sold it', async (t) => {
  const player = await open(t);
  for (const order of ['A', 'B', 'C'])
    t.is((await player.events(completed(order, [{ product: 'lumen-edu' }]))).status, 200);
  const flags = (await player.flags()).filter(({ kind }) => kind === 'unknown-product');
  t.is(flags.length, 1);
  t.regex(flags[0]?.reason ?? '', /lumen-edu/);
  t.regex(flags[0]?.reason ?? '', /\b3\b/);
  t.is((await player.cli('order', 'show', 'A')).status, 0, 'the order is in the ledger');
});

test('fault 28: once a file names the path, products deliver issues the owed licenses', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'lumen-edu', quantity: 2 }]));
  await player.events(completed('B', [{ product: 'lumen-edu' }]));
  await player.restart({ lumen: LUMEN });
  t.is((await player.cli('products', 'deliver', 'lumen-edu')).status, 0);
  t.is((await live(player, 'A', 'B')).length, 3);
  t.false((await player.flags()).some(({ kind }) => kind === 'unknown-product'));
});

const ULTRA = fileOf('name: Ultra\nterm: P1Y\nmarketplaces: { paddle-classic: { product: "9990" } }');
const BUYER = { customer_name: 'Robin Example', email: 'buyer@example.com' };

test('fault 28: what a Paddle payment was for is delivered once a file names it, and its request gets the same code', async (t) => {
  const player = await open(t);
  const sale = { order_id: '101', product_id: '9990', quantity: '2', ...BUYER };
  await player.alert({ alert_name: 'payment_succeeded', ...sale, sale_gross: '78.00', currency: 'USD' });
  await player.restart({ ultra: ULTRA });
  const { out } = await player.cli('products', 'deliver', '9990');
  t.regex(out, /101 .*Robin Example, buyer@example\.com: 2 licenses/);
  const issued = await live(player, '101');
  t.is(issued.length, 2);
  await later(player, HOUR + 60_000);
  t.deepEqual(await player.flagged('101'), ['undelivered'], 'nobody has the codes yet');
  const asked = await player.paddle('ultra', { p_order_id: '101', p_product_id: '9990', p_quantity: '2' });
  t.deepEqual([...asked.codes].sort(), issued.map(({ code }) => code).sort());
  t.deepEqual(await player.flagged('101'), []);
});

test('fault 28: a subscription at Paddle to a plan without a file is one sale, and delivered as one', async (t) => {
  const player = await open(t);
  const plan = { subscription_id: '700', subscription_plan_id: '9990', quantity: '2', ...BUYER };
  const next_bill_date = '2027-11-20';
  await player.alert({ alert_name: 'subscription_created', ...plan, status: 'active', next_bill_date });
  await player.alert(paid({ ...plan, order_id: '900-1', initial_payment: '1' }));
  await later(player, HOUR + 60_000);
  t.deepEqual(await listed(player), ['900-1']);
  await player.restart({ ultra: ULTRA });
  await player.waitUntil('2027-11-20');
  await player.alert(paid({ ...plan, order_id: '900-2', next_bill_date: '2028-11-20' }));
  t.deepEqual(await listed(player), ['900-1'], 'a paid period later');
  t.true((await player.flagged('900-1')).includes('unknown-product'));
  t.is((await player.cli('products', 'deliver', '9990')).status, 0);
  const issued = await live(player, '900-1', 'subscription:700');
  t.deepEqual(
    issued.map(({ lastValid }) => lastValid),
    ['2028-11-20', '2028-11-20'],
  );
});

test('fault 28: the flag of a path says that nobody waits for it any more', async (t) => {
  const player = await open(t);
  const sale = { order_id: '101', product_id: '9990', quantity: '1', ...BUYER };
  await player.alert({ alert_name: 'payment_succeeded', ...sale, sale_gross: '39.00', currency: 'USD' });
  t.is((await player.paddle('ultra', { p_order_id: '101', p_product_id: '9990' })).status, 404);
  t.deepEqual(await player.flagged('101'), ['refused', 'unknown-product']);
  await player.restart({ ultra: ULTRA });
  t.is((await player.paddle('ultra', { p_order_id: '101', p_product_id: '9990' })).status, 200);
  const flags = (await player.flags()).map(({ reason }) => reason);
  t.deepEqual(flags, [
    '9990 was sold, and no product file named it: no order waits for a license of it any more, so settle this flag',
  ]);
});

test('fault 28: a path whose file is lost after the delivery is flagged again', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'lumen-edu' }]));
  await player.restart({ lumen: LUMEN });
  await player.cli('products', 'deliver', 'lumen-edu');
  await player.restart({ lumen: null });
  await player.events(completed('B', [{ product: 'lumen-edu' }]));
  t.deepEqual(await player.flagged('B'), ['unknown-product']);
  t.is((await player.cli('ledger', 'check')).status, 0);
});

test('fault 28: products ignore settles the flag of a path, and later orders raise none', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'lumen-edu' }]));
  t.is((await player.cli('products', 'ignore', 'lumen-edu')).status, 0);
  await player.events(completed('B', [{ product: 'lumen-edu' }]));
  t.deepEqual(await player.flags(), []);
});

test('fault 28: a Paddle payment whose fulfillment never came is undelivered after an hour', async (t) => {
  const player = await open(t);
  const sale = { alert_name: 'payment_succeeded', order_id: '101', product_id: '4710', quantity: '2' };
  t.is((await player.alert({ ...sale, sale_gross: '78.00', currency: 'USD' })).status, 200);
  t.deepEqual(await player.flags(), [], 'its request may still come');
  await later(player, HOUR + 60_000);
  t.deepEqual(await player.flagged('101'), ['undelivered']);
  t.is(await undelivered(player), 2);
  t.deepEqual(await listed(player, '--undelivered'), ['101']);
  const { status, out } = await player.cli('doctor');
  t.is(status, 1);
  t.regex(out, /^FAULT +undelivered units: No code was delivered for 2 paid units\.$/m);
});

test('fault 28: a subscription at Paddle whose fulfillment never came is undelivered after an hour', async (t) => {
  const player = await open(t);
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert(paid({ ...plan, order_id: '900-1', initial_payment: '1' }));
  await later(player, HOUR + 60_000);
  t.deepEqual(await player.flagged('900-1'), ['undelivered']);
});

test('fault 28: products deliver issues what Paddle sold and never asked for, and a late request gets the same code', async (t) => {
  const player = await open(t);
  const sale = { alert_name: 'payment_succeeded', sale_gross: '39.00', currency: 'USD', quantity: '1' };
  await player.alert({ ...sale, order_id: '101', product_id: '4710' });
  await player.alert({ ...sale, order_id: '102', product_id: '4700' });
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert(paid({ ...plan, order_id: '900-1', initial_payment: '1' }));
  const before = { subscription_id: '800', subscription_plan_id: '5510' };
  await player.alert(paid({ ...before, order_id: '800-2' }));
  for (const path of ['4710', '5510']) t.is((await player.cli('products', 'deliver', path)).status, 0, path);
  const [issued] = await live(player, '101');
  t.is((await live(player, '900-1', 'subscription:800')).length, 2, 'one began before there was Mintmark');
  t.deepEqual(await live(player, '102'), [], 'another product');
  t.deepEqual((await player.paddle('script', { p_order_id: '101' })).codes, [issued?.code]);
  t.is((await live(player, '101', '900-1', 'subscription:700', 'subscription:800')).length, 3);
  t.is((await player.cli('products', 'deliver', '4710')).status, 1, 'no license of it is missing');
});

test('fault 28: nothing is owed of a sale whose money went back before its request came', async (t) => {
  const player = await open(t);
  const sale = { order_id: '101', product_id: '4710', quantity: '1', sale_gross: '39.00', currency: 'USD' };
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  const back = { refund_type: 'full', gross_refund: '39.00', currency: 'USD' };
  const refund = (order_id: string, more: object = {}) =>
    player.alert({ alert_name: 'subscription_payment_refunded', order_id, ...plan, ...back, ...more });
  await player.alert({ alert_name: 'payment_succeeded', ...sale });
  await player.alert(paid({ ...plan, order_id: '900-1', initial_payment: '1' }));
  await player.alert(paid({ ...plan, subscription_id: '800', order_id: '800-2' }));
  await later(player, HOUR + 60_000);
  t.is(await undelivered(player), 3);
  await player.alert({ alert_name: 'payment_refunded', order_id: '101', ...back });
  await refund('800-2', { subscription_id: '800' });
  t.deepEqual(await listed(player, '--undelivered'), ['900-1']);
  await player.alert(paid({ ...plan, order_id: '900-2', next_bill_date: '2028-11-20' }));
  await refund('900-1', { initial_payment: '1' });
  t.deepEqual(await player.flagged('900-1'), ['undelivered'], 'a later charge is paid');
  await refund('900-2');
  t.deepEqual([await undelivered(player), await player.flags()], [0, []]);
});

test('fault 28: a subscription at FastSpring of whose sale only the activation came is undelivered after an hour', async (t) => {
  const player = await open(t);
  await player.events(subscription('activated', { ...STUDIO_PLAN, quantity: 2 }));
  t.deepEqual(await player.flags(), [], 'its order may still come');
  await later(player, HOUR + 60_000);
  t.deepEqual(await player.flagged('subscription:a-sub'), ['undelivered']);
  t.is(await undelivered(player), 2);
  await player.request('studio', { reference: 'A', subscriptionReference: 'a-sub', quantity: 2 });
  await player.events(completed('A', [{ product: 'studio-yearly', quantity: 2, subscription: 'a-sub' }]));
  t.deepEqual([await undelivered(player), await player.flagged('subscription:a-sub')], [0, []]);
});

test('fault 28: an activation that names no sale, such as of an import, owes nothing before it is charged', async (t) => {
  const player = await open(t);
  const unsold = { initialOrderReference: null, initialOrderId: null };
  await player.events(subscription('activated', STUDIO_PLAN, unsold));
  await player.events(
    subscription('activated', { ...STUDIO_PLAN, id: 'b-sub', order: 'B', product: 'unheard-of' }),
  );
  await later(player, HOUR + 60_000);
  t.is(await undelivered(player), 0);
});

test('fault 28: a late request delivers undelivered licenses', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'script' }]));
  await buy(player, 'script', 'B', { product: 'script' });
  await later(player, HOUR + 60_000);
  t.deepEqual([await undelivered(player), (await listed(player, '--undelivered')).length], [1, 1]);
  t.deepEqual(await player.flagged('A'), ['undelivered']);
  t.is((await player.request('script', { reference: 'A' })).status, 200);
  t.deepEqual([await undelivered(player), (await listed(player, '--undelivered')).length], [0, 0]);
  t.deepEqual(await player.flagged('A'), []);
});

test('fault 28: a failed license fulfillment is a paid sale, undelivered at once, to be rerun in FastSpring', async (t) => {
  const player = await open(t);
  const data = {
    order: idOf('A'),
    reference: 'A',
    product: 'script',
    fulfillment: 'script_license_0',
    type: 'license',
    quote: null,
    subscription: null,
    reason: 'Does not have available licenses.',
  };
  await player.events({ type: 'fulfillment.failed', data });
  const [flag] = (await player.flags()).filter(({ order }) => order === 'A');
  t.is(flag?.kind, 'undelivered');
  t.regex(flag?.reason ?? '', /FastSpring/);
  t.deepEqual((await listed(player, '--undelivered')).length, 1);
  await player.waitUntil('2026-11-21');
  await player.request('script', { reference: 'A', product: 'script' });
  t.deepEqual(await player.flagged('A'), [], 'the rerun was answered');
});

const failed = (order: string) => ({
  type: 'fulfillment.failed',
  data: {
    ...{ order: idOf(order), reference: order, product: 'studio-yearly', subscription: 'a-sub' },
    ...{ type: 'license', reason: 'no results' },
  },
});
const ofSubscription = { subscriptionReference: 'a-sub' };

test('fault 28: the rerun of a rebill’s failed fulfillment leaves nothing to look at, whenever its charge is told', async (t) => {
  for (const isTold of [true, false]) {
    const player = await open(t);
    await subscribe(player, 'studio', STUDIO_PLAN);
    await player.waitUntil('2027-11-20');
    const charge = charged(afterYears(2), { order: 'A2' });
    await player.events(failed('A2'));
    if (isTold) await player.events(charge);
    t.true((await player.flagged('A2')).includes('undelivered'));
    t.is((await player.request('studio', { reference: 'A2', ...ofSubscription })).status, 200);
    t.deepEqual([await player.flags(), await listed(player, '--undelivered')], [[], []]);
    if (!isTold) await player.events(charge);
    t.deepEqual(await player.flags(), []);
  }
});

test('fault 21: a rebill for more units that was refused, and failed for that, leaves nothing to look at once it is answered', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const three = { ...afterYears(2), quantity: 3 };
  const ask = () => player.request('studio', { reference: 'A2', quantity: 3, ...ofSubscription });
  await player.events(subscription('updated', { ...STUDIO_PLAN, quantity: 3 }));
  await player.waitUntil('2027-11-20');
  t.is((await ask()).status, 409);
  t.deepEqual(await player.flagged('A2'), ['refused', 'too-many-units']);
  await player.events(failed('A2'), charged(three, { order: 'A2' }));
  t.is((await ask()).codes.length, 3);
  t.deepEqual(await player.flags(), []);
});

test('fault 30: the flag of a refused request settles once its order is answered for the same product', async (t) => {
  const player = await open(t);
  const ask = (product: string) => player.request('editor', { reference: 'A', product });
  t.is((await ask('')).status, 400);
  t.deepEqual(await player.flagged('A'), ['refused']);
  await player.request('script', { reference: 'A', product: 'script' });
  t.deepEqual(await player.flagged('A'), ['refused'], 'control: another product of the order');
  t.is((await ask('editor-home')).status, 200);
  t.deepEqual(await player.flagged('A'), []);
});

test('fault 30: the flag of a first request that was refused in a dispute settles once it is answered', async (t) => {
  const player = await open(t);
  const ask = () => player.request('studio', { reference: 'A', ...ofSubscription });
  await player.events(failed('A'), chargedBack('A'));
  t.is((await ask()).status, 409);
  t.true((await player.flagged('A')).includes('revoked-but-paid'));
  await player.events(chargedBack('A', { status: 'WON' }));
  t.is((await ask()).status, 200);
  t.deepEqual(await player.flagged('A'), []);
});

test('fault 28: a failed file fulfillment does not concern licenses', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const data = { order: idOf('A'), reference: 'A', product: 'script', type: 'file', reason: 'no file' };
  await player.events({ type: 'fulfillment.failed', data });
  t.false((await player.flagged('A')).includes('undelivered'));
});

test('fault 30: a signed sale of another product is refused with its order and reason on record', async (t) => {
  const player = await open(t);
  t.is((await player.paddle('script', { p_order_id: '101', p_product_id: '9999' })).status, 400);
  const flags = (await player.flags()).filter(({ kind }) => kind === 'refused');
  t.deepEqual(
    flags.map(({ order }) => order),
    ['101'],
  );
  t.regex(flags[0]?.reason ?? '', /9999/);
  t.true(player.home.requestLines().some((line) => JSON.stringify(line).includes('"101"')));
});

test('fault 30: a request that conflicts with its order is refused on record too', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  const answer = await player.paddle('script', { p_order_id: '101', p_quantity: '2' });
  t.deepEqual([answer.status, answer.problem], [409, 'order_conflict']);
  t.deepEqual(await player.flagged('101'), ['refused']);
});
