/** Kind 3: a license belongs to its line. */
import test from 'ava';
import { charged, completed, type Plan, returned, subscription } from './fastspring-says.ts';
import { fileOf } from './products.ts';
import { live, open, STUDIO_PLAN, subscribe } from './scenes.ts';

const EDITOR = 'editor: active for good, updates to 2027-11-20';

test('fault 15: two variations of one product in one order get their own codes', async (t) => {
  const player = await open(t);
  const home = await player.request('editor', { reference: 'A', product: 'editor-home' });
  const office = await player.request('editor', { reference: 'A', product: 'editor-office' });
  t.deepEqual([home.status, office.status], [200, 200]);
  t.not(home.codes[0], office.codes[0]);
  await player.events(completed('A', [{ product: 'editor-home' }, { product: 'editor-office' }]));
  t.deepEqual(await player.told('A'), [EDITOR, EDITOR]);
});

test('fault 15: two variations may have different quantities, and a repeat of each gets its own codes again', async (t) => {
  const player = await open(t);
  const home = { reference: 'A', product: 'editor-home', quantity: 1 };
  const office = { reference: 'A', product: 'editor-office', quantity: 2 };
  const first = [await player.request('editor', home), await player.request('editor', office)];
  t.deepEqual(
    first.map(({ status, codes }) => [status, codes.length]),
    [
      [200, 1],
      [200, 2],
    ],
  );
  t.is((await player.request('editor', home)).text, first[0]!.text);
  t.is((await player.request('editor', office)).text, first[1]!.text);
  t.is((await player.licenses('A')).length, 3);
});

test('fault 15: a return of one variation leaves the other', async (t) => {
  const player = await open(t);
  const home = await player.request('editor', { reference: 'A', product: 'editor-home' });
  await player.request('editor', { reference: 'A', product: 'editor-office' });
  await player.events(completed('A', [{ product: 'editor-home' }, { product: 'editor-office' }]));
  const items = [{ product: 'editor-office', quantity: 1, subtotal: 20, refundType: 'Full Refund' }];
  await player.events(returned({ order: 'A', total: 40, amount: 20, items }));
  const left = await live(player, 'A');
  t.deepEqual(
    left.map(({ code }) => code),
    home.codes,
  );
});

test('fault 15: if a file lists several paths, a request without a path is refused with the parameter to add', async (t) => {
  const player = await open(t);
  const answer = await player.request('editor', { reference: 'A', product: undefined });
  t.deepEqual([answer.status, answer.problem], [400, 'malformed_request']);
  t.regex(answer.text, /product/);
  t.is((await player.request('script', { reference: 'B', product: undefined })).status, 200, 'one path');
});

test('fault 15: an order with one known line of the product is answered without a path', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'editor-home' }]));
  const { status, codes } = await player.request('editor', { reference: 'A', product: undefined });
  t.is(status, 200);
  t.deepEqual(
    (await player.licenses('A')).map(({ code }) => code),
    codes,
  );
});

test('fault 15: the same path twice in one order is one line, and a request for fewer units is flagged', async (t) => {
  const player = await open(t);
  await player.events(completed('A', [{ product: 'editor-home' }, { product: 'editor-home', quantity: 2 }]));
  t.deepEqual(await player.told('A'), [EDITOR, EDITOR, EDITOR]);
  await player.request('editor', { reference: 'A', product: 'editor-home', quantity: 1 });
  t.deepEqual(await player.told('A'), [EDITOR, EDITOR, EDITOR]);
  t.deepEqual(await player.flagged('A'), ['differs']);
});

const PLANS = fileOf(
  'name: Plans\nterm: P1M\ngrace: P3D\nmarketplaces: { fastspring: { product: [plans-monthly, plans-yearly] } }',
);

test('fault 16: a monthly and a yearly plan in one order each follow their own subscription', async (t) => {
  const player = await open(t, { plans: PLANS });
  const month: Plan = { id: 'm-sub', order: 'A', product: 'plans-monthly', next: '2026-12-20' };
  const year: Plan = { id: 'y-sub', order: 'A', product: 'plans-yearly', next: '2027-11-20' };
  for (const { id, product } of [month, year])
    await player.request('plans', { reference: 'A', product, subscriptionReference: id });
  const items = [month, year].map(({ id, product }) => ({ product, subscription: id }));
  await player.events(
    completed('A', items),
    subscription('activated', month),
    subscription('activated', year),
  );
  t.deepEqual(await player.told('A'), ['plans: active to 2026-12-23', 'plans: active to 2027-11-23']);
  await player.events(subscription('payment.overdue', month, { state: 'overdue' }));
  t.deepEqual(await player.told('A'), ['plans: active to 2027-11-23', 'plans: suspended to 2026-12-23']);
});

const TIERS = fileOf(`name: Tiers
term: P1Y
grace: P14D
features: [basic, pro]
grants: [basic]
parameters: [mintmark_features, mintmark_quantity]
marketplaces: { fastspring: { product: tiers-yearly } }`);

