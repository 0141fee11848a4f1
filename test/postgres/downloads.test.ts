/** Downloads over several instances: parts of one download are one row, whoever sent them. */
import test, { type ExecutionContext } from 'ava';
import { checkLedgerOf } from '../../src/service/ledger-files.ts';
import { openDownloadShop, pathOf } from '../kit/downloads.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { startHome } from '../kit/service.ts';
import { newSchema, run } from './server.ts';
import { instances } from './trials.ts';
import { delayWrites, unlockNames } from './unlocked.ts';

const FILE = { product: 'app', version: '4.2', file: 'App-4.2.dmg', link: 1 };
const PARTS = 24;

/** Three instances send the parts of one download to each of two licenses at the same time. */
async function sendParts(t: ExecutionContext, weaken: (url: string) => Promise<unknown>) {
  const { url, ledgers, first } = await instances(t, 3);
  await weaken(url);
  const licenses = [1, 2].map((byte) => new Uint8Array(16).fill(byte));
  const parts = licenses.flatMap((license) =>
    Array.from({ length: PARTS }, (_, part) => ({
      ...{ ...FILE, license, size: PARTS * 10, at: SOLD_AT + part },
      range: [part * 10, part * 10 + 10] as const,
      from: part * 10,
    })),
  );
  await Promise.allSettled(parts.map((part, place) => (ledgers[place % 3] ?? first).downloads.note(part)));
  const rows = await Promise.all(licenses.map((license) => first.downloads.ofLicense(license, 99)));
  const [sums] = await first.downloads.counts();
  return { rows: rows.flat().map(({ state, bytes }) => `${state} ${bytes}`), sums };
}

test.serial('parts of a download that several instances send at once are one download', async (t) => {
  const { rows, sums } = await sendParts(t, async () => {});
  t.deepEqual(rows, ['whole 240', 'whole 240']);
  t.like(sums, { asked: 2, done: 2 });
});

test.serial('control: without the lock of the license, parts get lost', async (t) => {
  const { rows } = await sendParts(t, async (url) => {
    await unlockNames(url);
    await delayWrites(url, 'download', 0.01);
  });
  t.notDeepEqual(rows, ['whole 240', 'whole 240']);
});

test.serial(
  'two services send the halves of a file: it is counted once, and the check finds no fault',
  async (t) => {
    const shop = await openDownloadShop(t, { env: { LEDGER_URL: await newSchema() } });
    const other = await startHome(t, shop.home);
    const order = await shop.sell();
    const [file] = await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28');
    const path = pathOf((await shop.links(order)).body.releases[0].files[0].url);
    const half = 50_000;
    const headers = (range: string) => ({ headers: { Range: `bytes=${range}` } });
    const first = await fetch(other.url + path, headers(`0-${half - 1}`));
    const second = await fetch(shop.url + path, headers(`${half}-`));
    t.deepEqual([first.status, second.status], [206, 206]);
    const got = Buffer.concat([
      Buffer.from(await first.arrayBuffer()),
      Buffer.from(await second.arrayBuffer()),
    ]);
    t.true(got.equals(file?.bytes ?? Buffer.alloc(0)));
    const listed = JSON.parse((await shop.cli(['releases', 'list', '--json'])).out);
    t.like(listed.downloads, [{ asked: 1, done: 1 }]);
    const found: string[] = [];
    for await (const { where, fault } of checkLedgerOf(shop.home.config)) found.push(`${where}: ${fault}`);
    t.deepEqual(found, []);
    const url = shop.home.config.ledgerDatabase;
    await run("UPDATE download SET covered = '[[0,1]]'", url);
    for await (const { where, fault } of checkLedgerOf(shop.home.config)) found.push(`${where}: ${fault}`);
    t.regex(found.join(), /download \d+: was edited/, 'control');
  },
);
