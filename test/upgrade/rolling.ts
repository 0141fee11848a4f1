/**
 * A rolling update: two versions on one PostgreSQL. The older one is the commit that gave the ledger the schema that migrations
 * begin with; this version brings it to its own by its start.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileOwner } from '../kit/fastspring.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { serverPrograms, startCluster } from '../postgres/cluster.ts';
import { connect } from '../postgres/connect.ts';
import { installCommit, ROOT } from './old-version.ts';

/** The tables that migrations begin with: released, and not edited since. */
const SCHEMA_FILES = ['schema-sales', 'schema-others', 'schema-customers', 'schema-functions'].map(
  (name) => `src/storage/postgres/${name}.ts`,
);

const ORDERS = Array.from({ length: 40 }, (_, place) => String(574_000 + place));

export async function rollOver(): Promise<void> {
  const programs = serverPrograms();
  assert.ok(programs !== undefined, 'this needs PostgreSQL: apt-get install postgresql');
  const cluster = await startCluster(programs);
  const owner = new FileOwner();
  const folder = mkdtempSync(join(tmpdir(), 'mintmark rolling '));
  owner.teardown(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const words = ['log', '-1', '--format=%h', '--', ...SCHEMA_FILES];
    const commit = execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();
    const old = new Machine(owner, { LEDGER_URL: cluster.url }, installCommit(commit, folder));
    const { DATA_DIR = '', KEYS_DIR = '', PRODUCTS_DIR = '' } = old.env;
    const places = { LEDGER_URL: cluster.url, DATA_DIR, KEYS_DIR, PRODUCTS_DIR };
    await sideBySide(old, new Machine(owner, places, ROOT));
    await refuseNewer(cluster.url, new Machine(owner, places, ROOT));
    process.stdout.write(
      `rolling: ${commit} and this version answered ${ORDERS.length} orders alike on one PostgreSQL; a newer schema is refused\n`,
    );
  } finally {
    await owner.end();
    cluster.stop();
  }
}

async function sideBySide(old: Machine, now: Machine): Promise<void> {
  const first = await old.start();
  const sold = await answers(first, ORDERS.slice(0, 15));
  const second = await now.start();
  assert.deepEqual(
    await answers(second, ORDERS.slice(0, 15)),
    sold,
    'this version repeats what the old one sold',
  );
  const newer = await answers(second, ORDERS.slice(15, 25));
  assert.deepEqual(await answers(first, ORDERS.slice(15, 25)), newer, 'and the old one repeats it');

  // Both get each order at the same time, and the old one is stopped meanwhile.
  let isStopped = false;
  const stop = () => {
    // A second signal would end it without waiting for what is under way.
    if (!isStopped) first.ran.child.kill('SIGTERM');
    isStopped = true;
  };
  const stopping = setTimeout(stop, 50);
  for (const order of ORDERS.slice(25)) {
    const both = await Promise.allSettled([first.order(order), second.order(order)]);
    const texts = both.flatMap((each) =>
      each.status === 'fulfilled' && each.value.status === 200 ? [each.value.text] : [],
    );
    assert.ok(texts.length > 0, `order ${order} was answered`);
    assert.equal(new Set(texts).size, 1, 'with the same bytes');
  }
  clearTimeout(stopping);
  stop();
  assert.equal(await first.ran.ended, 0, first.ran.err);

  const all = await answers(second, ORDERS);
  const check = await now.cli('ledger', 'check');
  assert.equal(await check.ended, 0, check.out + check.err);
  second.ran.child.kill('SIGTERM');
  assert.equal(await second.ran.ended, 0, second.ran.err);

  // And back: it can use what was added.
  const again = await old.start();
  assert.deepEqual(await answers(again, ORDERS), all, 'the old version goes on with it');
  again.ran.child.kill('SIGTERM');
  assert.equal(await again.ran.ended, 0, again.ran.err);
}

/** As a version with a later schema would leave it. */
async function refuseNewer(url: string, machine: Machine): Promise<void> {
  const client = await connect(url);
  await client.query('UPDATE schema_version SET version = version + 1, readable_from = version + 1');
  await client.end();
  const ran = machine.spawn('src/main.ts');
  assert.notEqual(await ran.ended, 0);
  assert.match(ran.err, /newer Mintmark[^\n]*update Mintmark/);
}

async function answers(service: RunningService, orders: readonly string[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const order of orders) {
    const { status, text } = await service.order(order);
    assert.equal(status, 200, text);
    texts.push(text);
  }
  return texts;
}
