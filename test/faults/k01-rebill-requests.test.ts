/** Kind 1: a rebill request is no payment, but its mail must state next year's date. */
import test from 'ava';
import { charged, chargedBack, type Plan, subscription } from './fastspring-says.ts';
import type { Answer, Player } from './player.ts';
import { afterYears, open, STUDIO_PLAN, subscribe } from './scenes.ts';
import { readCode } from './seen.ts';

function rebill(player: Player, reference = 'A2'): Promise<Answer> {
  return player.request('studio', { reference, subscriptionReference: 'a-sub', sequence: 2 });
}

/** The last valid day in the first code of an answer. */
function lastDay(player: Player, { codes }: Answer): string | null {
  return readCode(player.home, 'studio', codes[0] ?? '').license.lastValid;
}

test('fault 77: a rebill request three days before the charge gets a code for the next year', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-17');
  const answer = await rebill(player);
  t.is(answer.status, 200);
  t.is(lastDay(player, answer), '2028-12-04');
});

test('fault 77: a rebill request after the charge date counts from today', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-25');
  t.is(lastDay(player, await rebill(player)), '2028-12-09');
});

test('fault 77: a request more than three days early moves no date', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-16');
  const answer = await rebill(player);
  t.is(answer.status, 200);
  t.is(lastDay(player, answer), '2027-12-04');
  t.deepEqual(await player.told('A'), ['studio: active to 2027-12-04']);
});

test('fault 77: a period is assumed once, however often it is requested', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-18');
  await rebill(player);
  await player.waitUntil('2027-11-19');
  t.is(lastDay(player, await rebill(player, 'A3')), '2028-12-04');
  t.deepEqual(await player.told('A'), ['studio: active to 2028-12-04']);
});

test('fault 77: the event of the charge replaces the assumption', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-20');
  await rebill(player);
  const plan: Plan = { ...afterYears(2), next: '2028-10-20' };
  await player.events(charged(plan, { order: 'A2' }));
  t.deepEqual(await player.told('A'), ['studio: active to 2028-11-03']);
  await player.waitUntil('2027-11-22');
  t.false((await player.flagged('A')).includes('assumed-unconfirmed'));
});

test('fault 77: an assumption without its event is flagged after 24 hours', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-20');
  await rebill(player);
  const kinds = async () => (await player.flags()).map(({ kind }) => kind);
  t.false((await kinds()).includes('assumed-unconfirmed'));
  await player.waitUntil(player.home.clock.now + 25 * 3_600_000);
  t.true((await kinds()).includes('assumed-unconfirmed'));
});

test('fault 77: a rebill request lifts overdue', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-21');
  await player.events(subscription('payment.overdue', STUDIO_PLAN, { state: 'overdue' }));
  t.is((await player.licenses('A'))[0]?.state, 'suspended');
  t.is((await rebill(player)).status, 200);
  t.is((await player.licenses('A'))[0]?.state, 'active');
});

test('fault 77: the rebill request at the end of a pause that was scheduled gets the renewed code', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('paused', STUDIO_PLAN, { isPauseScheduled: true }));
  await player.waitUntil('2028-01-20');
  t.deepEqual(await player.told('A'), ['studio: suspended to 2027-11-20']);
  const answer = await rebill(player);
  t.is(answer.status, 200);
  t.is(lastDay(player, answer), '2029-02-03');
});

test('fault 77: a rebill request of a license in dispute, or suspended by the seller, is answered 409', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.waitUntil('2027-11-20');
  const [license] = await player.licenses('A');
  await player.cli('license', 'suspend', license?.id ?? '', '--reason', 'asked');
  t.is((await rebill(player)).status, 409);
  await player.cli('license', 'reinstate', license?.id ?? '', '--reason', 'asked');
  t.is((await rebill(player)).status, 200);
  await player.events(chargedBack('A'));
  t.is((await rebill(player, 'A3')).status, 409);
});
