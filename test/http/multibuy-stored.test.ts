/** Separate Multibuy: an alert `locker_processed` about stored codes never revokes a paid unit. */
import test from 'ava';
import { type Cli, cliOf } from '../kit/cli.ts';
import { FileOwner, type LicenseJson } from '../kit/fastspring.ts';
import { alertsTo } from '../kit/paddle-alerts.ts';
import { productFile } from '../kit/products.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

const owner = new FileOwner();
let url: string;
let cli: Cli;
let tell: ReturnType<typeof alertsTo>;
test.before(async () => {
  const { home, ...service } = await start(owner, {
    products: {
      single: productFile(
        'name: Single\nterm: perpetual\nmultibuy: separate\nmarketplaces: { paddle-classic: {} }',
      ),
    },
  });
  url = service.url;
  cli = cliOf(home);
  tell = alertsTo(url);
});
test.after.always(() => owner.end());

async function ask(order: string): Promise<{ status: number; code: string }> {
  const { status, text } = await post(url, signed({ p_order_id: order }), 'single');
  // The service notes the delivery of a unit after it sent the response.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { status, code: codesIn(text)[0] ?? '' };
}

async function licensesOf(order: string): Promise<readonly LicenseJson[]> {
  const { out } = await cli(['ledger', 'find', order, '--json']);
  return (JSON.parse(out) as { licenses: LicenseJson[] }).licenses;
}

/** The newest license of each unit of an order, by state. */
async function states(order: string): Promise<readonly string[]> {
  return (await licensesOf(order)).map(({ state }) => state);
}

test('a code of another order in the stored text confirms no unit of this order', async (t) => {
  const stranger = await ask('7101');
  const [first, second] = [await ask('7102'), await ask('7102')];
  t.not(first.code, second.code);
  await tell('payment_succeeded', { order_id: '7102', quantity: '2' });
  await tell('locker_processed', {
    order_id: '7102',
    licence: `Your code:\n\n${first.code}\n\nA code looks like this:\n\n${stranger.code}`,
  });
  t.deepEqual(await states('7102'), ['active', 'active'], 'both were paid for');
});

test('a reissued unit is confirmed once, by any of its codes', async (t) => {
  const [first, second] = [await ask('7103'), await ask('7103')];
  t.not(first.code, second.code);
  await tell('payment_succeeded', { order_id: '7103', quantity: '2' });
  await tell('locker_processed', { order_id: '7103', licence: first.code });
  const [unit] = await licensesOf('7103');
  const { out } = await cli(['license', 'reissue', unit!.id, '--reason', 'leaked']);
  await tell('locker_processed', { order_id: '7103', licence: codesIn(out)[0]! });
  const live = (await states('7103')).filter((state) => state === 'active');
  t.is(live.length, 2, 'the successor of the first unit, and the second unit');
});

test('control: once all paid units are confirmed, the extra unit is revoked', async (t) => {
  const units = [await ask('7104'), await ask('7104'), await ask('7104')];
  await tell('payment_succeeded', { order_id: '7104', quantity: '2' });
  for (const { code } of units.slice(0, 2))
    await tell('locker_processed', { order_id: '7104', licence: code });
  t.deepEqual(await states('7104'), ['active', 'active', 'revoked']);
});

test('a repeat of a settled order gets one of its live codes and mints no license', async (t) => {
  const units = [await ask('7105'), await ask('7105')];
  await tell('payment_succeeded', { order_id: '7105', quantity: '2' });
  for (const { code } of units) await tell('locker_processed', { order_id: '7105', licence: code });
  const again = await ask('7105');
  t.is(again.status, 200);
  t.true(units.some(({ code }) => code === again.code));
  t.is((await licensesOf('7105')).length, 2);
});

test('a repeat of a settled order whose spare unit was revoked gets a code that is not revoked', async (t) => {
  const units = [await ask('7106'), await ask('7106'), await ask('7106')];
  await tell('payment_succeeded', { order_id: '7106', quantity: '2' });
  for (const { code } of units.slice(0, 2))
    await tell('locker_processed', { order_id: '7106', licence: code });
  const again = [await ask('7106'), await ask('7106')];
  t.deepEqual(
    again.map(({ status }) => status),
    [200, 200],
  );
  t.true(units.slice(0, 2).some(({ code }) => code === again[0]!.code));
  t.is(again[1]!.code, again[0]!.code);
});

test('a repeat of a fully refunded order gets 409 and mints no license', async (t) => {
  await ask('7107');
  await tell('payment_succeeded', { order_id: '7107', quantity: '1' });
  await tell('payment_refunded', { order_id: '7107', refund_type: 'full', amount: '1' });
  t.is((await ask('7107')).status, 409);
  t.deepEqual(await states('7107'), ['revoked']);
});
