/** Kind 2: facts of one line, order or subscription do not affect another. */
import test from 'ava';
import { charged, completed, type Plan, subscription } from './fastspring-says.ts';
import { fileOf } from './products.ts';
import {
  afterYears,
  live,
  open,
  PADDLE_PLAN,
  paid,
  STUDIO_PLAN,
  subscribe,
  subscribeAtPaddle,
} from './scenes.ts';

test('fault 11: a subscription of a product without a file does not affect a perpetual line of its order', async (t) => {
  const player = await open(t);
  const hosting: Plan = { id: 'h-sub', order: 'A', product: 'hosting-monthly', next: '2026-12-20' };
  await player.request('script', { reference: 'A' });
  await player.events(
    completed('A', [{ product: 'script' }, { product: 'hosting-monthly', subscription: 'h-sub' }]),
    subscription('activated', hosting),
  );
  t.deepEqual(await player.told('A'), ['script: active for good']);
  await player.events(subscription('payment.overdue', hosting, { state: 'overdue' }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  const over = { state: 'deactivated', active: false, nextChargeDate: null };
  await player.events(subscription('deactivated', hosting, over));
  t.deepEqual(await player.told('A'), ['script: active for good']);
});

test('fault 11: of two lines only the subscription’s own line is suspended with it', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A' });
  await player.request('studio', { reference: 'A', subscriptionReference: 'a-sub' });
  await player.events(
    completed('A', [{ product: 'script' }, { product: 'studio-yearly', subscription: 'a-sub' }]),
    subscription('activated', STUDIO_PLAN),
    subscription('payment.overdue', STUDIO_PLAN, { state: 'overdue' }),
  );
  t.deepEqual(await player.told('A'), ['script: active for good', 'studio: suspended to 2027-12-04']);
});

test('fault 13: an add-on bought later by an order of its own is active, and the main product gets no units under it', async (t) => {
  const player = await open(t);
  const two = { ...STUDIO_PLAN, quantity: 2 };
  await subscribe(player, 'studio', two);
  await player.request('pro', { reference: 'B' });
  await player.events(
    completed('B', [{ product: 'pro-yearly', parentSubscription: 'a-sub' }]),
    subscription('updated', two),
  );
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04', 'studio: active to 2027-12-04']);
  t.deepEqual(await player.told('B'), ['pro: active to 2027-12-04']);
  t.is((await live(player, 'A', 'B', 'subscription:a-sub')).length, 3);
});

const PRO_PLAN: Plan = { ...STUDIO_PLAN, product: 'pro-yearly' };

test('fault 63: after a change from Pro to Studio the paid years of Studio renew no code of Pro', async (t) => {
  const player = await open(t);
  const { codes } = await subscribe(player, 'pro', PRO_PLAN);
  await player.events(subscription('updated', STUDIO_PLAN), charged(afterYears(2), { order: 'A2' }));
  await player.events(charged(afterYears(3), { order: 'A3' }));
  const [pro, ...others] = await player.licenses('A');
  t.deepEqual([pro?.product, pro?.state, pro?.lastValid], ['pro', 'ended', '2027-12-04']);
  t.is(pro?.code, codes[0], 'no new revision was signed');
  t.deepEqual(others, []);
  t.deepEqual(await player.told('subscription:a-sub'), ['studio: active to 2029-12-04']);
  const { text } = await player.refresh(pro?.code ?? '');
  t.notRegex(text, /"product":"pro"/);
  t.is(
    (await player.refresh(pro?.code ?? '')).codes[0],
    (await player.licenses('subscription:a-sub'))[0]?.code,
  );
});

test('fault 63: when five units become two, no later payment renews the other three', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', { ...STUDIO_PLAN, quantity: 5 });
  await player.events(charged({ ...afterYears(2), quantity: 2 }, { order: 'A2' }));
  await player.events(charged({ ...afterYears(3), quantity: 2 }, { order: 'A3' }));
  const ended = 'studio: ended to 2027-12-04';
  const active = 'studio: active to 2029-12-04';
  t.deepEqual(await player.told('A'), [active, active, ended, ended, ended]);
});

test('fault 63: when the number rises again, the units take the date of the subscription', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', { ...STUDIO_PLAN, quantity: 5 });
  await player.events(charged({ ...afterYears(2), quantity: 2 }, { order: 'A2' }));
  await player.events(charged({ ...afterYears(3), quantity: 5 }, { order: 'A3' }));
  t.deepEqual(await player.told('A'), Array(5).fill('studio: active to 2029-12-04'));
});

