import test from 'ava';
import {
  FASTSPRING_PRODUCTS,
  FileOwner,
  type LicenseJson,
  type Market,
  only,
  openMarket,
} from '../kit/fastspring.ts';
import { productFile } from '../kit/products.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  const maintained = productFile(
    'name: Maintained\nterm: perpetual\nupdates: P1Y\nmarketplaces: { fastspring: {} }',
    '\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n',
  );
  market = await openMarket(owner, { products: { ...FASTSPRING_PRODUCTS, maintained } });
});
test.after.always(() => owner.end());

let orders = 0;
async function buy(product = 'app'): Promise<{ order: string; license: LicenseJson; code: string }> {
  orders += 1;
  const order = `ACM261120-1000-8${String(orders).padStart(4, '0')}`;
  const { text: code } = await market.ask(product, {
    reference: order,
    quantity: '1',
    name: 'Grace Hopper',
    email: 'grace@example.com',
  });
  const [license] = await market.find(order);
  return { order, license: license!, code };
}

async function decide(...words: readonly string[]): Promise<LicenseJson> {
  market.home.clock.now += 1000;
  const { status, out, err } = await market.cli(['license', ...words, '--reason', 'ticket 17', '--json']);
  if (status !== 0) throw new Error(err);
  return (JSON.parse(out) as { license: LicenseJson }).license;
}

test.serial('license show prints a license by its id or its code, with customer and history', async (t) => {
  const { license, code } = await buy();
  for (const text of [license.id, license.id.toUpperCase(), code, ` ${code} `]) {
    const { status, out } = await market.cli(['license', 'show', text]);
    t.is(status, 0);
    t.true(out.includes(license.id));
    t.regex(out, /Grace Hopper, grace@example\.com/);
    t.regex(out, /^history /m);
  }
  const { out } = await market.cli(['license', 'show', license.id, '--json']);
  t.deepEqual((JSON.parse(out) as { license: LicenseJson }).license, license);
  t.false(out.includes('Grace'), 'JSON is for other programs, so without the customer');
});

test.serial('license renew sets the last valid day and mints the next code', async (t) => {
  const { order, license } = await buy();
  const renewed = await decide('renew', license.id, '--until', '2030-01-31');
  t.is(renewed.lastValid, '2030-01-31');
  t.is(renewed.revision, license.revision + 1);
  t.not(renewed.code, license.code);
  t.is(renewed.id, license.id);
  t.deepEqual(await only(t, market, order), renewed);
  const read = market.home.reader('app').read(renewed.code);
  t.is(read.verdict, 'valid');
  const { out } = await market.cli(['license', 'show', license.id]);
  t.regex(out, /^history .*Z {2}active, revision 1: renew by operator: ticket 17$/m);
});

test.serial('suspend, reinstate and revoke are in the history with actor and reason', async (t) => {
  const { license } = await buy();
  t.is((await decide('suspend', license.id)).state, 'suspended');
  t.is((await decide('reinstate', license.id, '--actor', 'ada')).state, 'active');
  const { state, history } = await decide('revoke', license.id);
  t.is(state, 'revoked');
  t.deepEqual(
    history.slice(1).map(({ cause }) => cause),
    ['suspend by operator: ticket 17', 'reinstate by ada: ticket 17', 'revoke by operator: ticket 17'],
  );
  t.is((await decide('reinstate', license.id)).state, 'active', 'the one way back');
});

test.serial('reissue gives the same sale a new license and revokes the leaked one', async (t) => {
  const { order, license } = await buy();
  const fresh = await decide('reissue', license.id);
  t.not(fresh.id, license.id);
  t.deepEqual(
    [fresh.order, fresh.product, fresh.unit, fresh.state, fresh.lastValid],
    [order, 'app', 0, 'active', license.lastValid],
  );
  const all = await market.find(order);
  t.deepEqual(
    all.map(({ id, state }) => [id, state]),
    [
      [license.id, 'revoked'],
      [fresh.id, 'active'],
    ],
  );
  const { out } = await market.cli(['order', 'show', order]);
  t.is(out.match(/^Sent /gm)?.length, 1, 'the first code; nobody was sent the new one');
  t.regex(out, /^Kept since \S+ for a repeat of the request, for unit 0 of app; nobody was sent it then:$/m);
  t.regex(out, /^unmailed {4}the code of revision 0 was not delivered yet/m);
  t.is(out.match(/^answered /gm)?.length, 1);
  const isUnmailed = async () =>
    (await market.cli(['orders', 'list', '--unmailed'])).out.split(/\s+/).includes(order);
  t.is(fresh.handed, null);
  t.true(await isUnmailed(), 'nobody has the new code');
  const again = await market.ask('app', { reference: order, quantity: '1' });
  t.false(await isUnmailed());
  t.is(again.text, fresh.code, 'a repeat of the request gets the code of the license in its place (54)');
  t.is((await market.ask('app', { reference: order, quantity: '1' })).text, again.text);
  t.is((await market.cli(['ledger', 'check'])).status, 0);
});

