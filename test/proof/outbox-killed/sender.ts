/**
 * A process that sells, announces and sends, and that kills itself between sending and noting: `sender.ts LEDGER INBOX
 * NOW SEED ORDERS DIES`. The inbox is a file: each line is the id and the body of a webhook that arrived.
 */
import { appendFileSync } from 'node:fs';
import { createLog } from '../../../src/log.ts';
import type { Channel } from '../../../src/outbox/channel.ts';
import { OutboxWorker } from '../../../src/outbox/worker.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { seededNumbers } from '../../../verifiers/random.ts';
import { WEBHOOKS_ONLY } from '../../kit/announcing.ts';
import { issueOf, keepTexts, rulesFor, soldProduct } from '../../kit/ledger-data.ts';
import { ID_SECRET } from '../../kit/minting.ts';

const [file = '', inbox = '', moment, seed, orders, dies] = process.argv.slice(2);
const now = () => Number(moment);
const random = seededNumbers(Number(seed));
const products = [soldProduct('app')];
const ledger = new SqliteLedger(openLedgerFile(file, ID_SECRET), {
  idSecret: ID_SECRET,
  rules: rulesFor(products, false, WEBHOOKS_ONLY),
  now,
});
await keepTexts(ledger, products);
for (let order = 0; order < Number(orders); order++) {
  await ledger.issue(issueOf({ order: `${moment}-${order}` }, { at: now() }));
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: nothing may follow.
  for (;;);
}

const channel: Channel = {
  name: 'webhook',
  async send({ id, body }) {
    const chance = dies === 'dies' ? random() : 1;
    if (chance < 0.15) die();
    appendFileSync(inbox, `${id} ${Buffer.from(body ?? []).toString('utf8')}\n`);
    if (chance < 0.4) die();
    return { outcome: 'sent', answer: '204' };
  },
};
const worker = new OutboxWorker({ ledger, channels: [channel], log: createLog('silent'), now, random });
await worker.runOnce();
await ledger.close();
