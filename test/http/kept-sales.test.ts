/** Rule 5: every signed sale leaves an order, also a sale that the service cannot answer. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { cliOf } from '../kit/cli.ts';
import { postAlert } from '../kit/paddle-alerts.ts';
import { productFile } from '../kit/products.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, start, startHome } from '../kit/service.ts';

const products = { app: productFile('name: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }') };

test('a signed sale of a product without a file is refused and kept with its order', async (t) => {
  const { home, url } = await start(t, { products });
  const refused = await post(url, signed({ p_order_id: '7201' }), 'app-renamed');
  t.is(refused.status, 404);
  const shown = await cliOf(home)(['order', 'show', '7201']);
  t.is(shown.status, 0, 'the order is in the ledger');
  const found = await cliOf(home)(['ledger', 'find', '7201']);
  t.is(found.status, 1);
  t.regex(found.err, /^The ledger knows order 7201, but has no license of it\..* order show 7201\n$/);
  t.regex((await cliOf(home)(['flags', 'list'])).out, /7201/);
});

test('a signed sale without a product file makes one flag, at any number of addresses', async (t) => {
  const { home, url } = await start(t, { products });
  for (const address of ['one', 'two', 'a%0Ab']) {
    t.is((await post(url, signed({ p_order_id: '7206' }), address)).status, 404);
  }
  const { out } = await cliOf(home)(['flags', 'list', '--json']);
  t.is((JSON.parse(out) as { flags: unknown[] }).flags.length, 1);
});

test('the flag of a refused sale names no event, and the history of its license says that the request was refused', async (t) => {
  const { home, url } = await start(t, { products });
  await post(url, signed({ p_order_id: '7211' }), 'app');
  t.is((await post(url, signed({ p_order_id: '7211', p_quantity: '2' }), 'app')).status, 409);
  const cli = cliOf(home);
  const { flags } = JSON.parse((await cli(['flags', 'list', '--json'])).out);
  t.deepEqual(
    flags.map(({ event }: { event: unknown }) => event),
    [null],
  );
  t.regex(
    (await cli(['ledger', 'find', '7211'])).out,
    /^history .*Z {2}active, unchanged: refused fulfillment request$/m,
  );
});

test('control: an unsigned sale is kept at no address', async (t) => {
  const { home, url } = await start(t, { products });
  const form = signed({ p_order_id: '7207' }).replace('7207', '7208');
  t.is((await post(url, form, 'app-renamed')).status, 401);
  t.not((await cliOf(home)(['order', 'show', '7208'])).status, 0);
});

test('after a product file is renamed, its old address answers repeats of its orders and refuses new orders', async (t) => {
  const home = makeHome(t, { products });
  const before = await startHome(t, home);
  const form = signed({ p_order_id: '7209' });
  const { text } = await post(before.url, form, 'app');
  await before.stop();
  renameSync(join(home.config.productsDir, 'app.md'), join(home.config.productsDir, 'app-2.md'));
  const { url } = await startHome(t, home);
  const again = await post(url, form, 'app');
  t.is(again.status, 200);
  t.is(again.text, text);
  t.is((await post(url, signed({ p_order_id: '7209', p_quantity: '2' }), 'app')).status, 409);
  t.is((await post(url, signed({ p_order_id: '7210' }), 'app')).status, 404);
  t.is((await post(url, form, 'app-3')).status, 404);
});

test('control: a signed sale that is refused for its quantity is kept', async (t) => {
  const { home, url } = await start(t, { products });
  const refused = await post(url, signed({ p_order_id: '7202', p_quantity: '0' }), 'app');
  t.is(refused.status, 400);
  t.regex((await cliOf(home)(['flags', 'list'])).out, /7202/);
});

const REFUND = {
  alert_id: '720300',
  alert_name: 'payment_refunded',
  event_time: '2026-11-20 12:30:00',
  refund_type: 'full',
};

test('NUL in an unused field of an alert has no effect', async (t) => {
  const { home, url } = await start(t, { products });
  t.is((await post(url, signed({ p_order_id: '7203' }), 'app')).status, 200);
  t.is((await postAlert(url, { ...REFUND, order_id: '7203', passthrough: 'a\0b' })).status, 200);
  t.regex((await cliOf(home)(['ledger', 'find', '7203'])).out, /revoked/);
});

for (const field of ['order_id', 'refund_type', 'alert_id', 'alert_name', 'event_time'] as const) {
  test(`an alert with NUL in the used field ${field} is kept as failed and flagged`, async (t) => {
    const { home, url } = await start(t, { products });
    t.is((await post(url, signed({ p_order_id: '7204' }), 'app')).status, 200);
    const alert = { ...REFUND, order_id: '7204' };
    const { status } = await postAlert(url, {
      ...alert,
      [field]: `${alert[field].slice(0, 1)}\0${alert[field].slice(1)}`,
    });
    t.is(status, 503);
    const cli = cliOf(home);
    t.regex((await cli(['events', 'list', '--failed'])).out, /720300/);
    t.regex((await cli(['flags', 'list'])).out, new RegExp(`${field} has a NUL`));
    t.notRegex((await cli(['ledger', 'find', '7204'])).out, /revoked/);
  });
}

test('a request with NUL in an unused field succeeds', async (t) => {
  const { url } = await start(t, { products });
  t.is((await post(url, signed({ p_order_id: '7205', passthrough: 'a\0b' }), 'app')).status, 200);
});
