/** Kind 3: an order, a subscription and a customer have several names, and each finds the same license. */
import test from 'ava';
import { charged, chargedBack, completed, type Plan, refunded, subscription } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { live, open, PADDLE_PLAN, paid, STUDIO_PLAN, subscribe, subscribeAtPaddle } from './scenes.ts';

const PRO: Plan = { ...STUDIO_PLAN, product: 'pro-yearly' };
const UPGRADE = { reference: 'P', subscriptionReference: 'a-sub', quantity: 1 };
const ORDERS = ['A', 'P', 'subscription:a-sub'];

function upgrade(player: Player) {
  return player.events(
    subscription('updated', PRO),
    charged(
      { ...PRO, sequence: 1 },
      { order: 'P', items: [{ product: 'pro-yearly', subscription: 'a-sub' }] },
    ),
  );
}

for (const first of ['request', 'event'] as const) {
  test(`fault 17: an upgrade makes one license if its ${first} comes first`, async (t) => {
    const player = await open(t);
    await subscribe(player, 'studio', STUDIO_PLAN);
    if (first === 'event') await upgrade(player);
    const { status, codes } = await player.request('pro', UPGRADE);
    if (first === 'request') await upgrade(player);
    t.is(status, 200);
    t.deepEqual(
      (await live(player, ...ORDERS)).map(({ product, lastValid }) => [product, lastValid]),
      [['pro', '2027-12-04']],
    );
    t.is((await player.refresh(codes[0] ?? '')).status, 200, 'the mailed code is of the live license');
    t.is((await player.licenses('A')).find(({ product }) => product === 'studio')?.state, 'ended');
  });
}

test('fault 17: a request by itself ends nothing, because it may be for an add-on', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  t.is((await player.request('pro', UPGRADE)).status, 200);
  const products = (await live(player, ...ORDERS)).map(({ product }) => product).sort();
  t.deepEqual(products, ['pro', 'studio']);
});

test("fault 18: a reference that is mapped to the order's internal id makes no second license", async (t) => {
  const player = await open(t);
  const { codes } = await player.request('script', { reference: 'A-id' });
  await player.events(completed('A', [{ product: 'script' }]));
  const both = await live(player, 'A', 'A-id');
  t.deepEqual(
    both.map(({ code }) => code),
    codes,
  );
  await player.events(refunded('A', { product: 'script' }));
  t.deepEqual(await live(player, 'A', 'A-id'), []);
  t.is((await player.refresh(codes[0] ?? '')).status, 410);
});

test('fault 18: a genuine code in the event of another order makes an alias', async (t) => {
  const player = await open(t);
  const { codes } = await player.request('script', { reference: 'A' });
  const fulfillments = { script_license_0: [{ license: codes[0], type: 'license', display: 'License' }] };
  await player.events(completed('B', [{ product: 'script', fulfillments }]));
  t.deepEqual(
    (await live(player, 'A', 'B')).map(({ code }) => code),
    codes,
  );
  await player.events(refunded('B', { product: 'script' }));
  t.deepEqual(await live(player, 'A', 'B'), [], 'money of the other order is money of this sale');
  t.deepEqual(await player.flags(), []);
});

test('fault 19: after a plan swap, refresh with the old code leads to the successor', async (t) => {
  const player = await open(t);
  const { codes } = await subscribe(player, 'studio', STUDIO_PLAN);
  await upgrade(player);
  const { status, text } = await player.refresh(codes[0] ?? '');
  t.is(status, 200);
  const [pro] = await live(player, ...ORDERS);
  const { changed, code, product } = JSON.parse(text);
  t.deepEqual([changed, code, product], [true, pro?.code, 'pro']);
});

test('fault 19: after a plan swap, explain sends what refresh answers', async (t) => {
  const player = await open(t);
  const { codes } = await subscribe(player, 'studio', STUDIO_PLAN);
  await upgrade(player);
  const [pro] = await live(player, ...ORDERS);
  const explained = await player.cliWith(codes[0] ?? '', 'explain', '-', '--json');
  t.is(explained.status, 0);
  const [{ send, successor }] = JSON.parse(explained.out).codes;
  t.deepEqual([send, successor], [pro?.code, pro?.id]);
  t.is(JSON.parse((await player.refresh(codes[0] ?? '')).text).code, send);
});

test('fault 19: at Paddle too, refresh with the old code leads to the successor', async (t) => {
  const player = await open(t);
  const { codes } = await subscribeAtPaddle(player, 'studio');
  await player.alert({
    alert_name: 'subscription_updated',
    subscription_id: '700',
    subscription_plan_id: '5520',
    old_subscription_plan_id: '5510',
    status: 'active',
    old_status: 'active',
    new_quantity: '1',
    old_quantity: '1',
    next_bill_date: '2027-11-20',
  });
  const { text } = await player.refresh(codes[0] ?? '');
  const [pro] = await live(player, '900-1', 'subscription:700');
  const { changed, code, product } = JSON.parse(text);
  t.deepEqual([changed, code, product], [true, pro?.code, 'pro']);
});

const REBILL = { order_id: '900-2', subscription_id: '700', subscription_plan_id: '5510' };

test("fault 22: a fulfillment request for a renewal's order is no new sale", async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.alert(paid({ ...REBILL, next_bill_date: '2028-11-20' }));
  const { status, codes } = await player.paddle('studio', { p_order_id: '900-2' });
  t.is(status, 200);
  const all = await live(player, '900-1', '900-2', 'subscription:700');
  t.deepEqual(
    all.map(({ code, lastValid }) => [code, lastValid]),
    [[codes[0], '2028-12-04']],
  );
});

test('fault 22: if the renewal is requested before its alert, the second license is flagged and not revoked', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  t.is((await player.paddle('studio', { p_order_id: '900-2' })).status, 200);
  await player.alert(paid({ ...REBILL, next_bill_date: '2028-11-20' }));
  const states = await live(player, PADDLE_PLAN.order, '900-2', 'subscription:700');
  t.is(states.length, 2);
  t.true((await player.flags()).some(({ kind }) => kind === 'surplus'));
});

test('fault 23: both people of a gift are found, also if the request came first', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A', name: 'Ada Giver', email: 'giver@example.com' });
  const friend = { first: 'Fred', last: 'Friend', email: 'friend@example.com', company: null, phone: null };
  const giver = { first: 'Ada', last: 'Giver', email: 'giver@example.com', company: null, phone: null };
  const people = { customer: giver, recipients: [{ recipient: friend }] };
  await player.events(completed('A', [{ product: 'script' }], people));
  for (const email of ['giver@example.com', 'friend@example.com', 'nobody@example.com']) {
    const { status, out } = await player.cli('ledger', 'find', email, '--json');
    const found = status === 0 ? JSON.parse(out).licenses.length : 0;
    t.is(found, email.startsWith('nobody') ? 0 : 1, email);
  }
});

test('fault 18: a chargeback by the internal id finds the license of the reference', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A' });
  await player.events(chargedBack('A'));
  await player.events(completed('A', [{ product: 'script' }]));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});
