/** Kind 8: facts of one mode do not affect the other. */
import test from 'ava';
import { simulatorSecret } from '../../src/keyring/simulator-key.ts';
import { signRequest, signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { completed, refunded } from './fastspring-says.ts';
import { Player } from './player.ts';
import { PRODUCTS } from './products.ts';
import { buy, open } from './scenes.ts';
import type { ToldEvent } from './steps.ts';

const SCRIPT = { product: 'script' };

/** The same event as FastSpring sends it for a test order. */
function inTest({ data, ...event }: ToldEvent): ToldEvent {
  return { ...event, live: false, data: { ...data, live: false } };
}

test('fault 43: a test event of the same id hides no live event', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  await player.events({ ...inTest(refunded('T', SCRIPT)), id: 'same' });
  await player.events({ ...refunded('A', SCRIPT), id: 'same' });
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});

test('fault 44: a test event voids no license of a request that said it is live', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A', test: '0' });
  await player.events(inTest(completed('A', [SCRIPT])));
  const live = (await player.licenses('A')).filter(({ mode }) => mode === 'live');
  t.deepEqual(
    live.map(({ state }) => state),
    ['active'],
  );
});

test('fault 44: a test event voids the license of a request without a mode, with a flag', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A' });
  await player.events(inTest(completed('A', [SCRIPT])));
  const live = (await player.licenses('A')).filter(({ mode }) => mode === 'live');
  t.deepEqual(
    live.map(({ state }) => state),
    ['revoked'],
  );
  t.true((await player.flagged('A')).includes('mode'));
});

test('fault 44: a test event voids nothing of an order that a live event names', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  await player.events(inTest(completed('A', [SCRIPT])));
  t.true((await player.told('A')).includes('script: active for good'));
});

test('fault 44: replaying an event of the simulator touches no live license', async (t) => {
  const env = { SIMULATOR: 'on' };
  const player = await Player.open(t, { products: PRODUCTS, env });
  await player.request('script', { reference: 'ACM261120-1111-22222' });
  const { data } = inTest(completed('ACM261120-1111-22222', [SCRIPT]));
  const event = { id: 'sim-1', processed: false, created: player.home.clock.now, type: 'order.completed' };
  const body = JSON.stringify({ events: [{ ...event, live: false, data }] });
  const signature = signWebhook(body, simulatorSecret(player.home.config.keysDir));
  const answer = await player.post('/webhooks/fastspring', body, 'application/json', {
    'X-FS-Signature': signature,
  });
  t.is(answer.status, 200);
  t.is((await player.cli('events', 'replay', 'sim-1')).status, 0);
  const live = (await player.licenses('ACM261120-1111-22222')).filter(({ mode }) => mode === 'live');
  t.deepEqual(
    live.map(({ state }) => state),
    ['active'],
  );
});

test('fault 43: the simulator signs no live code', async (t) => {
  const env = { SIMULATOR: 'on' };
  const player = await Player.open(t, { products: PRODUCTS, env });
  const fields = { reference: 'SIM1', quantity: '1', product: 'script', test: '0' };
  const form = signRequest(fields, simulatorSecret(player.home.config.keysDir));
  t.is((await player.post('/fulfillment/fastspring/script', form)).status, 200);
  t.deepEqual(await player.told('SIM1'), ['script: active for good, test']);
});
