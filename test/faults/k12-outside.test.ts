/** Kind 12: a restored ledger learns from codes and events outside. */
import test from 'ava';
import { charged, completed } from './fastspring-says.ts';
import { copyLedger, putLedger } from './ledger-files.ts';
import type { Player } from './player.ts';
import { afterYears, buy, live, open, STUDIO_PLAN, subscribe } from './scenes.ts';

/** Replaces today's ledger by yesterday's, as a seller restores it. */
async function restore(player: Player, copy: string): Promise<void> {
  await player.whileStopped(async () => {
    putLedger(player, copy);
    await player.cli('ledger', 'accept-restored', '--reason', 'disk failed');
  });
}

/** A year is paid after the copy, so the customer's code has a revision that the copy does not know. */
async function behindByOne(player: Player): Promise<{ copy: string; held: string; revision: number }> {
  await subscribe(player, 'studio', STUDIO_PLAN);
  const copy = await copyLedger(player);
  await player.events(charged({ ...afterYears(2), next: '2028-11-21' }, { order: 'A2' }));
  const [license] = await player.licenses('A');
  return { copy, held: license?.code ?? '', revision: license?.revision ?? 0 };
}

test('fault 53: a restored ledger learns the revision of a refreshed code, and renews above it', async (t) => {
  const player = await open(t);
  const { copy, held, revision } = await behindByOne(player);
  await restore(player, copy);
  t.deepEqual((await player.refresh(held)).codes, [held], 'nobody is worse off by asking');
  await player.events(charged(afterYears(3), { order: 'A3' }));
  const [license] = await player.licenses('A');
  t.true((license?.revision ?? 0) > revision, `revision ${license?.revision} after ${revision}`);
  const answer = await player.refresh(held);
  t.deepEqual([JSON.parse(answer.text).changed, answer.codes[0]], [true, license?.code]);
});

test('fault 53: codes in an order event raise the revision too', async (t) => {
  const player = await open(t);
  const { copy, held, revision } = await behindByOne(player);
  await restore(player, copy);
  const fulfillments = {
    'studio-yearly_license_0': [{ license: held, type: 'license', display: 'License' }],
  };
  await player.events(
    completed('A', [{ product: 'studio-yearly', subscription: 'a-sub', fulfillments }]),
    charged(afterYears(3), { order: 'A3' }),
  );
  t.true(((await player.licenses('A'))[0]?.revision ?? 0) > revision);
});

test('fault 54: after a reissue a repeated request gets the successor’s code, the same each time', async (t) => {
  const player = await open(t);
  const { codes } = await buy(player, 'script', 'A', { product: 'script' });
  const [old] = await player.licenses('A');
  t.is((await player.cli('license', 'reissue', old?.id ?? '', '--reason', 'leaked')).status, 0);
  const [successor] = await live(player, 'A');
  const repeat = await player.request('script', { reference: 'A' });
  t.is(repeat.status, 200);
  t.deepEqual(repeat.codes, [successor?.code]);
  t.notDeepEqual(repeat.codes, codes);
  t.is((await player.request('script', { reference: 'A' })).text, repeat.text);
});

test('fault 54: reinstating a reissued license is refused with the id of its successor', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const [old] = await player.licenses('A');
  await player.cli('license', 'reissue', old?.id ?? '', '--reason', 'leaked');
  const [successor] = await live(player, 'A');
  const { status, out, err } = await player.cli('license', 'reinstate', old?.id ?? '', '--reason', 'asked');
  t.is(status, 1);
  t.true(`${out}${err}`.includes(successor?.id ?? 'none'));
  t.is((await live(player, 'A')).length, 1);
});
