/** Orders of several items, gifts and delivered codes, from FastSpring's webhook to the ledger. */
import { rmSync } from 'node:fs';
import test from 'ava';
import { batchOf, day, deliver, FileOwner, type Market, openMarket } from '../../kit/fastspring.ts';
import { startHome } from '../../kit/service.ts';
import { completed } from './payloads.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

test('bundles, add-ons, cross-sells and configurations are items like others', async (t) => {
  await market.tell(
    completed(market, 'B-1', 'unexpanded', [
      { product: 'PLAN-Monthly', subscription: 'sub-B-1', more: { isAddon: true } },
      { product: 'addon', more: { parentSubscription: 'sub-B-1', isAddon: true } },
      { product: 'other', more: { driver: { type: 'bundle', path: 'plan-monthly' } } },
      { product: 'app', quantity: 2, more: { driver: { type: 'cross-sell', path: 'plan-monthly' } } },
      { product: 'app', more: { driver: { type: 'configuration', path: 'app' } } },
      { product: 'never-heard-of', quantity: 4 },
    ]),
  );
  const licenses = await market.find('B-1');
  t.deepEqual(
    licenses.map(({ product, unit, subscription }) => `${product} ${unit} ${subscription}`),
    ['addon 0 sub-B-1', 'app 0 null', 'app 1 null', 'app 2 null', 'other 0 null', 'plan 0 sub-B-1'],
  );
  await market.tell(
    market.event('subscription.deactivated', {
      id: 'sub-B-1',
      state: 'deactivated',
      deactivationDate: day('2026-11-20'),
    }),
  );
  t.deepEqual(
    (await market.find('B-1')).map(({ state }) => state),
    ['ended', 'active', 'active', 'active', 'active', 'ended'],
    'an add-on ends with its parent',
  );
});

test('a second order.completed of an order with another quantity is flagged with both', async (t) => {
  const event = (quantity: number) => completed(market, 'Q-1', 'expanded', [{ product: 'app', quantity }]);
  await market.tell(event(2));
  await market.tell(event(2));
  const flags = async () => {
    const { flags: all } = JSON.parse((await market.cli(['flags', 'list', '--json'])).out) as {
      flags: readonly { order: string | null; reason: string }[];
    };
    return all.filter(({ order }) => order === 'Q-1');
  };
  t.deepEqual(await flags(), []);
  await market.tell(event(3));
  t.is((await market.find('Q-1')).length, 2);
  t.deepEqual(
    (await flags()).map(({ reason }) => reason),
    ['Order Q-1, app: events state 2 and 3 units: 2 count'],
  );
});

test('a gift is found by its recipient and by its buyer (23)', async (t) => {
  const recipient = { first: 'Ada', last: 'Byron', email: 'ada@example.org', account: { id: 'x' } };
  const customer = { first: 'Grace', last: 'Hopper', email: 'giver@example.com' };
  await market.tell(
    completed(market, 'G-1', 'expanded', [{ product: 'app' }], { customer, recipients: [{ recipient }] }),
  );
  for (const email of ['ada@example.org', 'giver@example.com']) {
    t.deepEqual(
      (await market.find(email)).map(({ order }) => order),
      ['G-1'],
      email,
    );
  }
});

test('a genuine code in an event that the ledger lacks is adopted, a foreign code is not', async (t) => {
  const old = await openMarket(owner);
  const { text: code } = await old.ask('app', { reference: 'L-1', quantity: '1' });
  const key = 'app_license_0';
  const event = (theirs: string) => (which: Market, order: string) =>
    which.event('order.completed', {
      id: `${order}-id`,
      reference: order,
      items: [
        {
          product: 'app',
          quantity: 1,
          fulfillments: { [key]: [{ license: theirs, display: 'License', type: 'license' }], files: 'none' },
        },
      ],
    });
  await old.stop();
  // The same keys with a ledger from before the sale.
  for (const end of ['', '-wal', '-shm']) rmSync(`${old.home.config.ledgerFile}${end}`, { force: true });
  rmSync(old.home.config.ledgerMark);
  const { url } = await startHome(owner, old.home);
  t.is((await deliver(url, batchOf([event(code)(old, 'L-1')]))).status, 200);
  const [license] = await old.find('L-1');
  t.is(license?.code, code);
  t.regex(license!.history[0]!.cause, /adopted/);
  t.is((await deliver(url, batchOf([event(code)(old, 'L-2')]))).status, 200);
  const found = await old.find('L-2');
  t.deepEqual(
    found.map(({ order, history: [first] }) => [order, first?.cause.includes('adopted')]),
    [['L-2', false]],
    'the code of another order is not this one’s',
  );
  const { flags } = JSON.parse((await old.cli(['flags', 'list', '--json'])).out) as {
    flags: readonly { order: string | null; reason: string }[];
  };
  t.deepEqual(
    flags.map(({ order, reason }) => `${order}: ${reason.slice(0, 60)}`),
    ['L-2: The event of order L-2 has a license code of order L-1, anot'],
  );
});

test('events of unknown types are stored and change nothing', async (t) => {
  const types = [
    'account.created',
    'payoutEntry.created',
    'subscription.thought.about',
    'order.approval.pending',
  ];
  const events = types.map((type) =>
    market.event(type, { id: 'U-1-id', reference: 'U-1', items: [{ product: 'app', quantity: 1 }] }),
  );
  await market.tell(...events);
  t.deepEqual(await market.find('U-1'), []);
  for (const { id } of events) t.is((await market.cli(['events', 'show', id])).status, 0);
});
