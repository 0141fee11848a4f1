import test from 'ava';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

interface OrderJson {
  readonly order: string;
  readonly product: string | null;
  readonly licenses: Readonly<Record<string, number>>;
  readonly unmailed: number;
  readonly customer?: { readonly name: string };
}

async function list(...words: readonly string[]): Promise<readonly OrderJson[]> {
  const { status, out, err } = await market.cli(['orders', 'list', ...words, '--json']);
  if (status !== 0) throw new Error(err);
  return (JSON.parse(out) as { orders: OrderJson[] }).orders;
}

const names = (orders: readonly OrderJson[]) => orders.map(({ order }) => order);

async function buy(product: string, order: string, more: Readonly<Record<string, string>> = {}) {
  market.home.clock.now += 1000;
  const person = { name: '=Ada Byron', email: 'ada@example.com' };
  const { status, text } = await market.ask(product, { reference: order, quantity: '1', ...person, ...more });
  if (status !== 200) throw new Error(text);
}

const reference = (number: number) => `ACM261120-1000-1000${number}`;

test.serial('orders list prints the newest first, and each filter omits other orders (58)', async (t) => {
  await buy('app', reference(1));
  await buy('team', reference(2), { quantity: '3' });
  await buy('app', reference(3), { test: 'true' });
  t.deepEqual(names(await list()), [reference(3), reference(2), reference(1)]);
  t.deepEqual(names(await list('--product', 'team')), [reference(2)]);
  t.deepEqual(names(await list('--mode', 'test')), [reference(3)]);
  t.deepEqual(names(await list('--marketplace', 'paddle-classic')), []);
  t.deepEqual(names(await list('--marketplace', 'fastspring', '--mode', 'live', '--limit', '1')), [
    reference(2),
  ]);
  t.deepEqual(names(await list('--since', '2026-11-21')), []);
  t.deepEqual(names(await list('--since', '2026-11-20')).length, 3);
  // team lasts a month, app a year.
  t.deepEqual(names(await list('--expiring', '2027-03-01')), [reference(2)]);
  t.deepEqual(names(await list('--undelivered')), []);
  t.deepEqual(names(await list('--unmailed')), []);
});

test.serial('an empty list of undelivered units says that a unit is late after an hour', async (t) => {
  const { out } = await market.cli(['orders', 'list', '--undelivered']);
  t.is(out, 'No such orders; a unit is late, and listed here, an hour after its sale.\n');
  const { out: other } = await market.cli(['orders', 'list', '--unmailed']);
  t.is(other, 'No such orders.\n', 'the control: another filter');
});

test.serial('orders list finds revoked licenses, and renewed codes that were not mailed (32)', async (t) => {
  const [license] = await market.find(reference(1));
  market.home.clock.now += 1000;
  const decided = ['--until', '2029-01-01', '--reason', 'ticket 17'];
  t.is((await market.cli(['license', 'renew', license!.id, ...decided])).status, 0);
  const [unmailed, ...others] = await list('--unmailed');
  t.is(others.length, 0);
  t.is(unmailed?.order, reference(1));
  t.is(unmailed?.unmailed, 1);
  t.deepEqual(names(await list('--state', 'revoked')), []);
  market.home.clock.now += 1000;
  t.is((await market.cli(['license', 'revoke', license!.id, '--reason', 'ticket 18'])).status, 0);
  t.deepEqual(names(await list('--state', 'revoked')), [reference(1)]);
  t.deepEqual(names(await list('--unmailed')), []);
});

test.serial(
  'an order that the seller mailed is no longer unmailed, and noting it again changes nothing',
  async (t) => {
    const [license] = await market.find(reference(2));
    market.home.clock.now += 1000;
    const renewed = ['license', 'renew', license!.id, '--until', '2029-01-01', '--reason', 'ticket 19'];
    t.is((await market.cli(renewed)).status, 0);
    t.deepEqual(names(await list('--unmailed')), [reference(2)], 'the control');
    const mailed = ['order', 'mailed', reference(2), '--reason', 'sent with ticket 19'];
    const { status, out } = await market.cli(mailed);
    t.is(status, 0);
    t.regex(out, /1 license/);
    t.deepEqual(names(await list('--unmailed')), []);
    t.is((await market.cli(mailed)).status, 1);
    t.is((await market.cli(['order', 'mailed', 'unknown', '--reason', 'x'])).status, 1);
  },
);

test.serial('the table has a line per order, and no formula for a spreadsheet', async (t) => {
  const { status, out } = await market.cli(['orders', 'list', '--csv']);
  t.is(status, 0);
  const [head, ...rows] = out.split('\r\n');
  t.regex(head ?? '', /^marketplace,mode,order,line,product,/);
  t.is(rows.length, 4, 'three rows, and the line end of the last');
  t.false(out.includes('Ada'), 'personal data only where it is asked for');
  const { out: personal } = await market.cli(['orders', 'list', '--csv', '--personal']);
  t.true(personal.includes(",'=Ada Byron,ada@example.com\r\n"));
});

test.serial('a person sees the customer of an order, a program only on request', async (t) => {
  const { out } = await market.cli(['orders', 'list', '--limit', '1']);
  t.regex(out, /=Ada Byron, ada@example\.com\n$/);
  t.false((await list()).some((order) => 'customer' in order));
  t.is((await list('--personal'))[0]?.customer?.name, '=Ada Byron');
});

test('a mistyped argument is an error with status 1', async (t) => {
  for (const words of [
    ['--limit', '0'],
    ['--since', 'yesterday'],
    ['--expiring', '2026-02-30'],
    ['--state', 'lost'],
    ['--marketplace', 'nowhere'],
    ['--json', '--csv'],
  ]) {
    t.is((await market.cli(['orders', 'list', ...words])).status, 1, words.join(' '));
  }
});
