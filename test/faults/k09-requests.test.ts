/** Kind 9: FastSpring's hash joins values without separators, so the request's shape is checked too. */
import test from 'ava';
import { signRequest } from '../../src/marketplaces/fastspring/simulator.ts';
import { LICENSE_KEYS } from '../kit/fastspring-secrets.ts';
import { completed, idOf } from './fastspring-says.ts';
import { type Answer, Player } from './player.ts';
import { fileOf, PRODUCTS } from './products.ts';
import { open } from './scenes.ts';
import type { Fields } from './steps.ts';

const DAY = 86_400_000;

test('fault 45: an unknown parameter is refused by name, with the remedy', async (t) => {
  const player = await open(t);
  const answer = await player.request('script', { reference: 'A', coupon_of_friends: 'YES' });
  t.deepEqual([answer.status, answer.problem], [400, 'malformed_request']);
  t.regex(answer.text, /coupon_of_friends/);
  t.regex(answer.text, /parameters/);
});

test('fault 45: a parameter in the product file is accepted', async (t) => {
  const listing = fileOf(
    'name: Listing\nterm: perpetual\nparameters: [coupon_of_friends]\nmarketplaces: { fastspring: {} }',
  );
  const player = await open(t, { listing });
  t.is((await player.request('listing', { reference: 'A', coupon_of_friends: 'YES' })).status, 200);
});

test("fault 45: all of FastSpring's own parameters are accepted", async (t) => {
  const player = await open(t);
  const fields: Fields = {
    reference: 'A',
    company: 'Example Ltd',
    internalProductName: 'Script',
    referrer: '',
    tags: '{}',
    sku: 'S-1',
    attributes: '',
    periods: '',
  };
  t.is((await player.request('script', fields)).status, 200);
});

test('fault 45: mintmark_quantity is accepted only where the file lists it', async (t) => {
  const player = await open(t);
  t.is((await player.request('script', { reference: 'A', mintmark_quantity: '9' })).status, 400);
});

test('fault 45: a repeated parameter is refused', async (t) => {
  const player = await open(t);
  const form = signRequest({ reference: 'ACM261120-1111-22222', quantity: '1' }, LICENSE_KEYS[0]);
  const twice = await player.post('/fulfillment/fastspring/script', `${form}&quantity=1`);
  t.is(twice.status, 400);
});

test('fault 45: an empty parameter test is refused', async (t) => {
  const player = await open(t);
  t.is((await player.request('script', { reference: 'A', test: '' })).status, 400);
});

test('fault 45: a product parameter is compared with the address', async (t) => {
  const player = await open(t);
  const answer = await player.request('script', { reference: 'A', product: 'studio-yearly' });
  t.deepEqual([answer.status, answer.problem], [400, 'wrong_product']);
  t.deepEqual(await player.told('A'), []);
});

/** A request whose reference has not FastSpring's shape. */
function odd(player: Player, reference: string, more: Fields = {}): Promise<Answer> {
  return player.request('script', { reference: `${reference}-id`, ...more });
}

test('fault 45: odd references are flagged and answered for five orders a day, one unit each', async (t) => {
  const player = await open(t);
  const statuses = [];
  for (const number of [1, 2, 3, 4, 5, 6]) statuses.push((await odd(player, `x${number}`)).status);
  t.deepEqual(statuses, [200, 200, 200, 200, 200, 409]);
  t.is((await player.flags()).filter(({ kind }) => kind === 'odd-reference').length >= 1, true);
  t.is((await odd(player, 'x1')).status, 200, 'a repeat is answered');
  t.is((await player.request('script', { reference: 'A' })).status, 200, 'a usual reference is answered');
});

test('fault 45: an odd reference is answered for one unit only', async (t) => {
  const player = await open(t);
  t.is((await odd(player, 'x1', { quantity: 2 })).status, 409);
  t.is((await odd(player, 'x2')).status, 200);
});

test('fault 45: after the flags of odd references are settled, more are answered', async (t) => {
  const player = await open(t);
  for (const number of [1, 2, 3, 4, 5, 6]) await odd(player, `x${number}`);
  for (const { id, kind } of await player.flags())
    if (kind === 'odd-reference')
      t.is((await player.cli('flags', 'settle', String(id), '--reason', 'a new format')).status, 0);
  t.is((await odd(player, 'x6')).status, 200);
});

test('fault 45: FASTSPRING_REFERENCE_PATTERN sets the usual shape', async (t) => {
  const env = { FASTSPRING_REFERENCE_PATTERN: '^x\\d+-id$' };
  const player = await Player.open(t, { products: PRODUCTS, env });
  for (const number of [1, 2, 3, 4, 5, 6]) t.is((await odd(player, `x${number}`)).status, 200);
  t.false((await player.flags()).some(({ kind }) => kind === 'odd-reference'));
});

test('fault 45: an order that a signed event names does not count as odd', async (t) => {
  const player = await open(t);
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const failed = { order: idOf(`y${number}`), reference: `x${number}-id`, product: 'script' };
    const data = { ...failed, type: 'license', reason: 'the service was away' };
    await player.events({ type: 'fulfillment.failed', data });
    t.is((await odd(player, `x${number}`)).status, 200);
  }
});

test('fault 45: a license without its order event after 24 hours is flagged', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A' });
  await player.request('script', { reference: 'B' });
  await player.events(completed('B', [{ product: 'script' }]));
  await player.waitUntil(player.home.clock.now + DAY - 60_000);
  t.deepEqual(await player.flagged('A'), []);
  await player.waitUntil(player.home.clock.now + 3_600_000);
  t.deepEqual(await player.flagged('A'), ['unconfirmed-order']);
  t.deepEqual(await player.flagged('B'), []);
});

test('fault 45: without webhooks no order event is missed', async (t) => {
  const env = { FASTSPRING_WEBHOOK_SECRETS: undefined };
  const player = await Player.open(t, { products: PRODUCTS, env });
  await player.request('script', { reference: 'A' });
  await player.waitUntil(player.home.clock.now + 2 * DAY);
  t.deepEqual(await player.flagged('A'), []);
});
