/**
 * Six days of a pushed clock with endpoints that fail in each of the ways: `pushed-days.ts LEDGER SEED WAY…`. Prints as
 * JSON what the ledger holds of each announcement and endpoint afterwards, and how long sales took meanwhile.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createLog } from '../../../src/log.ts';
import type { Endpoint } from '../../../src/outbox/webhook/endpoint.ts';
import { createPost } from '../../../src/outbox/webhook/post.ts';
import { createWebhookChannel } from '../../../src/outbox/webhook/webhook-channel.ts';
import { OutboxWorker } from '../../../src/outbox/worker.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { seededNumbers } from '../../../verifiers/random.ts';
import { issueOf, keepTexts, rulesFor, soldProduct } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { ID_SECRET } from '../../kit/minting.ts';
import { type Answer, startReceiver } from '../../kit/receiver.ts';
import { BEHAVIORS, type Behavior, CROWD, CROWDED, type Report, SALES_MEANWHILE } from './report.ts';

const [file = '', seed, ...ways] = process.argv.slice(2);
const DAYS = 6;
/** Milliseconds of real time for one try: those that never answer would take 15 seconds each. */
const TIMEOUT = 1_000;

const clock = { now: SOLD_AT };
const now = () => clock.now;
const random = seededNumbers(Number(seed));
const teardowns: (() => void | Promise<void>)[] = [];
const owner = { teardown: (act: () => void | Promise<void>) => void teardowns.push(act) };

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end('a text');
  };

let shaky = 0;
const ANSWERS: Readonly<Record<Behavior, Answer>> = {
  good: status(204),
  refuses: status(400),
  broken: status(500),
  crowded: status(502),
  redirects: status(302, { location: 'http://127.0.0.1:1/' }),
  busy: status(429, { 'retry-after': '3600' }),
  gone: status(410),
  late: async (response) => {
    await wait(2 * TIMEOUT);
    response.writeHead(204).end();
  },
  never: () => {},
  garbage: (response) => void response.socket?.end('\u0001\u0002 garbage\r\n\r\n'),
  recovers: (response) => {
    shaky += 1;
    response.writeHead(shaky > 2 ? 204 : 503).end();
  },
};
const NAMES = BEHAVIORS.filter((name) => ways.includes(name));

const endpoints: Endpoint[] = [];
for (const name of NAMES) {
  const { url } = await startReceiver(owner, ANSWERS[name]);
  endpoints.push({
    ...{ name, url, topics: ['license.issued'], mode: 'live', personal: false, private: true },
    ...{ secrets: [{ variable: 'X' }], secretLine: 1 },
  });
}

let told: readonly Behavior[] = NAMES;
const products = [soldProduct('app')];
const announce = {
  mail: () => undefined,
  remindBefore: () => undefined,
  endpoints: () => told,
};
const ledger = new SqliteLedger(openLedgerFile(file, ID_SECRET), {
  idSecret: ID_SECRET,
  rules: rulesFor(products, false, announce),
  now,
});
await keepTexts(ledger, products);
const channel = createWebhookChannel({
  endpoints,
  secrets: new Map(NAMES.map((name) => [name, [new Uint8Array(32)]])),
  post: createPost({ timeout: TIMEOUT }),
  customerOf: async () => undefined,
  now,
});
const log = createLog('silent');
const worker = new OutboxWorker({ ledger, channels: [channel], log, now, random });

await ledger.issue(issueOf({ order: 'first' }, { at: now() }));
told = CROWDED.filter((name) => ways.includes(name));
for (let order = 0; order < CROWD; order++)
  await ledger.issue(issueOf({ order: `crowd-${order}` }, { at: now() }));
const sales: number[] = [];
const sending = worker.runOnce();
told = [];
for (let order = 0; order < SALES_MEANWHILE; order++) {
  const start = performance.now();
  await ledger.issue(issueOf({ order: `meanwhile-${order}` }, { at: now() }));
  sales.push(performance.now() - start);
  await wait(5);
}
await sending;
for (;;) {
  const due = await ledger.outbox.nextDue(['webhook'], now());
  if (due === undefined || due > SOLD_AT + DAYS * 86_400_000) break;
  clock.now = Math.max(now() + 1, due);
  await worker.runOnce();
}

const kept = await ledger.outbox.list({ limit: 10_000 });
const announcements: Report['announcements'][number][] = [];
for (const { number, target, state, order } of kept) {
  const { tries = [] } = (await ledger.outbox.show(number)) ?? {};
  announcements.push({
    ...{ target, state, order },
    tries: tries.map(({ at, outcome }) => ({ at: at - SOLD_AT, outcome })),
  });
}
const report: Report = {
  announcements,
  targets: await ledger.outbox.targets(),
  counts: await ledger.outbox.count(),
  slowestSale: Math.max(...sales),
};
process.stdout.write(JSON.stringify(report));
await ledger.close();
for (const act of teardowns) await act();
