/** The lock of the one service on a ledger's file. That a start takes it is shown in test/service/service.test.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { lockForService, type ServiceLock } from '../../../../src/storage/sqlite/file/service-lock.ts';
import { folderFor, openLedger } from '../../../kit/ledger-file.ts';

const IN_VAIN = {
  code: 'bad_configuration',
  message: /^Another service runs on the ledger \S+, .* stop the/,
};
const SHORT = 250;

/** Locks and keeps what was said. */
async function lock(t: ExecutionContext, ledger: string, patience = SHORT) {
  const said: string[] = [];
  const taken = await lockForService(ledger, { patience, warn: (line) => said.push(line) });
  t.teardown(() => taken?.release());
  return { taken, said };
}

test('a second service on a ledger is refused after it has waited, and told so at once', async (t) => {
  const { file } = openLedger(t);
  const first = await lock(t, file);
  t.deepEqual(first.said, []);
  const said: string[] = [];
  const start = performance.now();
  await t.throwsAsync(lockForService(file, { patience: SHORT, warn: (line) => said.push(line) }), IN_VAIN);
  t.true(performance.now() - start >= SHORT);
  t.deepEqual(said, ['another service runs on this ledger: it has 0.25 seconds from now to stop']);
  first.taken?.release();
  t.truthy((await lock(t, file)).taken, 'the control: the first one has stopped');
});

test('a service waits for the one before it, which is about to stop', async (t) => {
  const { file } = openLedger(t);
  const { taken } = await lock(t, file);
  const [next] = await Promise.all([lock(t, file, 10_000), stopSoon(taken)]);
  t.truthy(next.taken);
  await t.throwsAsync(lock(t, file), IN_VAIN);
});

async function stopSoon(taken: ServiceLock | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SHORT));
  taken?.release();
}

test('the lock ends with the process that has it, also if that is killed', async (t) => {
  const { file } = openLedger(t);
  const module = new URL('../../../../src/storage/sqlite/file/service-lock.ts', import.meta.url);
  const program = `
    import { lockForService } from '${module}';
    globalThis.kept = await lockForService(process.argv[1], { warn: () => {} });
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file]);
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await t.throwsAsync(lock(t, file), IN_VAIN);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.truthy((await lock(t, file, 0)).taken);
});

test('a ledger is one by whatever path it is reached, and each ledger has a lock of its own', async (t) => {
  const { file } = openLedger(t);
  const link = join(folderFor(t), 'linked.sqlite');
  symlinkSync(file, link);
  const folder = join(folderFor(t), 'folder');
  symlinkSync(join(file, '..'), folder);
  await lock(t, file);
  await t.throwsAsync(lock(t, link), IN_VAIN);
  await t.throwsAsync(lock(t, join(folder, 'ledger.sqlite')), IN_VAIN);
  t.truthy((await lock(t, openLedger(t).file)).taken);
});

test('the lock is an empty file of the owner, and a ledger in use is written and read beside it', async (t) => {
  const { file, connection } = openLedger(t);
  await lock(t, file);
  connection.exec("INSERT INTO message VALUES (zeroblob(32), '')");
  const other = new Database(file);
  t.teardown(() => other.close());
  t.is(other.prepare('SELECT count(*) FROM message').pluck().get(), 1);
  t.is(statSync(`${file}-service`).mode & 0o777, 0o600);
  t.is(readFileSync(`${file}-service`).length, 0);
  t.deepEqual(
    readdirSync(join(file, '..')).sort(),
    ['', '-service', '-shm', '-wal'].map((end) => `ledger.sqlite${end}`),
  );
});

test('a service starts where the lock cannot be made, and says so', async (t) => {
  const { file } = openLedger(t);
  mkdirSync(`${file}-service`);
  const { taken, said } = await lock(t, file);
  t.is(taken, undefined);
  t.deepEqual(said, [
    `a second service on this ledger would not be noticed: ${file}-service cannot be locked`,
  ]);
});
