/** Kind 7: a sale keeps the terms of its day; an edited file applies to new sales. */
import test from 'ava';
import { completed, idOf, refunded } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { EDITOR, fileOf, SCRIPT, STUDIO } from './products.ts';
import { buy, open, PADDLE_PLAN, paid, STUDIO_PLAN, subscribe, subscribeAtPaddle } from './scenes.ts';
import { readCode } from './seen.ts';
import type { Fields } from './steps.ts';

const ITEM = { product: 'script' };

/** The file with one line more in its front matter. */
function withLine(file: string, line: string): string {
  return file.replace('\nterm:', `\n${line}\nterm:`);
}

/** An event about the order that decides nothing by itself. */
function nudge(player: Player, reference: string) {
  const data = { order: idOf(reference), reference, product: 'script', type: 'file', reason: 'no file' };
  return player.events({ type: 'fulfillment.failed', data });
}

test('fault 37: a refunded license stays revoked after the file says "refund: keep"', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', ITEM);
  await player.events(refunded('A', ITEM));
  await player.restart({ script: withLine(SCRIPT, 'refund: keep') });
  await nudge(player, 'A');
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});

test('fault 37: a license kept as goodwill stays after the file says "refund: revoke"', async (t) => {
  const player = await open(t, { script: withLine(SCRIPT, 'refund: keep') });
  await buy(player, 'script', 'A', ITEM);
  await player.events(refunded('A', ITEM));
  t.deepEqual(await player.told('A'), ['script: active for good']);
  await player.restart({ script: SCRIPT });
  await nudge(player, 'A');
  t.deepEqual(await player.told('A'), ['script: active for good']);
});

test('fault 37: a refund after the edit follows the terms of the day of the sale', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', ITEM);
  await player.restart({ script: withLine(SCRIPT, 'refund: keep') });
  await buy(player, 'script', 'B', ITEM);
  await player.events(refunded('A', ITEM), refunded('B', ITEM));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
  t.deepEqual(await player.told('B'), ['script: active for good'], 'a changed file holds for new sales');
});

test('fault 37: products check counts the sold licenses that differ from a file, and products apply moves them', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { ...ITEM, quantity: 2 });
  t.notRegex((await player.cli('products', 'check')).out, /refund/);
  await player.restart({ script: withLine(SCRIPT, 'refund: keep') });
  const { out, err } = await player.cli('products', 'check');
  t.regex(`${out}${err}`, /script.*refund/is);
  t.regex(`${out}${err}`, /\b2\b/);
  t.not((await player.cli('products', 'apply', 'script')).status, 0, 'a reason is asked for');
  t.is((await player.cli('products', 'apply', 'script', '--reason', 'kinder terms')).status, 0);
  await player.events(refunded('A', { ...ITEM, quantity: 2 }));
  t.deepEqual(await player.told('A'), ['script: active for good', 'script: active for good']);
  t.true(
    (await player.licenses('A')).every(({ causes }) => causes.some((cause) => /kinder terms/.test(cause))),
  );
});

test('fault 37: the grace of the day of the sale counts for its payments', async (t) => {
  const player = await open(t);
  await subscribeAtPaddle(player, 'studio');
  await player.restart({ studio: STUDIO.replace('grace: P14D', 'grace: P1D') });
  const rebill = { order_id: '900-2', subscription_id: '700', subscription_plan_id: '5510' };
  await player.alert(paid({ ...rebill, next_bill_date: '2028-11-20' }));
  t.deepEqual(await player.told(PADDLE_PLAN.order), ['studio: active to 2028-12-04']);
});

test('fault 38: five licenses sold as codes have one seat each after the file says seats', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { ...ITEM, quantity: 5 });
  await player.restart({ script: withLine(SCRIPT, 'quantity: seats\nseats: 5') });
  await player.events(completed('A', [{ ...ITEM, quantity: 5 }]));
  await nudge(player, 'A');
  t.deepEqual(await player.told('A'), Array(5).fill('script: active for good'));
});

test('fault 39: a feature inserted before those of a sold product is refused at the start', async (t) => {
  const player = await open(t);
  await buy(player, 'editor', 'A', { product: 'editor-home' });
  const moved = EDITOR.replace('features: [export, sync]', 'features: [cloud, export, sync]');
  const error = await t.throwsAsync(player.restart({ editor: moved }));
  t.regex(error?.message ?? '', /features/);
  const grown = EDITOR.replace('features: [export, sync]', 'features: [export, sync, cloud]');
  await player.restart({ editor: grown });
  t.is((await player.licenses('A'))[0]?.features, 1);
});

test('fault 39: the features of a product that was never sold may be put in any order', async (t) => {
  const player = await open(t);
  const moved = EDITOR.replace('features: [export, sync]', 'features: [cloud, export, sync]');
  await player.restart({ editor: moved });
  t.is((await buy(player, 'editor', 'A', { product: 'editor-home' })).status, 200);
});

test('fault 40: a sold product without a file is named, and its events still apply', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', ITEM);
  const before = player.home.lines.length;
  await player.restart({ script: null });
  const logged = player.home.lines.slice(before).map((line) => JSON.stringify(line));
  t.regex(logged.join('\n'), /script/, 'the start names it');
  const { out, err } = await player.cli('products', 'check');
  t.regex(`${out}${err}`, /script/);
  t.is((await player.events(refunded('A', ITEM))).status, 200);
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
});

test('fault 40: a rebill of a sold product without a file is answered with the renewed code, and a new sale is not', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.restart({ studio: null });
  await player.waitUntil('2027-11-20');
  const ask = (fields: Fields) => player.request('studio', { product: 'studio-yearly', ...fields });
  const rebill = { reference: 'A2', subscriptionReference: 'a-sub' };
  const { status, codes } = await ask(rebill);
  t.deepEqual(
    [status, readCode(player.home, 'studio', codes[0] ?? '').license.lastValid],
    [200, '2028-12-04'],
  );
  for (const other of [{ reference: 'B' }, { reference: 'B', subscriptionReference: 'b-sub' }])
    t.is((await ask(other)).status, 404);
});

test('fault 40: an unsold product can be removed without a message', async (t) => {
  const player = await open(t, { brief: fileOf('name: Brief\nterm: perpetual') });
  await player.restart({ brief: null });
  const { out, err } = await player.cli('products', 'check');
  t.notRegex(`${out}${err}`, /brief/);
});
