/** Kind 10: erased data is gone from the files too, and erasing stops no sale. */
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import Database from 'better-sqlite3';
import { completed } from './fastspring-says.ts';
import { edit, filesWith } from './ledger-files.ts';
import type { Player } from './player.ts';
import { open } from './scenes.ts';

const NAME = 'Zebedee Quillfeather';
const EMAIL = 'zebedee.quillfeather@example.com';
const PERSON = { first: 'Zebedee', last: 'Quillfeather', email: EMAIL, company: null, phone: null };

async function sellToZebedee(player: Player, reference: string): Promise<void> {
  await player.request('script', { reference, name: NAME, email: EMAIL });
  const people = { customer: PERSON, recipients: [{ recipient: PERSON }] };
  await player.events(completed(reference, [{ product: 'script' }], people));
}

/** Every file of the data folder that still has the name or the address. */
function traces(player: Player): readonly string[] {
  return [...filesWith(player, 'Quillfeather'), ...filesWith(player, EMAIL)];
}

test('fault 48: after an erasure neither name nor address is in the bytes of any file', async (t) => {
  const player = await open(t);
  await sellToZebedee(player, 'A');
  await player.request('script', { reference: 'B' });
  t.not(traces(player).length, 0, 'the search finds existing data');
  t.is((await player.cli('customer', 'erase', EMAIL)).status, 0);
  await player.whileStopped(() => t.deepEqual(traces(player), []));
  t.deepEqual(await player.told('A'), ['script: active for good'], 'the license lives on');
});

test('fault 48: payloads deleted before an erasure are not in the bytes of any file either', async (t) => {
  const player = await open(t);
  for (const order of ['A', 'B', 'C', 'D']) await sellToZebedee(player, order);
  await player.waitUntil(player.home.clock.now + 100 * 86_400_000);
  // Old payloads are deleted at the start and every six hours.
  await player.restart();
  t.is((await player.cli('customer', 'erase', EMAIL)).status, 0);
  await player.whileStopped(() => t.deepEqual(traces(player), []));
});

test('fault 48: an erasure while a reader keeps the log open says that it is not complete, and a repeat completes it', async (t) => {
  const player = await open(t);
  await sellToZebedee(player, 'A');
  const reader = new Database(player.home.config.ledgerFile, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM sqlite_schema').get();
  const { status, out, err } = await player.cli('customer', 'erase', EMAIL);
  const left = traces(player);
  reader.exec('COMMIT');
  reader.close();
  t.not(left.length, 0, 'the reader keeps them');
  t.is(status, 1);
  t.regex(out, /^Erased from 1 license and 1 event\.$/m);
  t.regex(
    err,
    /^The ledger no longer has the data, but its files can still contain what was erased: a reader/,
  );
  const repeat = await player.cli('customer', 'erase', EMAIL);
  t.regex(repeat.err, /^The ledger has no data of this address\.$/m);
  t.deepEqual(traces(player), []);
});

test('fault 48: the payload of a failed event is deleted after its time too', async (t) => {
  const player = await open(t);
  const event = { id: 'broken', processed: false, type: 'order.completed', live: true, created: 1 };
  const data = { ...completed('A', [{ product: 'script' }]).data, customer: PERSON, items: 'none' };
  await player.deliver(JSON.stringify({ events: [{ ...event, data }] }));
  t.true((await player.cli('events', 'show', 'broken', '--personal')).out.includes(EMAIL));
  await player.waitUntil(player.home.clock.now + 100 * 86_400_000);
  await player.restart();
  t.false((await player.cli('events', 'show', 'broken', '--personal')).out.includes(EMAIL));
  await player.whileStopped(() => t.deepEqual(filesWith(player, EMAIL), []));
});

test('fault 48: a customer without an address is erased by the order', async (t) => {
  const player = await open(t);
  await player.request('script', { reference: 'A', name: NAME, email: undefined });
  t.is((await player.cli('customer', 'erase', 'A')).status, 0);
  await player.whileStopped(() => t.deepEqual(filesWith(player, 'Quillfeather'), []));
});

const ADDRESSES = [
  ['upper and lower case beyond ASCII', 'ÄNNE.ÖST@example.com', 'änne.öst@EXAMPLE.com'],
  ['composed and decomposed letters', 'rene\u0301@example.com', 'ren\u00e9@example.com'],
] as const;

for (const [what, given, asked] of ADDRESSES) {
  test(`fault 48: an address is found and erased across ${what}`, async (t) => {
    const player = await open(t);
    await player.request('script', { reference: 'A', email: given });
    t.is((await player.cli('ledger', 'find', asked)).status, 0);
    t.is((await player.cli('customer', 'erase', asked)).status, 0);
    t.not((await player.cli('ledger', 'find', given)).status, 0);
  });
}

const EVENTS = 3000;

test(`fault 47: an erasure among ${EVENTS} kept events of 20 KB does not hold up the sales`, async (t) => {
  const player = await open(t);
  await sellToZebedee(player, 'A');
  const padding = 'x'.repeat(20_000);
  for (let at = 0; at < EVENTS; at += 50) {
    const events = Array.from({ length: 50 }, (_, place) => {
      const head = {
        id: `e${at + place}`,
        processed: false,
        type: 'subscription.payment.reminder',
        live: true,
      };
      return { ...head, created: player.home.clock.now, data: { id: `sub-${at + place}`, padding } };
    });
    t.is((await player.deliver(JSON.stringify({ events }))).status, 200);
  }
  // CPU time of this thread: other programs of a busy machine do not count.
  const busy = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [seen, stood] = [busy(), 0];
  const watch = setInterval(() => {
    stood = Math.max(stood, busy() - seen);
    seen = busy();
  }, 2);
  for (const reference of ['C', 'D', 'E']) t.is((await player.request('script', { reference })).status, 200);
  const alone = stood;
  stood = 0;
  const [erased, sale] = await Promise.all([
    player.cli('customer', 'erase', EMAIL),
    player.request('script', { reference: 'B' }),
  ]);
  await setTimeout(30);
  clearInterval(watch);
  t.deepEqual([erased.status, sale.status], [0, 200]);
  const most = 100 + 3 * alone;
  t.true(
    stood < most,
    `the event loop stood still for ${Math.round(stood)} ms, ${Math.round(alone)} without`,
  );
  t.true(edit(player, 'UPDATE event SET attempts = attempts WHERE 1') >= EVENTS, 'the events are there');
});
