/** `mintmark migrate`: its list, its faults by line, and that nothing is changed without --apply. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { decoded, parseMap } from '../../src/cli/migrate.ts';
import { MOVES, type Moves } from '../../src/marketplaces/all.ts';
import { startService } from '../../src/service/service.ts';
import { cliOf } from '../kit/cli.ts';
import { alertsTo } from '../kit/paddle-alerts.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome } from '../kit/service.ts';

const [PADDLE] = MOVES as readonly [Moves];
const APP =
  '---\nname: App\nterm: P1M\nmarketplaces: { paddle-classic: { product: "47023" }, paddle-billing: { product: pri_month } }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

const faultsOf = (text: string) =>
  parseMap(text, PADDLE).faults.map(({ line, fault }) => `${line}: ${fault}`);

test('a list has two columns, by comma, semicolon or tab, and may have a heading', (t) => {
  const text = '\uFEFFclassic,billing\r\n502,sub_1\r\n\r\n"503";"sub_2"\n504\tsub_3\n';
  t.deepEqual(parseMap(text, PADDLE), {
    pairs: [
      { line: 2, former: '502', subscription: 'sub_1' },
      { line: 4, former: '503', subscription: 'sub_2' },
      { line: 5, former: '504', subscription: 'sub_3' },
    ],
    faults: [],
  });
});

test('a line that cannot be read is a fault with its number', (t) => {
  t.deepEqual(faultsOf('502,sub_1\n503\nabc,sub_2\n504,505\n,sub_4\n506,sub_5,x\n'), [
    '2: has 1 columns, and not 2',
    '3: "abc" is no subscription of Paddle Classic',
    '4: "505" is no subscription of Paddle Billing',
    '5: "" is no subscription of Paddle Classic',
    '6: has 3 columns, and not 2',
  ]);
  t.deepEqual(faultsOf('502,sub_1,,\n503,sub_2\u001b[31m\n'), [
    '2: "sub_2\\u001b[31m" is no subscription of Paddle Billing',
  ]);
  for (const empty of ['', '\n', ' \r\n\r\n', '\uFEFF', 'classic,billing\r\n'])
    t.deepEqual(faultsOf(empty), ['1: the file names no subscription'], JSON.stringify(empty));
});

test('a file is read as a spreadsheet writes it: UTF-8 with and without its mark, UTF-16, and letters of another set in a heading', (t) => {
  const text = 'Abo,Geschäft\r\n502,sub_1\r\n';
  const mark = Buffer.from([0xff, 0xfe]);
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\uFEFF${text}`),
    Buffer.concat([mark, Buffer.from(text, 'utf16le')]),
    Buffer.from(text, 'latin1'),
  ]) {
    t.deepEqual(parseMap(decoded(bytes), PADDLE).pairs, [{ line: 2, former: '502', subscription: 'sub_1' }]);
  }
});

async function shop(t: ExecutionContext) {
  const home = makeHome(t, { products: { app: APP } });
  const service = await startService(home.config, { log: home.log, now: () => home.clock.now });
  const alert = alertsTo(service.url);
  const subscription = {
    subscription_id: '502',
    subscription_plan_id: '47023',
    quantity: '1',
    status: 'active',
  };
  await alert('subscription_payment_succeeded', {
    ...subscription,
    order_id: '77-1',
    initial_payment: '1',
    next_bill_date: '2026-12-20',
  });
  t.is((await post(service.url, signed({ p_order_id: '77-1' }))).status, 200);
  await service.stop();
  const cli = cliOf(home);
  const run = (text: string, ...more: readonly string[]) => {
    const file = join(home.folder, 'map.csv');
    writeFileSync(file, text);
    return cli(['migrate', 'paddle', file, ...more]);
  };
  return { cli, run };
}

test('without --apply it shows what would be tied; with it they are tied, once', async (t) => {
  const { cli, run } = await shop(t);
  const facts = async () => (await cli(['order', 'show', '77-1', '--json'])).out;
  const before = await facts();
  t.is(
    (await run('502,sub_1\n')).out,
    '502 goes on as sub_1\n1 subscriptions of Paddle Classic would be tied: run it with --apply; 0 were before.\n',
  );
  t.is(await facts(), before);
  t.regex(
    (await run('502,sub_1\n', '--apply')).out,
    /1 subscriptions of Paddle Classic were tied; 0 were before/,
  );
  const after = await facts();
  t.regex(after, /goes on as subscription:sub_1 of paddle-billing/);
  t.deepEqual(JSON.parse((await run('502,sub_1\n', '--apply', '--json')).out), {
    tied: [],
    known: 1,
    faults: [],
  });
  t.is(await facts(), after);
  t.regex((await run('502,sub_2\n', '--apply')).out, /line 1: 502 goes on as sub_1 already/);
  for (const doubled of ['502,sub_8\n502,sub_9\n', '502,sub_1\n502,sub_1\n'])
    t.regex((await run(doubled, '--apply')).out, /line 2: 502 stands in line 1 too/);
});

test('what has no license, what is no file and what is not known is refused', async (t) => {
  const { cli, run } = await shop(t);
  const { status, out, err } = await run('classic,billing\n999,sub_9\n', '--apply');
  t.is(status, 1);
  t.is(out, 'line 2: no license follows 999 of paddle-classic\n');
  t.regex(err, /Nothing was changed/);
  t.not((await cli(['migrate', 'paddle', '/nowhere/map.csv'])).status, 0);
  t.not((await cli(['migrate', 'elsewhere', '/nowhere/map.csv'])).status, 0);
});
