/**
 * The cost of a revocation list of many licenses: making the list, and each request for it.
 * `node bench/revocations.ts [licenses]`, default 100,000. Client and service share the process.
 */
import { randomBytes } from 'node:crypto';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { withdrawalOf } from '../src/domain/life/withdrawal.ts';
import { readIdSecret } from '../src/keyring/id-secret.ts';
import { RevocationPublisher } from '../src/keyring/revocation-publisher.ts';
import { loadSigners } from '../src/keyring/signer.ts';
import { createLog } from '../src/log.ts';
import { readConfig } from '../src/service/config.ts';
import { startService } from '../src/service/service.ts';
import { type Connection, openLedgerFile } from '../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../src/storage/sqlite/sqlite-ledger.ts';
import { WithdrawalWriter } from '../src/storage/sqlite/withdrawals.ts';
import { BENCH_PRODUCT } from './orders.ts';
import { createStage } from './stage.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;

const licenses = Number(process.argv[2] ?? 100_000);
const stage = await createStage();
try {
  const dataDir = stage.dataDir('revoked');
  const file = join(dataDir, 'ledger.sqlite');
  const idSecret = readIdSecret(stage.keysDir);
  const beside = openLedgerFile(file, idSecret);
  const revokeNext = revoker(beside);
  const filling = beside.transaction(() => {
    for (let i = 0; i < licenses; i++) revokeNext();
  });
  filling();
  await measureMaking(file, idSecret, revokeNext);
  await measureRequests(dataDir);
  beside.close();
} finally {
  stage.remove();
}

/** Revokes one more license: adds its row, and the entry that an event would add. */
function revoker(connection: Connection): () => void {
  const withdrawals = new WithdrawalWriter(connection);
  const insert = connection.prepare(`
    INSERT INTO license (id, marketplace, mode, order_id, line, product, unit, reissue, state, revision, first_code,
      first_revision, issued_at, cause, alone, seal)
    VALUES (?, 'manual', 'live', ?, '', ?, 0, 0, 'revoked', 0, printf('%0160d', 0), 0, 0, '', 0, zeroblob(16))`);
  return connection.transaction(() => {
    const id = randomBytes(16);
    const number = Number(insert.run(id, id.toString('hex'), BENCH_PRODUCT).lastInsertRowid);
    const entry = withdrawalOf('revoked', null, null);
    withdrawals.follow({ number, id, product: BENCH_PRODUCT }, undefined, entry);
  });
}

/** The CPU time of this thread, which other processes affect less: the event loop is blocked at least as long. */
async function measureMaking(file: string, idSecret: Uint8Array, revokeNext: () => void): Promise<void> {
  const ledger = new SqliteLedger(openLedgerFile(file, idSecret), { idSecret });
  const { signerFor } = loadSigners(stage.keysDir, { modesNeeded: [] });
  let readAt = 0;
  const publisher = new RevocationPublisher({
    ledger: {
      products: () => ledger.products(),
      findListSeq: (product) => ledger.findListSeq(product),
      publishList: async (...asked) => {
        const content = await ledger.publishList(...asked);
        readAt = threadMilliseconds();
        return content;
      },
    },
    signerFor,
    findProduct: () => true,
    now: Date.now,
  });
  const read: number[] = [];
  const signed: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    revokeNext();
    const start = threadMilliseconds();
    const found = await publisher.find(BENCH_PRODUCT);
    read.push(readAt - start);
    signed.push(threadMilliseconds() - readAt);
    if (found.outcome === 'found') bytes = found.list.body.length;
  }
  const asked = 100_000;
  const start = threadMilliseconds();
  for (let i = 0; i < asked; i++) await publisher.find(BENCH_PRODUCT);
  const each = ((threadMilliseconds() - start) / asked) * 1000;
  await ledger.close();
  console.log(`${licenses} licenses: a list of ${bytes} bytes`);
  console.log(
    `made anew: ${median(read).toFixed(0)} ms to read it, then ${median(signed).toFixed(0)} ms to write and sign it`,
  );
  console.log(`asked again with nothing changed: ${each.toFixed(1)} µs`);
}

function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function measureRequests(dataDir: string): Promise<void> {
  const config = readConfig(
    { PORT: '0', DATA_DIR: dataDir, KEYS_DIR: stage.keysDir, PRODUCTS_DIR: stage.productsDir },
    () => '',
  );
  const service = await startService(config, { log: createLog('silent') });
  const url = `${service.url}/v1/revocations/${BENCH_PRODUCT}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { etag = '' } = await ask(url, agent, {});
  for (const [what, headers, count] of [
    ['200 with the whole list', {}, 300],
    ['304', { 'If-None-Match': etag }, 5000],
  ] as const) {
    for (let i = 0; i < count / 5; i++) await ask(url, agent, headers);
    const start = performance.now();
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) await ask(url, agent, headers);
    const { user, system } = process.cpuUsage(before);
    const took = ((performance.now() - start) / count).toFixed(2);
    console.log(
      `GET, ${what}: ${took} ms, ${((user + system) / count / 1000).toFixed(2)} ms of CPU with the client's`,
    );
  }
  agent.destroy();
  await service.stop();
}

function ask(
  url: string,
  agent: Agent,
  headers: Record<string, string>,
): Promise<{ etag: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.on('data', () => {});
      response.on('end', () => resolve({ etag: response.headers.etag }));
    }).on('error', reject);
  });
}