test.serial('reissue says to send the replacement only where it unlocks something', async (t) => {
  const said = async (make: (id: string, order: string) => Promise<unknown>) => {
    const { order, license } = await buy();
    await make(license.id, order);
    const { err, status } = await market.cli(['license', 'reissue', license.id, '--reason', 'leaked']);
    t.is(status, 0);
    const fresh = (await market.find(order)).find(({ id }) => id !== license.id);
    return [fresh?.state, err.replace(license.id, 'ID')];
  };
  t.deepEqual(await said(async () => undefined), [
    'active',
    'ID is revoked. Send the customer its replacement:\n\n',
  ]);
  t.deepEqual(await said((id) => decide('suspend', id)), [
    'suspended',
    'ID is revoked. Its replacement is suspended, as it was: send the code when it is active again:\n\n',
  ]);
  const canceled = (_: string, reference: string) =>
    market.tell(market.event('order.canceled', { reference, id: `${reference}-id` }));
  t.deepEqual(await said(canceled), [
    'revoked',
    'ID is revoked. So is its replacement, by what is known of the order and what you decided: send nothing:\n\n',
  ]);
});

test.serial('a decision about a reissued license is refused, naming its replacement (54)', async (t) => {
  const { order, license } = await buy();
  const fresh = await decide('reissue', license.id);
  const before = await market.find(order);
  for (const words of [['reinstate'], ['suspend'], ['renew', '--until', '2030-01-31'], ['reissue']]) {
    const [name = '', ...options] = words;
    const said = await market.cli(['license', name, license.id, ...options, '--reason', 'ticket 17']);
    t.is(said.status, 1, name);
    t.true(said.err.includes(fresh.id), name);
  }
  t.deepEqual(await market.find(order), before);
});

test.serial('a decision that changes nothing ends with status 1, and says so (55)', async (t) => {
  const { license } = await buy();
  const said = await market.cli(['license', 'reinstate', license.id, '--reason', 'ticket 17']);
  t.is(said.status, 1);
  t.regex(said.err, /Nothing changed: the license is active/);
});

test.serial('a decision takes effect although the clock of the service is slow (55)', async (t) => {
  const { order, license } = await buy();
  const created = market.home.clock.now + 600_000;
  const reason = { reference: order, id: `${order}-id` };
  await market.tell(market.event('order.canceled', reason, { created }));
  t.is((await only(t, market, order)).state, 'revoked');
  t.is((await decide('reinstate', license.id)).state, 'active');
});

test.serial('a perpetual license is not renewed, and gets newer versions by extend (35)', async (t) => {
  const { license } = await buy('maintained');
  t.is(license.lastValid, null);
  const said = await market.cli(['license', 'renew', license.id, '--until', '2030-01-31', '--reason', 'x']);
  t.is(said.status, 1);
  t.regex(said.err, /This license is perpetual.*license extend/);
  const extended = await decide('extend', license.id, '--updates-until', '2029-06-30');
  t.is(extended.updatesUntil, '2029-06-30');
  t.is(extended.lastValid, null);
  t.is(extended.revision, license.revision + 1);
  const { license: unlimited } = await buy('app');
  const refused = await market.cli([
    'license',
    'extend',
    unlimited.id,
    '--updates-until',
    '2029-06-30',
    '--reason',
    'x',
  ]);
  t.is(refused.status, 1);
  t.regex(refused.err, /includes all versions/);
});

test.serial(
  'a decision of an operator overrides earlier facts, and a later payment overrides the decision',
  async (t) => {
    await market.ask('plan', {
      reference: 'ACM261120-1000-90001',
      quantity: '1',
      subscriptionReference: 'sub-O',
      product: 'plan-monthly',
    });
    const { id } = await only(t, market, 'ACM261120-1000-90001');
    t.is((await decide('renew', id, '--until', '2029-05-05')).lastValid, '2029-05-05');
    const created = market.home.clock.now + 60_000;
    const subscription = { id: 'sub-O', state: 'active', nextChargeDate: Date.UTC(2027, 5, 1) };
    await market.tell(
      market.event(
        'subscription.charge.completed',
        { order: 'ACM261120-1000-90002', sequence: 3, subscription },
        { created },
      ),
    );
    t.is((await only(t, market, 'ACM261120-1000-90001')).lastValid, '2027-06-15');
  },
);

test.serial(
  'a missing license, a missing option and an impossible decision are errors and change nothing',
  async (t) => {
    const { order, license } = await buy();
    const nobody = '00000000-0000-4000-8000-000000000000';
    const why = ['--reason', 'x'];
    for (const [words, status] of [
      [['show', nobody], 1],
      [['show', 'nonsense'], 1],
      [['suspend', nobody, ...why], 1],
      [['suspend', license.id], 1],
      [['suspend', license.id, '--reason', ' '], 1],
      [['suspend', license.id, '--reason', 'x'.repeat(201)], 1],
      [['renew', license.id, ...why], 1],
      [['extend', license.id, ...why], 1],
      [['renew', license.id, '--until', '2026-02-30', ...why], 1],
      [['renew', license.id, '--until', '2020-12-05', ...why], 1],
      [['destroy', license.id, ...why], 1],
    ] as const) {
      const said = await market.cli(['license', ...words]);
      t.is(said.status, status, `${words.join(' ')}: ${said.err}`);
      t.not(said.err, '');
    }
    t.deepEqual(await only(t, market, order), license);
  },
);
