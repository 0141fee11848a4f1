/** The product file of the README names no id of Paddle's: it stands for what is requested at its address, and no more. */
import test from 'ava';
import { cliOf } from '../../kit/cli.ts';
import type { LicenseJson } from '../../kit/fastspring.ts';
import { alertsTo } from '../../kit/paddle-alerts.ts';
import { productFile } from '../../kit/products.ts';
import { signed } from '../../kit/sale.ts';
import { post } from '../../kit/send-sale.ts';
import { type Owner, start } from '../../kit/service.ts';

async function seller(owner: Owner) {
  const products = { app: productFile('name: App\nterm: P1M\nmarketplaces: { paddle-classic: {} }') };
  const { home, url } = await start(owner, { products });
  const cli = cliOf(home);
  const licensesOf = async (order: string) => {
    const { out, status } = await cli(['ledger', 'find', order, '--json']);
    if (status !== 0) return [];
    return (JSON.parse(out) as { licenses: LicenseJson[] }).licenses.map(
      ({ product, state }) => `${product} ${state}`,
    );
  };
  return {
    buy: async (order: string) => (await post(url, signed({ p_order_id: order }), 'app')).status,
    tell: alertsTo(url),
    licensesOf,
    flags: async () => (await cli(['flags', 'list'])).out,
    orders: async () => (await cli(['orders', 'list'])).out,
  };
}

const FIRST = {
  subscription_id: '61',
  order_id: '7301',
  initial_payment: '1',
  subscription_plan_id: '501',
  quantity: '1',
  status: 'active',
  next_bill_date: '2026-12-20',
  sale_gross: '10.00',
  currency: 'USD',
};

const UPDATED = {
  subscription_id: '61',
  status: 'active',
  next_bill_date: '2026-12-20',
  old_subscription_plan_id: '501',
  new_quantity: '1',
};

test('a change to a plan that no file names leaves the licenses, and is flagged', async (t) => {
  const { buy, tell, licensesOf, flags } = await seller(t);
  t.is(await buy('7301'), 200);
  await tell('subscription_payment_succeeded', FIRST);
  t.notRegex(await flags(), /501/, 'the first payment says which plan was requested');
  await tell('subscription_updated', { ...UPDATED, subscription_plan_id: '999' });
  t.deepEqual(await licensesOf('7301'), ['app active']);
  t.deepEqual(await licensesOf('subscription:61'), ['app active'], 'the same one');
  t.regex(await flags(), /999, which no product file names/);
});

test('the plan of the first payment is the product whose address was asked: its changes count', async (t) => {
  const { buy, tell, licensesOf } = await seller(t);
  t.is(await buy('7301'), 200);
  await tell('subscription_payment_succeeded', FIRST);
  await tell('subscription_updated', { ...UPDATED, subscription_plan_id: '501', new_quantity: '2' });
  t.deepEqual(await licensesOf('subscription:61'), ['app active']);
});

test('a payment for a product that no file names is no sale of the file without ids, and is flagged', async (t) => {
  const { tell, flags, orders } = await seller(t);
  await tell('payment_succeeded', { order_id: '7302', product_id: '777', quantity: '1' });
  t.regex(await flags(), /777 was sold in one order while no product file named it/);
  t.notRegex(await orders(), /\bapp\b/);
});

test('the alerts of an order that was requested match it by its order', async (t) => {
  const { buy, tell, licensesOf, flags } = await seller(t);
  t.is(await buy('7303'), 200);
  await tell('payment_succeeded', { order_id: '7303', product_id: '777', quantity: '1' });
  t.notRegex(await flags(), /7303|777/);
  await tell('payment_refunded', { order_id: '7303', refund_type: 'full' });
  t.deepEqual(await licensesOf('7303'), ['app revoked']);
});
