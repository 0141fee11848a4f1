/** Kind 1: an amount is an amount, and `quantity` in Paddle's refund alerts is the sold quantity. */
import test from 'ava';
import { completed, type Item, returned } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { buy, open, subscribeAtPaddle } from './scenes.ts';
import type { Fields } from './steps.ts';

function partial(order: string, gross_refund: string, more: Fields = {}): Fields {
  return {
    alert_name: 'payment_refunded',
    order_id: order,
    refund_type: 'partial',
    amount: gross_refund,
    gross_refund,
    currency: 'USD',
    quantity: '1',
    refund_reason: 'goodwill',
    ...more,
  };
}

test('fault 1: a partial refund of 5.00 of 39.00 revokes nothing, and its flag names amount and order', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  t.is((await player.alert(partial('101', '5.00'))).status, 200);
  t.deepEqual(await player.told('101'), ['script: active for good']);
  t.deepEqual(await player.flagged('101'), ['partial-refund']);
  const [flag] = await player.flags();
  t.regex(flag?.reason ?? '', /5\.00/);
});

test('fault 1: a partial refund of 19.50 of 195.00 revokes none of five units', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101', p_quantity: '5' });
  await player.alert(partial('101', '19.50', { quantity: '5' }));
  t.deepEqual(await player.told('101'), Array(5).fill('script: active for good'));
});

test('fault 1: partial refunds of 20.00 and 19.00 of 39.00 are together a full refund', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  await player.alert(partial('101', '20.00'));
  t.deepEqual(await player.told('101'), ['script: active for good']);
  await player.alert(partial('101', '19.00'));
  t.deepEqual(await player.told('101'), ['script: revoked for good']);
});

test('fault 1: a refund of the tax revokes nothing by itself and adds to the sum', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  await player.alert(partial('101', '6.23', { refund_type: 'vat' }));
  t.deepEqual(await player.told('101'), ['script: active for good']);
  await player.alert(partial('101', '32.77'));
  t.deepEqual(await player.told('101'), ['script: revoked for good']);
});

test('fault 1: amounts in another currency, or of the balance only, never decide by themselves', async (t) => {
  const player = await open(t);
  for (const order of ['101', '102']) {
    await player.paddle('script', { p_order_id: order });
    const sale = { alert_name: 'payment_succeeded', order_id: order, product_id: '4710', quantity: '1' };
    const gross = { sale_gross: '39.00', currency: 'USD', balance_gross: '36.00', balance_currency: 'EUR' };
    await player.alert({ ...sale, ...gross });
  }
  await player.alert(partial('101', '39.00', { currency: 'EUR' }));
  const balance = { balance_gross_refund: '36.00', balance_currency: 'EUR' };
  await player.alert(partial('102', '', { gross_refund: undefined, amount: undefined, ...balance }));
  t.deepEqual(await player.told('101'), ['script: active for good']);
  t.deepEqual(await player.told('102'), ['script: active for good']);
  t.deepEqual(await player.flagged('101'), ['partial-refund']);
  t.deepEqual(await player.flagged('102'), ['unclear']);
});

test('fault 1: a refund of 3.00 of a subscription payment takes no day', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(
    partial('900-1', '3.00', {
      alert_name: 'subscription_payment_refunded',
      subscription_id: '700',
      subscription_plan_id: '5510',
      initial_payment: '1',
      status: 'active',
    }),
  );
  t.deepEqual(await player.told('900-1'), ['studio: active to 2027-12-04']);
  t.deepEqual(await player.flagged('900-1'), ['partial-refund']);
});

async function sell(player: Player, item: Item): Promise<void> {
  await buy(player, 'script', 'A', item);
}

test('fault 3: a FastSpring return of 5 of 20 revokes no unit, though its item says quantity 1', async (t) => {
  const player = await open(t);
  await sell(player, { product: 'script' });
  const items = [{ product: 'script', quantity: 1, subtotal: 5 }];
  await player.events(returned({ order: 'A', total: 20, amount: 5, items }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  t.deepEqual(await player.flagged('A'), ['partial-refund']);
});

test('fault 3: a unit is returned once the amount covers its price after the discount', async (t) => {
  const player = await open(t);
  await sell(player, { product: 'script', quantity: 2, subtotal: 40, discount: 10 });
  const back = (amount: number) => ({
    order: 'A',
    total: 30,
    amount,
    items: [{ product: 'script', quantity: 1, subtotal: amount }],
  });
  await player.events(returned(back(15)));
  t.deepEqual(await player.told('A'), ['script: active for good', 'script: revoked for good']);
});

test('fault 3: a return of 14 of a unit at 15 after the discount returns no unit', async (t) => {
  const player = await open(t);
  await sell(player, { product: 'script', quantity: 2, subtotal: 40, discount: 10 });
  const items = [{ product: 'script', quantity: 1, subtotal: 14 }];
  await player.events(returned({ order: 'A', total: 30, amount: 14, items }));
  t.deepEqual(await player.told('A'), ['script: active for good', 'script: active for good']);
});

test('fault 3: a line stated as fully returned is returned, without a comparison of amounts', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A' });
  await player.request('editor', { reference: 'A', product: 'editor-home' });
  await player.events(completed('A', [{ product: 'script' }, { product: 'editor-home' }]));
  const items = [{ product: 'script', quantity: 1, subtotal: 18, refundType: 'Full Refund' }];
  await player.events(returned({ order: 'A', total: 40, amount: 18, items }));
  t.deepEqual(await player.told('A'), [
    'editor: active for good, updates to 2027-11-20',
    'script: revoked for good',
  ]);
});

test('fault 73: a return of type CHARGEBACK or ALERT of 1 of 100 revokes nothing and is flagged', async (t) => {
  const player = await open(t);
  for (const type of ['CHARGEBACK', 'ALERT']) {
    await buy(player, 'script', type, { product: 'script', subtotal: 100 });
    const items = [{ product: 'script', quantity: 0, subtotal: 1 }];
    await player.events(returned({ order: type, total: 100, amount: 1, items, more: { type } }));
    t.deepEqual(await player.told(type), ['script: active for good']);
    t.deepEqual(await player.flagged(type), ['partial-refund', 'unclear']);
  }
});

test('fault 73: a return of type CHARGEBACK of the whole amount revokes', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const items = [{ product: 'script', quantity: 0, subtotal: 20 }];
  await player.events(returned({ order: 'A', total: 20, amount: 20, items, more: { type: 'CHARGEBACK' } }));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});
