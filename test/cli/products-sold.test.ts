import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openLedger } from '../../src/service/open.ts';
import { cliOf } from '../kit/cli.ts';
import { FASTSPRING_PRODUCTS, type Market, only, openMarket } from '../kit/fastspring.ts';
import { productFile } from '../kit/products.ts';

const BODY = '\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';
const app = (more: string) =>
  productFile(`name: App\nterm: P1Y\nmarketplaces: { fastspring: {} }\n${more}`, BODY);

const WHY = ['--reason', 'ticket 17'];

/** A shop that sold one app with a full refund, told by events. */
async function refundedShop(t: ExecutionContext): Promise<Market> {
  const market = await openMarket(t, {
    products: { ...FASTSPRING_PRODUCTS, app: app('features: [export, sync]') },
  });
  const items = [{ product: 'app', quantity: 1, subtotal: 20 }];
  const sale = { id: 'internal-1', reference: ORDER, total: 20, currency: 'USD', items };
  await market.tell(market.event('order.completed', sale));
  const original = { id: 'internal-1', reference: ORDER, total: 20 };
  const back = {
    return: 'R-1',
    original,
    totalReturn: 20,
    refundType: 'Full Refund',
    currency: 'USD',
    items,
  };
  await market.tell(market.event('return.created', back));
  t.is((await only(t, market, ORDER)).state, 'revoked');
  return market;
}

const ORDER = 'ACM261120-1000-60001';

test('products check reports a changed file, and only products apply moves sold licenses (37)', async (t) => {
  const market = await refundedShop(t);
  market.home.putProducts({ app: app('features: [export, sync]\nrefund: keep') });
  const cli = cliOf(market.home);
  const checked = await cli(['products', 'check']);
  t.is(checked.status, 0);
  t.regex(checked.out, /app: 1 sold license have other terms than the file:\n {2}refund: revoke, now keep\n/);
  t.is((await only(t, market, ORDER)).state, 'revoked');
  market.home.clock.now += 1000;
  const applied = await cli(['products', 'apply', 'app', ...WHY]);
  t.is(applied.status, 0, applied.err);
  const { state, history } = await only(t, market, ORDER);
  t.is(state, 'active');
  t.regex(history.at(-1)?.cause ?? '', /apply the terms of app by operator: ticket 17/);
  t.notRegex((await cli(['products', 'check'])).out, /other terms/);
  t.is((await cli(['products', 'apply', 'app', ...WHY])).status, 1, 'nothing is left to move');
  t.is((await cli(['ledger', 'check'])).status, 0);
});

test('features whose order changed are refused by products check and products apply (39)', async (t) => {
  const market = await refundedShop(t);
  const cli = cliOf(market.home);
  market.home.putProducts({ app: app('features: [print, export, sync]') });
  for (const words of [
    ['products', 'check'],
    ['products', 'apply', 'app', ...WHY],
  ]) {
    const { status, err } = await cli(words);
    t.is(status, 1, words.join(' '));
    t.regex(err, /their order may only grow at the end/);
  }
  market.home.putProducts({ app: app('features: [export, sync, print]') });
  t.is((await cli(['products', 'check'])).status, 0);
});

test('a missing file of a sold product is reported, with its licenses (40)', async (t) => {
  const market = await refundedShop(t);
  rmSync(join(market.home.config.productsDir, 'app.md'));
  const { status, out } = await cliOf(market.home)(['products', 'check']);
  t.is(status, 0);
  t.regex(out, /app: its file is gone, but the ledger has 1 sold license of it/);
  t.regex(out, /Sales of its paths are refused unless another file names them now/);
});

test('an unknown path is flagged once, delivered after a file names it, or ignored (28)', async (t) => {
  const market = await openMarket(t);
  const sell = (number: number, product: string) =>
    market.tell(
      market.event('order.completed', {
        id: `internal-${number}`,
        reference: `ACM261120-1000-7000${number}`,
        total: 20,
        currency: 'USD',
        customer: { first: 'Grace', last: 'Hopper', email: 'grace@example.com' },
        items: [{ product, quantity: 2, subtotal: 20 }],
      }),
    );
  for (const [number, path] of ['lumen-edu', 'lumen-mug', 'lumen-edu'].entries())
    await sell(number + 1, path);
  const cli = cliOf(market.home);
  const flags = async () => {
    const { out } = await cli(['flags', 'list', '--json']);
    return (JSON.parse(out) as { flags: { kind: string; product: string }[] }).flags
      .filter(({ kind }) => kind === 'unknown-product')
      .map(({ product }) => product)
      .sort();
  };
  t.deepEqual(await flags(), ['lumen-edu', 'lumen-mug']);
  const early = await cli(['products', 'deliver', 'lumen-edu', ...WHY]);
  t.is(early.status, 1);
  t.regex(early.err, /No product file names lumen-edu/);

  t.is((await cli(['products', 'ignore', 'lumen-mug', ...WHY])).status, 0);
  await sell(4, 'lumen-mug');
  t.deepEqual(await flags(), ['lumen-edu'], 'a path that was ignored is flagged no more');
  t.is((await cli(['products', 'ignore', 'lumen-mug', ...WHY])).status, 1);
  t.is((await cli(['products', 'ignore', 'never-sold', ...WHY])).status, 1);

  await market.stop();
  market.home.putProducts({
    edu: productFile('name: Edu\nterm: P1Y\nmarketplaces: { fastspring: { product: lumen-edu } }', BODY),
  });
  const delivered = await cli(['products', 'deliver', 'lumen-edu', ...WHY, '--json']);
  t.is(delivered.status, 0, delivered.err);
  t.notRegex(delivered.out, /grace/i);
  const { orders } = JSON.parse(delivered.out) as { orders: { order: string; licenses: number }[] };
  t.deepEqual(orders.map(({ order, licenses }) => `${order} ${licenses}`).sort(), [
    'ACM261120-1000-70001 2',
    'ACM261120-1000-70003 2',
  ]);
  t.deepEqual(await flags(), []);
  t.is((await market.find('ACM261120-1000-70001')).length, 2);
  t.is((await cli(['products', 'deliver', 'lumen-edu', ...WHY])).status, 1, 'nothing is owed any more');
  t.is((await cli(['ledger', 'check'])).status, 0);
});

