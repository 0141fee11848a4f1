/** The seller's day: finding, reading and fixing cases from the command line. */
import test from 'ava';
import { completed, returned } from './fastspring-says.ts';
import type { Player } from './player.ts';
import { buy, live, open, STUDIO_PLAN, subscribe } from './scenes.ts';

/** An order whose partial return is flagged by an event with this id. */
async function flagged(player: Player): Promise<void> {
  await player.request('script', { reference: 'ACM261120-1111-22222' });
  await player.events(completed('ACM261120-1111-22222', [{ product: 'script' }]));
  const items = [{ product: 'script', quantity: 0, refundType: 'Partial Refund', subtotal: 5 }];
  const event = returned({ order: 'ACM261120-1111-22222', total: 20, amount: 5, items });
  await player.events({ ...event, id: 'odd-return' });
}

for (const words of [
  ['events', 'list', '--flagged'],
  ['events', 'show', 'odd-return'],
  ['flags', 'list'],
]) {
  test(`fault 57: "${words.join(' ')}" shows reason, order and product of a flag`, async (t) => {
    const player = await open(t);
    await flagged(player);
    const { status, out } = await player.cli(...words);
    t.is(status, 0);
    t.regex(out, /ACM261120-1111-22222/);
    t.regex(out, /partial/i);
    t.regex(out, /\bscript\b/);
  });
}

test('fault 57: a flagged event is settled with a reason and no longer listed', async (t) => {
  const player = await open(t);
  await flagged(player);
  t.not((await player.cli('events', 'settle', 'odd-return')).status, 0, 'a reason is asked for');
  t.is((await player.cli('events', 'settle', 'odd-return', '--reason', 'goodwill')).status, 0);
  t.notRegex((await player.cli('events', 'list', '--flagged')).out, /odd-return/);
  t.deepEqual(await player.flags(), []);
});

test('fault 57: a flag is settled by its number, with a reason', async (t) => {
  const player = await open(t);
  await flagged(player);
  const [flag] = await player.flags();
  t.not((await player.cli('flags', 'settle', String(flag?.id))).status, 0, 'a reason is asked for');
  t.is((await player.cli('flags', 'settle', String(flag?.id), '--reason', 'goodwill')).status, 0);
  t.deepEqual(await player.flags(), []);
});

const filters: readonly (readonly [filter: readonly string[], orders: readonly string[]])[] = [
  [[], ['101', 'A', 'B']],
  [
    ['--product', 'script'],
    ['101', 'B'],
  ],
  [['--product', 'studio'], ['A']],
  [['--marketplace', 'paddle-classic'], ['101']],
  [['--state', 'revoked'], ['B']],
  [['--since', '2026-11-21'], ['B']],
  [['--expiring', '2027-12-05'], ['A']],
  [['--expiring', '2027-12-04'], []],
];

test('fault 58: orders list shows the sales, and each filter selects its own', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.paddle('script', { p_order_id: '101' });
  await player.waitUntil('2026-11-22');
  await buy(player, 'script', 'B', { product: 'script' });
  const [license] = await player.licenses('B');
  await player.cli('license', 'revoke', license?.id ?? '', '--reason', 'asked');
  for (const [filter, orders] of filters) {
    const { status, out, err } = await player.cli('orders', 'list', ...filter, '--json');
    t.is(status, 0, err);
    const found = JSON.parse(out).orders.map(({ order }: { order: string }) => player.shortName(order));
    t.deepEqual(found.sort(), orders, filter.join(' '));
  }
  const csv = await player.cli('orders', 'list', '--csv');
  t.is(csv.out.trim().split('\n').length, 4, 'a head and a line for each order');
});

test('fault 58: order show prints the sent text', async (t) => {
  const player = await open(t);
  const { text } = await player.paddle('script', { p_order_id: '101' });
  const { status, out } = await player.cli('order', 'show', '101');
  t.is(status, 0);
  t.true(out.includes(text.trim()), out);
  t.is((await player.cli('order', 'show', '102')).status, 1, 'there is no such order');
});

for (const asked of ['quillfeather', 'zebedee.quill', '@quill.example']) {
  test(`fault 58: ledger find finds a customer by ${asked}`, async (t) => {
    const player = await open(t);
    const email = 'zebedee.quillfeather@quill.example';
    await player.request('script', { reference: 'A', name: 'Zebedee Quillfeather', email });
    await player.request('script', { reference: 'B' });
    const { status, out, err } = await player.cli('ledger', 'find', asked, '--json');
    t.is(status, 0, err);
    const [one] = await live(player, 'A');
    t.deepEqual(
      JSON.parse(out).licenses.map(({ id }: { id: string }) => id),
      [one?.id],
    );
  });
}

test('fault 58: a mistyped address is corrected, with a reason', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A', email: 'robin@gmal.example' });
  const words = ['customer', 'correct', 'A', '--email', 'robin@gmail.example'];
  t.not((await player.cli(...words)).status, 0, 'a reason is asked for');
  t.is((await player.cli(...words, '--reason', 'called us')).status, 0);
  t.is((await player.cli('ledger', 'find', 'robin@gmail.example')).status, 0);
  t.is((await player.cli('ledger', 'find', 'robin@gmal.example')).status, 1);
});

test("a customer's pasted mail is explained, with the code to send", async (t) => {
  const player = await open(t);
  const { codes } = await buy(player, 'script', 'A', { product: 'script' });
  const pasted = `Hello,\n> my code "${codes[0]?.toLowerCase().replace(/(.{40})/g, '$1\n> ')}" does not work`;
  const { status, out, err } = await player.cliWith(pasted, 'explain', '-');
  t.is(status, 0, err);
  t.true(out.includes(codes[0] ?? 'none'));
  t.regex(out, /script/i);
  t.regex(out, /active/i);
});

test('doctor accepts a complete service and exits with 1 if a sale is undelivered', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const content = await player.cli('doctor');
  t.is(content.status, 0, content.out);
  await player.events(completed('B', [{ product: 'script' }]));
  await player.waitUntil(player.home.clock.now + 2 * 3_600_000);
  t.is((await player.cli('doctor')).status, 1);
});