test('fault 20: features and quantity in the request are in the first code', async (t) => {
  const player = await open(t, { tiers: TIERS });
  const named = { reference: 'A', mintmark_features: 'basic,pro', mintmark_quantity: '2' };
  const { status, codes } = await player.request('tiers', named);
  t.deepEqual([status, codes.length], [200, 2]);
  t.deepEqual(
    (await player.licenses('A')).map(({ features, revision }) => [features, revision]),
    [
      [3, 0],
      [3, 0],
    ],
  );
});

test('fault 20: answered codes that differ from the sale are flagged', async (t) => {
  const player = await open(t, { tiers: TIERS });
  await player.request('tiers', { reference: 'A' });
  await player.request('tiers', { reference: 'B' });
  const attributes = { mintmark_features: 'basic,pro' };
  await player.events(
    completed('A', [{ product: 'tiers-yearly', attributes }]),
    completed('B', [{ product: 'tiers-yearly' }]),
  );
  t.deepEqual(await player.flagged('A'), ['differs']);
  t.deepEqual(await player.flagged('B'), []);
});

test('fault 20: attributes in subscription.updated count', async (t) => {
  const player = await open(t, { tiers: TIERS });
  const plan: Plan = { ...STUDIO_PLAN, product: 'tiers-yearly' };
  await subscribe(player, 'tiers', plan);
  t.is((await player.licenses('A'))[0]?.features, 1);
  await player.events(subscription('updated', plan, { attributes: { mintmark_features: 'basic,pro' } }));
  t.is((await player.licenses('A'))[0]?.features, 3);
});

test('fault 21: a rebill request for more units than known is answered 409 until an event reports the units', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-20');
  const rebill = { reference: 'A2', subscriptionReference: 'a-sub', sequence: 2, quantity: 3 };
  t.is((await player.request('studio', rebill)).status, 409);
  t.true((await player.flags()).some(({ kind }) => kind === 'too-many-units'));
  await player.events(
    charged({ ...STUDIO_PLAN, next: '2028-11-20', sequence: 2, quantity: 3 }, { order: 'A2' }),
  );
  const { status, codes } = await player.request('studio', rebill);
  t.deepEqual([status, new Set(codes).size], [200, 3]);
});

test('fault 21: a request for the units that a proration added gets their codes, and a rebill’s the first units', async (t) => {
  const player = await open(t);
  const [first = ''] = (await subscribe(player, 'studio', STUDIO_PLAN)).codes;
  const two: Plan = { ...STUDIO_PLAN, quantity: 2 };
  const item = { product: 'studio-yearly', subscription: 'a-sub', proratedItemProratedCharge: 10 };
  await player.events(
    subscription('updated', two),
    charged({ ...two, sequence: 1 }, { order: 'P', items: [item] }),
  );
  const ask = (reference: string) =>
    player.request('studio', { reference, subscriptionReference: 'a-sub', quantity: 1 });
  const [added = ''] = (await ask('P')).codes;
  t.not(added, first);
  t.deepEqual((await ask('P')).codes, [added], 'again');
  await player.waitUntil('2027-01-20');
  t.deepEqual(await player.flags(), [], 'all units were handed out');
  t.deepEqual((await ask('R')).codes, [first]);
});

test('fault 15, 16: one path with two subscriptions in one order is two lines, each with its own request', async (t) => {
  const player = await open(t);
  const item = (id: string, quantity: number) => ({ product: 'studio-yearly', subscription: id, quantity });
  const ask = (id: string, quantity: number) =>
    player.request('studio', { reference: 'A', subscriptionReference: id, quantity });
  const first = [await ask('b-sub', 2), await ask('a-sub', 1)];
  await player.events(completed('A', [item('a-sub', 1), item('b-sub', 2)]));
  await player.events(subscription('deactivated', STUDIO_PLAN, { state: 'deactivated', end: '2026-11-21' }));
  t.deepEqual(
    first.map(({ status, codes }) => [status, codes.length]),
    [
      [200, 2],
      [200, 1],
    ],
  );
  t.is(new Set(first.flatMap(({ codes }) => codes)).size, 3);
  t.deepEqual([(await ask('b-sub', 2)).text, (await ask('a-sub', 1)).text], [first[0]?.text, first[1]?.text]);
  t.is((await live(player, 'A', 'subscription:a-sub', 'subscription:b-sub')).length, 2, 'b-sub goes on');
});

for (const first of ['request', 'event'] as const) {
  test(`fault 17: an add-on has the same license if its ${first} comes first`, async (t) => {
    const player = await open(t);
    await subscribe(player, 'studio', STUDIO_PLAN);
    const told = () => player.events(completed('B', [{ product: 'pro-yearly', subscription: 'a-sub' }]));
    if (first === 'event') await told();
    const { status } = await player.request('pro', { reference: 'B', subscriptionReference: 'a-sub' });
    if (first === 'request') await told();
    t.is(status, 200);
    t.deepEqual(await player.told('subscription:a-sub'), ['pro: active to 2027-12-04']);
    t.deepEqual((await live(player, 'A', 'B', 'subscription:a-sub')).length, 2);
  });
}
