import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { readKeyring, writeKeyring } from '../../src/keyring/keyring.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import { readSimulatorKey } from '../../src/keyring/simulator-key.ts';
import { addKey, contents, keysFolder, modeOf, seeded, TODAY } from '../kit/keys-folder.ts';

const FIRST = { today: TODAY, simulator: true, ledgerExists: false } as const;
const FILES = ['id-secret', 'keyring.json', 'signing-key-1.pem', 'simulator.pem'];

test('a first start makes the folder, the id secret, a test key and the simulator key, for the owner only', async (t) => {
  const folder = keysFolder(t);
  const made = await makeMissing(folder, FIRST);
  t.deepEqual(made, [
    { what: 'the folder for keys', path: folder },
    { what: 'the id secret, which license ids are derived with', path: join(folder, 'id-secret') },
    { what: 'a test signing key (key 1)', path: join(folder, 'signing-key-1.pem') },
    { what: "the simulator's key", path: join(folder, 'simulator.pem') },
  ]);
  t.deepEqual(Object.keys(contents(folder)), FILES);
  t.is(modeOf(folder), 0o700);
  for (const name of FILES.filter((name) => name !== 'keyring.json'))
    t.is(modeOf(join(folder, name)), 0o600, name);
  t.is(loadSigners(folder, { modesNeeded: ['test'] }).signerFor('test')?.keyId, 1);
  t.is(readIdSecret(folder).length, 32);
  t.is(readSimulatorKey(folder).asymmetricKeyDetails?.modulusLength, 2048);
});

test('a start never makes a live key', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  t.deepEqual(
    readKeyring(folder).map(({ mode, state, created }) => [mode, state, created]),
    [['test', 'active', TODAY]],
  );
});

test('a second start makes nothing and changes no byte, ledger or not', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  const before = contents(folder);
  t.deepEqual(await makeMissing(folder, FIRST), []);
  t.deepEqual(await makeMissing(folder, { ...FIRST, ledgerExists: true }), []);
  t.deepEqual(contents(folder), before);
});

test('without the simulator its key is not made', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, { ...FIRST, simulator: false });
  t.deepEqual(Object.keys(contents(folder)), FILES.slice(0, 3));
});

test('the keys are made from the given randomness', async (t) => {
  const [one, same, other] = [keysFolder(t), keysFolder(t), keysFolder(t)];
  for (const [folder, seed] of [
    [one, 'a'],
    [same, 'a'],
    [other, 'b'],
  ] as const) {
    await makeMissing(folder, { ...FIRST, simulator: false, randomBytes: seeded(seed) });
  }
  t.deepEqual(contents(one), contents(same));
  for (const name of FILES.slice(0, 3)) t.not(contents(one)[name], contents(other)[name], name);
});

test('with a passphrase the test key is made encrypted', async (t) => {
  const folder = keysFolder(t);
  const passphrase = 'a long enough passphrase';
  await makeMissing(folder, { ...FIRST, passphrase });
  t.regex(contents(folder)['signing-key-1.pem']!, /ENCRYPTED/);
  t.notThrows(() => loadSigners(folder, { passphrase, modesNeeded: ['test'] }));
});

test('the permissions of an existing folder are not changed', async (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  t.false((await makeMissing(folder, FIRST)).some(({ path }) => path === folder));
  t.is(modeOf(folder), 0o755);
});

test('a live key from before the first start is kept, and the other keys are made beside it', async (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  const live = addKey(folder);
  await makeMissing(folder, FIRST);
  t.deepEqual(readKeyring(folder)[0], live);
  t.is(readKeyring(folder)[1]?.mode, 'test');
  t.notThrows(() => loadSigners(folder, { modesNeeded: ['live', 'test'] }));
});

test('a keyring without an active test key gets one under a new id, although a ledger exists', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  writeKeyring(
    folder,
    readKeyring(folder).map((entry) => ({ ...entry, state: 'retired' })),
  );
  const made = await makeMissing(folder, { ...FIRST, ledgerExists: true });
  t.deepEqual(
    made.map(({ what }) => what),
    ['a test signing key (key 2)'],
  );
});

for (const name of ['id-secret', 'keyring.json']) {
  test(`${name} is not made again where a ledger exists, and nothing else is made either`, async (t) => {
    const folder = keysFolder(t);
    await makeMissing(folder, FIRST);
    rmSync(join(folder, name));
    rmSync(join(folder, 'simulator.pem'));
    const before = contents(folder);
    const error = await t.throwsAsync(makeMissing(folder, { ...FIRST, ledgerExists: true }), {
      instanceOf: AppError,
    });
    t.is(error?.code, 'bad_configuration');
    t.true(error?.message.startsWith(`${join(folder, name)} is missing, though there is a ledger`));
    t.regex(error!.message, /Restore it from your backup/);
    t.deepEqual(contents(folder), before);
  });
}

