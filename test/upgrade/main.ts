/**
 * `npm run test:upgrade`: for each released version, lets it serve a shop, upgrades the shop to this version, and compares
 * its answers byte for byte; then the old version has to refuse the upgraded ledger. Needs the npm registry and the
 * project's history.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileOwner } from '../kit/fastspring.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { installVersion, ROOT } from './old-version.ts';
import { rollOver } from './rolling.ts';
import { RELEASED, type Released } from './versions.ts';

/** Orders with their quantities. */
const ORDERS = Array.from({ length: 25 }, (_, place) => [String(573_000 + place), 1 + (place % 3)] as const);

const REISSUED = '573003';
const REVOKED = '573009';

for (const released of RELEASED) {
  const owner = new FileOwner();
  const folder = mkdtempSync(join(tmpdir(), 'mintmark upgrade '));
  owner.teardown(() => rmSync(folder, { recursive: true, force: true }));
  try {
    await upgradeFrom(released, folder, owner);
  } finally {
    await owner.end();
  }
}

await rollOver();

async function upgradeFrom(released: Released, folder: string, owner: FileOwner): Promise<void> {
  const old = new Machine(owner, {}, installVersion(released, folder));
  const { DATA_DIR, KEYS_DIR, PRODUCTS_DIR } = old.env;
  const places = { DATA_DIR: DATA_DIR ?? '', KEYS_DIR: KEYS_DIR ?? '', PRODUCTS_DIR: PRODUCTS_DIR ?? '' };
  const now = new Machine(owner, places, ROOT);
  const ledger = join(places.DATA_DIR, 'ledger.sqlite');

  const before = await live(old);

  const check = await now.cli('upgrade', 'check');
  assert.equal(await check.ended, 0, check.out + check.err);
  assert.match(check.out, /The first start moves it from schema \d+ to \d+/);
  const service = await now.start();
  const after = await answersOf(service);
  await compare(before, after, now);
  await stop(service);
  for (const words of [['ledger', 'check'], ['doctor']]) {
    const ran = await now.cli(...words);
    assert.equal(await ran.ended, 0, `${words.join(' ')}: ${ran.out}${ran.err}`);
  }

  const upgraded = digestOf(ledger);
  const downgrade = old.spawn('src/main.ts');
  assert.notEqual(await downgrade.ended, 0, 'the old version does not start');
  assert.match(downgrade.err, /newer Mintmark[^\n]*update Mintmark/);
  assert.equal(digestOf(ledger), upgraded, 'and changes nothing');
  process.stdout.write(
    `${released.version}: ${before.length - 2} answers are the same after the upgrade, 2 are corrected; the downgrade is refused: ${downgrade.err.split('\n')[0]}\n`,
  );
}

/**
 * The same, byte for byte, but for two corrections that CHANGELOG.md names: 0.1.0 mailed the dead code of a reissued
 * license again, and that of a revoked one.
 */
async function compare(before: readonly string[], after: readonly string[], now: Machine): Promise<void> {
  assert.equal(after.length, before.length);
  for (const [place, answer] of before.entries()) {
    const [order = ''] = ORDERS[place] ?? [];
    if (order === REVOKED) assert.equal(after[place], `${REVOKED} 409`);
    else if (order === REISSUED) assert.ok(after[place]?.includes(await newestCodeOf(now, order)));
    else assert.equal(after[place], answer, 'byte for byte');
  }
}

async function newestCodeOf(machine: Machine, order: string): Promise<string> {
  const { out } = await machine.cli('ledger', 'find', order, '--json');
  const { licenses } = JSON.parse(out);
  const active = licenses.filter(({ state }: { state: string }) => state === 'active');
  assert.equal(active.length, 1, 'one active license');
  return active[0].code;
}

/** A shop's life with the old version; its answers at the end. */
async function live(old: Machine): Promise<readonly string[]> {
  const service = await old.start();
  for (const [order, quantity] of ORDERS) assert.equal((await service.order(order, quantity)).status, 200);
  for (const words of [
    ...['subscription', 'refund', 'bundle', 'chargeback', 'overdue'].map((story) => {
      return ['simulate', 'fastspring', '--story', story, '--url', service.url];
    }),
    ['license', 'reissue', await idOf(old, REISSUED), '--reason', 'published'],
    ['license', 'suspend', await idOf(old, '573006'), '--reason', 'ticket 1'],
    ['license', 'revoke', await idOf(old, REVOKED), '--reason', 'ticket 2'],
  ]) {
    const ran = await old.cli(...words);
    assert.equal(await ran.ended, 0, `${words.join(' ')}: ${ran.err}`);
  }
  const answers = await answersOf(service);
  await stop(service);
  return answers;
}

/** Each repeated request, and the keyring. */
async function answersOf(service: RunningService): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const [order, quantity] of ORDERS) {
    const { status, text } = await service.order(order, quantity);
    answers.push(status === 200 ? `${order} 200 ${text}` : `${order} ${status}`);
  }
  answers.push(await (await fetch(`${service.url}/v1/keyring`)).text());
  return answers;
}

async function idOf(machine: Machine, order: string): Promise<string> {
  const found = await machine.cli('ledger', 'find', order, '--json');
  const { licenses } = JSON.parse(found.out);
  return licenses[0].id;
}

async function stop({ ran }: RunningService): Promise<void> {
  ran.child.kill('SIGTERM');
  assert.equal(await ran.ended, 0, ran.err);
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
