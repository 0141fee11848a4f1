/** A product file that was renamed, or whose ids moved to another file, between the calls of one sale. */
import test from 'ava';
import { Player } from '../../faults/player.ts';
import { fileOf } from '../../faults/products.ts';
import type { Owner } from '../../kit/service.ts';

const fileFor = (ids: readonly string[]) =>
  fileOf(
    `name: A program\nterm: perpetual\nmarketplaces: { paddle-classic: { product: ${JSON.stringify(ids)} } }`,
  );

const seller = (owner: Owner, products: Readonly<Record<string, readonly string[]>>) =>
  Player.open(owner, {
    products: Object.fromEntries(Object.entries(products).map(([id, ids]) => [id, fileFor(ids)])),
  });

const ask = (player: Player, address: string, item = '88') =>
  player.paddle(address, { p_order_id: '101', p_product_id: item });
const pay = (player: Player, product_id = '88') =>
  player.alert({
    alert_name: 'payment_succeeded',
    order_id: '101',
    product_id,
    quantity: '1',
    sale_gross: '39.00',
    currency: 'USD',
  });
const RENAMED = { script: null, scripter: fileFor(['88']) };

test('a file that is renamed between the request and the payment is one product', async (t) => {
  const player = await seller(t, { script: ['88'] });
  const { codes } = await ask(player, 'script');
  await player.restart(RENAMED);
  await pay(player);
  t.deepEqual(await player.flags(), []);
  for (const address of ['script', 'scripter'])
    t.deepEqual((await ask(player, address)).codes, codes, address);
  t.deepEqual(await player.told('101'), ['script: active for good']);
});

test('a file that is renamed between the payment and the request is one product', async (t) => {
  const player = await seller(t, { script: ['88'] });
  await pay(player);
  await player.restart(RENAMED);
  t.is((await ask(player, 'scripter')).status, 200);
  t.deepEqual(await player.flags(), []);
  t.deepEqual(await player.told('101'), ['scripter: active for good']);
});

test('a plan whose file is renamed between the request and the first payment is one product', async (t) => {
  const player = await seller(t, { script: ['88'] });
  await ask(player, 'script');
  await player.restart(RENAMED);
  const paid = { subscription_id: '7', order_id: '101', subscription_plan_id: '88', initial_payment: '1' };
  const period = { quantity: '1', status: 'active', next_bill_date: '2027-11-20', sale_gross: '39.00' };
  await player.alert({ alert_name: 'subscription_payment_succeeded', ...paid, ...period });
  t.deepEqual(await player.flags(), []);
  t.deepEqual(await player.told('101'), ['script: active for good']);
});

const MOVED = { one: fileFor(['87']), two: fileFor(['86', '88']) };

test('a request that is sent again after its id moved to another file gets the same code', async (t) => {
  const player = await seller(t, { one: ['87', '88'], two: ['86'] });
  const { codes } = await ask(player, 'one');
  await pay(player);
  await player.restart(MOVED);
  t.deepEqual((await ask(player, 'two')).codes, codes);
  t.deepEqual(await player.told('101'), ['one: active for good']);
  t.deepEqual(await player.flags(), []);
});

test('where no payment says yet what the id was sold as, the second license is flagged by the payment', async (t) => {
  const player = await seller(t, { one: ['87', '88'], two: ['86'] });
  await ask(player, 'one');
  await player.restart(MOVED);
  t.is((await ask(player, 'two')).status, 200);
  await pay(player);
  const flags = (await player.flags()).map(({ kind, reason }) => [kind, reason]);
  t.deepEqual(flags, [['differs', 'Order 101: one was answered, and two was paid for']]);
});
