/** Kind 2: money belongs to a charge, and facts of one charge do not affect another. */
import test from 'ava';
import { readKeyring } from '../../src/keyring/keyring.ts';
import * as mintmark from '../../src/license-code/mintmark-verify.ts';
import { charged, chargedBack, type Plan, refunded, returned, subscription } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { afterYears, buy, live, open, paid, STUDIO_PLAN, subscribe, subscribeAtPaddle } from './scenes.ts';

const YEAR = { product: 'studio-yearly', subscription: 'a-sub' };

/** Period 2 is paid by the order A2: valid to 2028-12-04. */
async function twoYears(player: Player): Promise<void> {
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(charged(afterYears(2), { order: 'A2' }));
}

test('fault 12: the refund of a rebill takes its own period and no other', async (t) => {
  const player = await open(t);
  await twoYears(player);
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
  await player.events(refunded('A2', YEAR));
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
});

test('fault 12: the refund of a rebill right after a payment that came nearly a term late takes the rebill’s period', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2028-11-19');
  await player.events(charged(afterYears(2), { order: 'A2' }));
  await player.waitUntil('2028-11-21');
  await player.events(charged(afterYears(3), { order: 'A3' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-12-04']);
  await player.events(refunded('A3', YEAR));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

test('fault 12: after the refund of one rebill the next payment counts', async (t) => {
  const player = await open(t);
  await twoYears(player);
  await player.events(refunded('A2', YEAR));
  await player.events(charged(afterYears(3), { order: 'A3' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-12-04']);
});

test('fault 12: the refund of the first period leaves the second one paid', async (t) => {
  const player = await open(t);
  await twoYears(player);
  await player.events(refunded('A', YEAR));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

test('fault 12: without a paid period the license is revoked until a later charge', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(refunded('A', YEAR));
  t.is((await player.licenses('A'))[0]?.state, 'revoked');
  await player.events(charged(afterYears(2), { order: 'A2' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

const PADDLE_REFUND = {
  alert_name: 'subscription_payment_refunded',
  refund_type: 'full',
  amount: '39.00',
  gross_refund: '39.00',
  currency: 'USD',
  quantity: '1',
  status: 'active',
} as const;

test('fault 12: at Paddle too, the refund of a rebill takes its own period', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  const rebill = { order_id: '900-2', subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert(paid({ ...rebill, next_bill_date: '2028-11-20' }));
  t.deepEqual(await player.told('900-1'), ['studio: active to 2028-12-04']);
  await player.alert({ ...rebill, ...PADDLE_REFUND, initial_payment: '0' });
  t.deepEqual(await player.told('900-1'), ['studio: active to 2027-12-04']);
});

test('fault 12: at Paddle a later payment to the same next bill date pays the refunded period again, of any sum', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  const plan = { subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert({ ...plan, ...PADDLE_REFUND, order_id: '900-1', initial_payment: '1' });
  t.deepEqual(await player.told('900-1'), ['studio: revoked to 2027-12-04']);
  await player.waitUntil('2026-11-28');
  // No field tells a one-off charge from a payment of the period.
  await player.alert(paid({ ...plan, order_id: '900-3', sale_gross: '5.00' }));
  t.deepEqual(await player.told('900-1'), ['studio: active to 2027-12-04']);
});

test('fault 12: the return of a proration undoes what it bought', async (t) => {
  const player = await open(t);
  const three: Plan = { ...STUDIO_PLAN, quantity: 3 };
  await subscribe(player, 'studio', STUDIO_PLAN);
  const items = [{ ...YEAR, quantity: 3, subtotal: 40, proratedItemProratedCharge: 40 }];
  await player.events(
    subscription('updated', three),
    charged({ ...three, sequence: 1 }, { order: 'P', items }),
  );
  t.is((await live(player, 'A', 'subscription:a-sub')).length, 3);
  await player.events(refunded('P', { ...YEAR, quantity: 3, subtotal: 40 }));
  const left = await live(player, 'A', 'subscription:a-sub');
  t.deepEqual(
    left.map(({ order, lastValid }) => [order === 'subscription:a-sub', lastValid]),
    [[false, '2027-12-04']],
  );
});

test('fault 12: a chargeback of a rebill suspends, and a later paid charge lifts it', async (t) => {
  const player = await open(t);
  await twoYears(player);
  await player.events(chargedBack('A2'));
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
  await player.events(charged(afterYears(3), { order: 'A3' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2029-12-04']);
});

test('fault 12: a lost chargeback is the full return of its charge', async (t) => {
  const player = await open(t);
  await twoYears(player);
  await player.events(chargedBack('A2'), chargedBack('A2', { status: 'LOST' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
});

test('fault 12: a new chargeback of a one-time sale revokes, and a won dispute reinstates', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  await player.events(chargedBack('A'));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
  await player.events(chargedBack('A', { status: 'WON' }));
  t.deepEqual(await player.told('A'), ['script: active for good']);
});

test('fault 5: a case that is told again after it was won changes nothing and is flagged', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const tell = async (...statuses: readonly string[]) => {
    await player.events(...statuses.map((status) => chargedBack('A', { status })));
    return [...(await player.told('A')), ...(await player.flagged('A'))];
  };
  t.deepEqual(await tell('NEW', 'WON'), ['script: active for good']);
  t.deepEqual(await tell('NEW'), ['script: active for good', 'unclear']);
  t.deepEqual(await tell('LOST'), ['script: revoked for good']);
});

test('fault 12: the full return of a one-time sale revokes', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  await player.events(refunded('A', { product: 'script' }));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});

/** Whether the product's published list revokes a license now. */
async function isListed(player: Player, product: string, license: string): Promise<boolean> {
  const keyring = readKeyring(player.home.config.keysDir);
  return mintmark.loadRevocations(await player.list(product), keyring, product).revoked(license);
}

test('fault 12: a license whose last day was moved back is listed from the third day after it, also while active', async (t) => {
  const player = await open(t);
  await twoYears(player);
  await player.events(refunded('A2', YEAR));
  const [license] = await player.licenses('A');
  t.is(license?.state, 'active');
  t.false(await isListed(player, 'studio', license?.id ?? ''));
  await player.waitUntil('2027-12-06');
  t.false(await isListed(player, 'studio', license?.id ?? ''), 'on the second day');
  await player.waitUntil('2027-12-07');
  t.true(await isListed(player, 'studio', license?.id ?? ''), 'on the third day');
});

test('fault 14: with "ended: fallback" and the fourth year refunded, the license falls back to the end of the third', async (t) => {
  const player = await open(t);
  const plan = { ...STUDIO_PLAN, product: 'keeper-yearly' };
  await subscribe(player, 'keeper', plan);
  for (const year of [2, 3, 4]) await player.events(charged(afterYears(year, plan), { order: `A${year}` }));
  await player.events(refunded('A4', { product: 'keeper-yearly', subscription: 'a-sub' }));
  t.deepEqual(await player.told('A'), ['keeper: active to 2029-12-04']);
  const over = { state: 'deactivated', active: false, nextChargeDate: null };
  await player.events(subscription('deactivated', afterYears(4, plan), over));
  const [license] = await player.licenses('A');
  t.deepEqual([license?.state, license?.lastValid], ['ended', null]);
  const until = license?.updatesUntil ?? '';
  t.true(until >= '2029-11-19' && until <= '2029-12-04', `updates until ${until}`);
});

test('fault 12: a partial refund of a rebill takes no period', async (t) => {
  const player = await open(t);
  await twoYears(player);
  const items = [{ ...YEAR, quantity: 0, refundType: 'Partial Refund', subtotal: 5 }];
  await player.events(returned({ order: 'A2', total: 20, amount: 5, items }));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});
