/** Kind 5: a signed message about a known order that cannot be applied is flagged. */
import test from 'ava';
import { charged, type Plan, returned, subscription } from './fastspring-says.ts';
import { fileOf } from './products.ts';
import { afterYears, buy, open, paid, STUDIO_PLAN, subscribe, subscribeAtPaddle } from './scenes.ts';

test('fault 29: a plan without a product file is flagged for the subscription that changed to it', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const mystery: Plan = { ...STUDIO_PLAN, product: 'mystery-yearly' };
  await player.events(subscription('updated', mystery));
  const flags = (await player.flags()).filter(({ kind }) => kind === 'unmapped');
  t.is(flags.length, 1);
  t.regex(flags[0]?.reason ?? '', /mystery-yearly/);
});

test('fault 29: ten paid seats of a Paddle plan without a product file are flagged', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'team', {
    order: '900-1',
    subscription_id: '700',
    subscription_plan_id: '5610',
  });
  await player.alert({
    alert_name: 'subscription_updated',
    subscription_id: '700',
    subscription_plan_id: '5699',
    old_subscription_plan_id: '5610',
    new_quantity: '10',
    old_quantity: '2',
    status: 'active',
    old_status: 'active',
    next_bill_date: '2027-11-20',
  });
  t.true((await player.flags()).some(({ kind, reason }) => kind === 'unmapped' && /5699/.test(reason)));
});

test('fault 29: a quantity that is no number is flagged', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('updated', STUDIO_PLAN, { quantity: 'many' }));
  t.deepEqual(await player.flagged('A'), ['unmapped']);
});

const BOTH = fileOf('name: Both\nterm: P1Y\nmarketplaces: { paddle-classic: { product: ["6001", "6002"] } }');

test('fault 29: a file may name several products of Paddle', async (t) => {
  const player = await open(t, { both: BOTH });
  const answers = [];
  for (const id of ['6001', '6002', '6003'])
    answers.push(await player.paddle('both', { p_order_id: `1${id}`, p_product_id: id }));
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 400],
  );
});

test('fault 31: a partial return that names no item is flagged', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  await player.events(returned({ order: 'A', total: 20, amount: 5, items: [] }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  t.deepEqual(await player.flagged('A'), ['partial-refund']);
});

test('fault 31: a paid charge of a revoked license is flagged, and its rebill request is answered 409', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const [license] = await player.licenses('A');
  await player.cli('license', 'revoke', license?.id ?? '', '--reason', 'shared in a forum');
  await player.waitUntil('2027-11-20');
  await player.events(charged(afterYears(2), { order: 'A2' }));
  t.true((await player.flags()).some(({ kind }) => kind === 'revoked-but-paid'));
  const rebill = { reference: 'A2', subscriptionReference: 'a-sub', sequence: 2 };
  const answer = await player.request('studio', rebill);
  t.deepEqual([answer.status, answer.problem, answer.codes], [409, 'license_revoked', []]);
});

test('fault 31: each paid charge of a revoked license is flagged, also after a person settled the flag of one before', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const [license] = await player.licenses('A');
  await player.cli('license', 'revoke', license?.id ?? '', '--reason', 'shared in a forum');
  const kinds = async () => (await player.flags()).map(({ kind }) => kind);
  const settle = async () => {
    const [flag] = await player.flags();
    await player.cli('flags', 'settle', String(flag?.id), '--reason', 'the money goes back');
  };
  await player.waitUntil('2027-11-20');
  const second = charged(afterYears(2), { order: 'A2' });
  await player.events(second);
  await settle();
  await player.events(second);
  t.deepEqual(await kinds(), [], 'told again');
  await player.waitUntil('2028-11-20');
  await player.events(charged(afterYears(3), { order: 'A3' }));
  t.deepEqual(await kinds(), ['revoked-but-paid']);
  await player.waitUntil('2029-11-20');
  await player.events(charged(afterYears(4), { order: 'A4' }));
  t.deepEqual(await kinds(), ['revoked-but-paid'], 'one while it is open');
});

test('fault 31: a repeated request for a revoked license gets no 200', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const [license] = await player.licenses('A');
  await player.cli('license', 'revoke', license?.id ?? '', '--reason', 'shared in a forum');
  const answer = await player.request('script', { reference: 'A' });
  t.deepEqual([answer.status, answer.problem], [409, 'license_revoked']);
});

test('fault 32: an unmailed renewed code is listed and counted until it is requested', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await subscribeAtPaddle(player, 'studio');
  const unmailed = async () => {
    const { status, out, err } = await player.cli('orders', 'list', '--unmailed', '--json');
    if (status !== 0) throw new Error(`orders list: ${err}`);
    return JSON.parse(out).orders.length;
  };
  const metric = async () =>
    Number(/^mintmark_unmailed\w*(?:\{.*\})? (\d+)$/m.exec(await player.get('/metrics'))?.[1]);
  t.deepEqual([await unmailed(), await metric()], [0, 0]);
  await player.waitUntil('2027-11-20');
  await player.events(charged(afterYears(2), { order: 'A2' }));
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert(paid({ ...plan, order_id: '900-2', next_bill_date: '2028-11-20' }));
  t.deepEqual([await unmailed(), await metric()], [2, 2]);
  const rebill = { reference: 'A2', subscriptionReference: 'a-sub', sequence: 2 };
  t.is((await player.request('studio', rebill)).status, 200);
  t.deepEqual([await unmailed(), await metric()], [1, 1]);
});