test('an empty keys folder beside a ledger is one error, and no key is made', async (t) => {
  const folder = keysFolder(t);
  const error = await t.throwsAsync(makeMissing(folder, { ...FIRST, ledgerExists: true }), {
    instanceOf: AppError,
  });
  t.is(error?.message.split('\n').length, 2);
  t.false(existsSync(folder));
});

test('an id secret without a ledger is kept, and an id secret that is missing beside a keyring is made', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  const secret = readIdSecret(folder);
  rmSync(join(folder, 'keyring.json'));
  rmSync(join(folder, 'signing-key-1.pem'));
  await makeMissing(folder, FIRST);
  t.deepEqual(readIdSecret(folder), secret);
  rmSync(join(folder, 'id-secret'));
  t.is((await makeMissing(folder, FIRST)).length, 1);
});

test('a lost keyring is not replaced while its private keys exist', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  rmSync(join(folder, 'keyring.json'));
  const error = await t.throwsAsync(makeMissing(folder, FIRST), { instanceOf: AppError });
  t.regex(error!.message, /keyring\.json is missing, though .*signing-key-1\.pem is there: restore it/);
  t.false(existsSync(join(folder, '.lock')));
});

test('a private key that an interrupted command left is skipped, not overwritten', async (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  addKey(folder);
  writeFileSync(join(folder, 'signing-key-2.pem'), 'left behind', { mode: 0o600 });
  await makeMissing(folder, FIRST);
  t.deepEqual(
    readKeyring(folder).map(({ id }) => id),
    [1, 3],
  );
  t.is(contents(folder)['signing-key-2.pem'], 'left behind');
});

test.serial('a lock of another process is awaited, and a lock that a crash left is ignored', async (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  const lock = join(folder, '.lock');
  writeFileSync(lock, '');
  let done = false;
  const making = makeMissing(folder, FIRST).then(() => {
    done = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.false(done);
  rmSync(lock);
  await making;

  writeKeyring(
    folder,
    readKeyring(folder).map((entry) => ({ ...entry, state: 'retired' })),
  );
  writeFileSync(lock, '');
  const minuteAgo = Date.now() / 1000 - 60;
  utimesSync(lock, minuteAgo, minuteAgo);
  t.is((await makeMissing(folder, FIRST)).length, 1);
  t.false(existsSync(lock));
});

test('concurrent starts make each file once, and all use the same keys', async (t) => {
  const folder = keysFolder(t);
  const outputs = await Promise.all(Array.from({ length: 4 }, () => start(folder)));
  const made = outputs
    .flatMap((output) => JSON.parse(output) as { made: string[] })
    .flatMap((each) => each.made);
  t.deepEqual([...made].sort(), ['folder', 'id-secret', 'signing-key-1.pem', 'simulator.pem']);
  t.deepEqual(Object.keys(contents(folder)), FILES);
  t.is(readKeyring(folder).length, 1);
});

test('the made files read back as they were written', async (t) => {
  const folder = keysFolder(t);
  await makeMissing(folder, FIRST);
  t.is(
    readFileSync(join(folder, 'id-secret'), 'utf8'),
    `${Buffer.from(readIdSecret(folder)).toString('hex')}\n`,
  );
});

/** A process that makes missing keys, loads the keys and prints the new ones. */
async function start(folder: string): Promise<string> {
  const room = fileURLToPath(new URL('../../src/keyring/', import.meta.url));
  const script = `
    import { basename } from 'node:path';
    const { makeMissing } = await import(${JSON.stringify(`${room}bootstrap.ts`)});
    const { loadSigners } = await import(${JSON.stringify(`${room}signer.ts`)});
    const { readIdSecret } = await import(${JSON.stringify(`${room}id-secret.ts`)});
    const { readSimulatorPublicKey } = await import(${JSON.stringify(`${room}simulator-key.ts`)});
    const folder = ${JSON.stringify(folder)};
    const made = await makeMissing(folder, ${JSON.stringify(FIRST)});
    loadSigners(folder, { modesNeeded: ['test'] });
    readIdSecret(folder);
    readSimulatorPublicKey(folder);
    const names = made.map(({ path }) => path === folder ? 'folder' : basename(path));
    process.stdout.write(JSON.stringify({ made: names }));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the process ended with ${status}`);
  return Buffer.concat(output).toString();
}
