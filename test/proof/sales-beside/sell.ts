/**
 * Sells in blocks, alone and beside an endpoint and a relay that take every call and never answer: `sell.ts LEDGER BLOCKS`.
 * Prints as JSON how long each sale took, and whether something hung until the end of each block.
 */
import { createServer } from 'node:net';
import { createLog } from '../../../src/log.ts';
import type { Channel } from '../../../src/outbox/channel.ts';
import { Relay } from '../../../src/outbox/mail/relay.ts';
import type { Endpoint } from '../../../src/outbox/webhook/endpoint.ts';
import { createPost } from '../../../src/outbox/webhook/post.ts';
import { createWebhookChannel } from '../../../src/outbox/webhook/webhook-channel.ts';
import { OutboxWorker } from '../../../src/outbox/worker.ts';
import { readConfig } from '../../../src/service/config.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { issueOf, keepTexts, rulesFor, soldProduct } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { ID_SECRET } from '../../kit/minting.ts';
import { startReceiver } from '../../kit/receiver.ts';
import type { SalesReport } from './report.ts';

const [file = '', blocks] = process.argv.slice(2);
const SALES = 60;
/** Milliseconds for which a call hangs: longer than a block. */
const HANGS = 4_000;

const teardowns: (() => void | Promise<void>)[] = [];
const owner = { teardown: (act: () => void | Promise<void>) => void teardowns.push(act) };
const { url } = await startReceiver(owner, () => {});
const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
await new Promise((resolve) => silent.once('listening', resolve));
owner.teardown(() => void silent.close());
const address = silent.address();
if (address === null || typeof address === 'string') throw new Error('the relay has no port');
const { mail } = readConfig(
  { SMTP_URL: `smtp://127.0.0.1:${address.port}`, MAIL_FROM: 'a@example.com' },
  () => '',
);
if (mail === undefined) throw new Error('mail is off');
const relay = new Relay(mail, { patience: HANGS });

const clock = { now: SOLD_AT };
const now = () => clock.now;
const endpoint: Endpoint = {
  ...{ name: 'crm', url, topics: ['license.issued'], mode: 'live', personal: false, private: true },
  ...{ secrets: [{ variable: 'X' }], secretLine: 1 },
};
let isTold = false;
const announce = {
  mail: () => (isTold ? { text: null } : undefined),
  remindBefore: () => undefined,
  endpoints: () => (isTold ? ['crm'] : []),
};
const products = [soldProduct('app')];
const ledger = new SqliteLedger(openLedgerFile(file, ID_SECRET), {
  idSecret: ID_SECRET,
  rules: rulesFor(products, false, announce),
  now,
});
await keepTexts(ledger, products);
const webhooks = createWebhookChannel({
  endpoints: [endpoint],
  secrets: new Map([['crm', [new Uint8Array(32)]]]),
  post: createPost({ timeout: HANGS }),
  customerOf: async () => undefined,
  now,
});
const mails: Channel = {
  name: 'mail',
  send: ({ id }, signal) =>
    relay.send(
      {
        ...{ to: { name: 'Ada', address: 'ada@example.com' }, subject: 'x', text: 'x', html: 'x' },
        ...{ id, date: 0 },
      },
      signal,
    ),
};
const log = createLog('silent');

async function sell(name: string): Promise<readonly number[]> {
  const took: number[] = [];
  for (let sale = 0; sale < SALES; sale++) {
    const start = performance.now();
    await ledger.issue(issueOf({ order: `${name}-${sale}` }, { at: now() }));
    took.push(performance.now() - start);
  }
  return took;
}

const report: { alone: number[]; beside: number[]; hung: boolean[] } = { alone: [], beside: [], hung: [] };
await sell('warm-up');
for (let block = 0; block < Number(blocks); block++) {
  report.alone.push(...(await sell(`alone-${block}`)));
  isTold = true;
  for (let order = 0; order < 4; order++)
    await ledger.issue(issueOf({ order: `told-${block}-${order}` }, { at: now() }));
  isTold = false;
  const worker = new OutboxWorker({
    ledger,
    channels: [webhooks, mails],
    log,
    now,
    random: Math.random,
  });
  let isOver = false;
  const sending = worker.runOnce().then(() => {
    isOver = true;
  });
  report.beside.push(...(await sell(`beside-${block}`)));
  report.hung.push(!isOver);
  await worker.stop();
  await sending;
  clock.now += 1_000;
}
process.stdout.write(JSON.stringify(report satisfies SalesReport));
await ledger.close();
await relay.close();
for (const act of teardowns) await act();
