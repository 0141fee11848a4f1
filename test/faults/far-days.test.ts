/** A day that Paddle tells beyond what a license code can hold (2149-06-06) counts as that day and stops no sale. */
import test from 'ava';
import request from 'supertest';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { cliOf } from '../kit/cli.ts';
import { productFile } from '../kit/products.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { codesIn, FORM, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

const products = {
  plan: productFile('name: Plan\nterm: P1M\nmarketplaces: { paddle-classic: { product: "47023" } }'),
};

let alerts = 0;

async function tell(url: string, name: string, fields: Readonly<Record<string, string>>): Promise<number> {
  alerts += 1;
  const alert = {
    alert_id: String(850_000 + alerts),
    alert_name: name,
    event_time: `2026-11-20 12:00:${String(alerts).padStart(2, '0')}`,
    subscription_id: '7300',
    subscription_plan_id: '47023',
    ...fields,
  };
  const { status } = await request(url)
    .post('/webhooks/paddle-classic')
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(signForm(alert, rsaKey('live').privateKey));
  return status;
}

const FIRST = {
  order_id: '7301',
  status: 'active',
  initial_payment: '1',
  next_bill_date: '2026-12-20',
  sale_gross: '5.82',
  currency: 'USD',
};

for (const day of ['2026-12-10', '2149-06-07', '9999-12-31']) {
  test(`a sale is answered though its subscription is told to be canceled for ${day}`, async (t) => {
    const { url } = await start(t, { products });
    const canceled = { status: 'deleted', cancellation_effective_date: day };
    t.is(await tell(url, 'subscription_cancelled', canceled), 200);
    t.is(await tell(url, 'subscription_payment_succeeded', FIRST), 200);
    const sale = await post(url, signed({ p_order_id: '7301' }), 'plan');
    t.is(sale.status, 200);
    t.is(codesIn(sale.text).length, 1);
  });

  test(`a sold subscription is canceled, or paused, for ${day}`, async (t) => {
    const { url } = await start(t, { products });
    t.is((await post(url, signed({ p_order_id: '7301' }), 'plan')).status, 200);
    t.is(await tell(url, 'subscription_payment_succeeded', FIRST), 200);
    const paused = { status: 'active', paused_from: day, next_bill_date: '2026-12-20', new_quantity: '1' };
    t.is(await tell(url, 'subscription_updated', paused), 200);
    const canceled = { status: 'deleted', cancellation_effective_date: day };
    t.is(await tell(url, 'subscription_cancelled', canceled), 200);
  });
}

test('a far day for license renew is refused, and the message names the option and the last day', async (t) => {
  const { home, url } = await start(t, { products });
  await post(url, signed({ p_order_id: '7302' }), 'plan');
  const cli = cliOf(home);
  const found = JSON.parse((await cli(['ledger', 'find', '7302', '--json'])).out) as {
    licenses: { id: string }[];
  };
  const renewed = await cli([
    ...['license', 'renew', found.licenses[0]!.id],
    ...['--until', '2199-12-31', '--reason', 'a gift'],
  ]);
  t.regex(renewed.err, /--until <day>.*2149-06-06/);
});
