import test from 'ava';
import { completed, refunded, subscription } from './fastspring-says.ts';
import { play } from './play.ts';
import { Player } from './player.ts';
import { PRODUCTS } from './products.ts';
import type { Step } from './steps.ts';
import { spellOut } from './words.ts';

test('the words of a sequence stand for times, kept codes and long texts', (t) => {
  const words = { now: Date.UTC(2026, 10, 20, 12), kept: new Map([['mine', 'ABC']]) };
  const spelt = spellOut(['@now-1d', '@day+2d', '@time+1m', '$mine', '%repeat(a,3)b', '@now-ish', 7], words);
  const moment = Date.UTC(2026, 10, 19, 12);
  t.deepEqual(spelt, [moment, '2026-11-22', '2026-11-20 12:01:00', 'ABC', 'aaab', '@now-ish', 7]);
  t.throws(() => spellOut('$other', words), { message: /no code was kept as \$other/ });
});

const SOLD: readonly Step[] = [
  { request: 'script', fields: { reference: 'A' }, keep: 'a' },
  { events: [completed('A', [{ product: 'script' }])] },
  { find: 'A' },
  { refresh: '$a' },
  { events: [refunded('A', { product: 'script' })] },
  { find: 'A' },
  { refresh: '$a' },
  { cli: ['ledger', 'find', 'A', '--json'] },
];

test('a sequence is played against the service: a sale, its refund, and the answer to each step', async (t) => {
  const player = await Player.open(t, { products: PRODUCTS });
  const played = await play(player, SOLD);
  t.deepEqual(
    played.map(({ status }) => status),
    [200, 200, 0, 200, 200, 0, 410, 0],
  );
  t.is(played[2]?.text, 'script: active for good');
  t.is(played[5]?.text, 'script: revoked for good');
  t.is(JSON.parse(played[7]?.text ?? '').licenses.length, 1);
});

test('the clock goes on over a restart, and the code that a customer holds expires with it', async (t) => {
  const player = await Player.open(t, { products: PRODUCTS });
  const plan = { id: 'a-sub', order: 'A', product: 'studio-yearly', next: '2027-11-20' };
  await player.request('studio', { reference: 'A', subscriptionReference: 'a-sub' });
  await player.events(
    completed('A', [{ product: 'studio-yearly', subscription: 'a-sub' }]),
    subscription('activated', plan),
  );
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
  t.is((await player.licenses('A'))[0]?.verdict, 'valid');
  await player.waitUntil('2027-12-05');
  t.is((await player.licenses('A'))[0]?.verdict, 'expired');
});

test("Paddle's calls are signed as live, and an alert follows the order of its fulfillment", async (t) => {
  const player = await Player.open(t, { products: PRODUCTS });
  const { status, codes } = await player.paddle('script', { p_order_id: '501' });
  t.deepEqual([status, codes.length], [200, 1]);
  const alert = {
    alert_name: 'payment_refunded',
    order_id: '501',
    refund_type: 'full',
    gross_refund: '39.00',
  };
  t.is((await player.alert(alert)).status, 200);
  t.deepEqual(await player.told('501'), ['script: revoked for good']);
});