test('products deliver and ignore take no empty path', async (t) => {
  const cli = cliOf((await openMarket(t)).home);
  for (const command of ['deliver', 'ignore']) {
    const { status, err } = await cli(['products', command, '', ...WHY]);
    t.is(status, 1, command);
    t.regex(err, /Write a path or number, as the flag names it/);
  }
});

test('products deliver names the customers that only the events of their orders name', async (t) => {
  const market = await openMarket(t);
  const sell = (number: number) =>
    market.tell(
      market.event('order.completed', {
        id: `internal-${number}`,
        reference: `ACM261120-1000-7100${number}`,
        total: 20,
        currency: 'USD',
        customer: { first: 'Grace', last: `Hopper ${number}`, email: `grace${number}@example.com` },
        items: [{ product: 'lumen-edu', quantity: 2, subtotal: 20 }],
      }),
    );
  await sell(1);
  market.home.clock.now += 3 * 86_400_000;
  await sell(2);
  await market.stop();
  const ledger = await openLedger(market.home.config);
  await ledger.forgetEvents(market.home.clock.now);
  await ledger.close();
  market.home.putProducts({
    edu: productFile('name: Edu\nterm: P1Y\nmarketplaces: { fastspring: { product: lumen-edu } }', BODY),
  });
  const { out, err } = await market.cli(['products', 'deliver', 'lumen-edu', ...WHY]);
  t.regex(out, /^ {2}ACM261120-1000-71001 \(fastspring, live\): 2 licenses/m, err);
  t.regex(
    out,
    /^ {2}ACM261120-1000-71002 \(fastspring, live\), Grace Hopper 2, grace2@example.com: 2 licenses/m,
  );
  t.is((await market.find('grace2@example.com')).length, 2);
  t.is((await market.cli(['ledger', 'check'])).status, 0);
});

test('products deliver names the orders to send codes for apart from one in dispute, without a fully returned one, and is in no history of another product', async (t) => {
  const market = await openMarket(t);
  const sell = (number: number, ...products: readonly string[]) =>
    market.tell(
      market.event('order.completed', {
        id: `internal-${number}`,
        reference: `ACM261120-1000-8000${number}`,
        total: 20 * products.length,
        currency: 'USD',
        items: products.map((product) => ({ product, quantity: 1, subtotal: 20 })),
      }),
    );
  await sell(1, 'lumen-edu', 'app');
  await sell(2, 'lumen-edu');
  await sell(3, 'lumen-edu');
  const chargeback = { id: 'internal-2', order: 'internal-2', processorCaseId: 'case-2', status: 'NEW' };
  await market.tell(market.event('chargeback.created', chargeback));
  const original = { id: 'internal-3', reference: 'ACM261120-1000-80003', total: 20 };
  const items = [{ product: 'lumen-edu', quantity: 1, subtotal: 20 }];
  const back = {
    return: 'R-3',
    original,
    totalReturn: 20,
    refundType: 'Full Refund',
    currency: 'USD',
    items,
  };
  await market.tell(market.event('return.created', back));
  await market.stop();
  market.home.putProducts({
    ...FASTSPRING_PRODUCTS,
    edu: productFile('name: Edu\nterm: P1Y\nmarketplaces: { fastspring: { product: lumen-edu } }', BODY),
  });
  const { status, out, err } = await cliOf(market.home)(['products', 'deliver', 'lumen-edu', ...WHY]);
  t.is(status, 0, err);
  t.regex(
    out,
    /^Send these customers their codes yourself:\n {2}ACM261120-1000-80001 \(fastspring, live\): 1 license {3}.*\nSend nothing for these orders, .*:\n {2}ACM261120-1000-80002 \(fastspring, live\)\n$/,
  );
  for (const { product, history } of await market.find('ACM261120-1000-80001')) {
    const causes = history.map(({ cause }) => cause).join();
    t.is(/deliver lumen-edu/.test(causes), product === 'edu', `${product}: ${causes}`);
  }
});

test('products apply refuses to move sold licenses to a code a unit, and says how the rest is applied', async (t) => {
  const market = await refundedShop(t);
  const cli = cliOf(market.home);
  market.home.putProducts({ app: app('features: [export, sync]\nquantity: seats\nrefund: keep') });
  const { status, err } = await cli(['products', 'apply', 'app', ...WHY]);
  t.is(status, 1);
  t.regex(
    err,
    /sold with codes, and the file has seats.*Nothing was changed.*put {2}quantity: codes {2}back/s,
  );
  t.is((await only(t, market, ORDER)).state, 'revoked');
});