test('fault 63: with "ended: revoke" a license that its subscription no longer covers is not renewed either', async (t) => {
  const strict = fileOf(
    'name: Strict\nterm: P1Y\ngrace: P14D\nended: revoke\nmarketplaces: { fastspring: { product: strict-yearly } }',
  );
  const player = await open(t, { strict });
  const { codes } = await subscribe(player, 'strict', { ...STUDIO_PLAN, product: 'strict-yearly' });
  await player.events(charged(afterYears(2), { order: 'A2' }));
  await player.events(charged(afterYears(3), { order: 'A3' }));
  const [strictly] = await player.licenses('A');
  t.deepEqual([strictly?.product, strictly?.code, strictly?.state], ['strict', codes[0], 'revoked']);
});

test('fault 63: at Paddle too, no payment of the new plan renews the former plan', async (t) => {
  const player = await open(t);
  const { codes } = await subscribeAtPaddle(player, 'pro', { ...PADDLE_PLAN, subscription_plan_id: '5520' });
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert({
    ...plan,
    alert_name: 'subscription_updated',
    status: 'active',
    old_status: 'active',
    old_subscription_plan_id: '5520',
    new_quantity: '1',
    old_quantity: '1',
    next_bill_date: '2027-11-20',
  });
  await player.alert(paid({ ...plan, order_id: '900-2', next_bill_date: '2028-11-20' }));
  const [pro] = await player.licenses('900-1');
  t.deepEqual(
    [pro?.product, pro?.state, pro?.lastValid, pro?.code],
    ['pro', 'ended', '2027-12-04', codes[0]],
  );
  t.deepEqual(await player.told('subscription:700'), ['studio: active to 2028-12-04']);
});

test('fault 64: an imported subscription gets its licenses from the charge that names product and quantity', async (t) => {
  const player = await open(t);
  const imported = { ...afterYears(2), id: 'i-sub', quantity: 2 };
  const unknown = { initialOrderReference: null, initialOrderId: null };
  await player.events(subscription('activated', imported, unknown));
  await player.events(charged(imported, { order: 'I2' }));
  const two = ['studio: active to 2028-12-04', 'studio: active to 2028-12-04'];
  t.deepEqual(await player.told('subscription:i-sub'), two);
  const rebill = { reference: 'I2', subscriptionReference: 'i-sub', sequence: 2, quantity: 2 };
  const { status, codes } = await player.request('studio', rebill);
  t.is(status, 200);
  t.deepEqual(
    [...codes].sort(),
    (await player.licenses('subscription:i-sub')).map(({ code }) => code).sort(),
  );
});

test('fault 64: a charge paid for two units adds the second unit', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(charged({ ...afterYears(2), quantity: 2 }, { order: 'A2' }));
  const units = await live(player, 'A', 'subscription:a-sub');
  t.deepEqual(
    units.map(({ product, lastValid }) => [product, lastValid]),
    [
      ['studio', '2028-12-04'],
      ['studio', '2028-12-04'],
    ],
  );
});

test('fault 65: an event that matches nothing is unmatched in the list and the metrics', async (t) => {
  const player = await open(t);
  const nobody: Plan = { ...STUDIO_PLAN, id: 'nobody', order: 'N' };
  await player.events(subscription('payment.overdue', nobody, { state: 'overdue' }));
  await subscribe(player, 'studio', STUDIO_PLAN);
  const { events } = JSON.parse((await player.cli('events', 'list', '--json')).out);
  const outcomes = events.map(({ type, outcome }: { type: string; outcome: string }) => [type, outcome]);
  t.deepEqual(
    outcomes.filter(([type]: string[]) => type === 'subscription.payment.overdue'),
    [['subscription.payment.overdue', 'unmatched']],
  );
  t.false(
    outcomes.some(([type, outcome]: string[]) => type === 'order.completed' && outcome === 'unmatched'),
  );
  t.regex(await player.get('/metrics'), /^mintmark_events.*outcome="unmatched".* 1$/m);
});

test('fault 65: an event leaves one line in the history of an order', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  const [license] = await player.licenses('A');
  const causes = license?.causes ?? [];
  t.deepEqual(causes, [...new Set(causes)]);
});
