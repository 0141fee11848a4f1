import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CommanderError } from 'commander';
import type { CliContext } from '../../src/cli/context.ts';
import { keysCommand } from '../../src/cli/keys.ts';
import { AppError } from '../../src/errors.ts';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { fingerprintOf } from '../../src/keyring/fingerprint.ts';
import { parseKeyring, readKeyring, writeKeyring } from '../../src/keyring/keyring.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import type { Config } from '../../src/service/config.ts';
import { contents, keysFolder, modeOf, TODAY } from '../kit/keys-folder.ts';

const PASSPHRASE = 'a long enough passphrase';

test('the first live key is active at once, its files are closed, and the text says what comes next', async (t) => {
  const { folder, keys } = cli(t);
  const { out } = await keys('new', '--mode', 'live');
  t.regex(out, /^Made key 1 for live orders\. It is active: it signs from the next start of the service\.\n/);
  t.true(out.includes(join(folder, 'signing-key-1.pem')));
  t.regex(out, /not encrypted: KEY_PASSPHRASE is not set/);
  t.regex(out, /1\. Start the service once .* back up/);
  t.regex(out, /2\. Put the public keys into your program.* keys export --live-only/);
  t.is(modeOf(folder), 0o700);
  t.is(modeOf(join(folder, 'signing-key-1.pem')), 0o600);
  t.is(readKeyring(folder)[0]?.created, TODAY);
  t.is(loadSigners(folder, { modesNeeded: ['live'] }).signerFor('live')?.keyId, 1);
});

test('a key is next where its mode has an active key, or where --next says so, and the text says which', async (t) => {
  const { keys } = cli(t);
  t.regex(
    (await keys('new', '--mode', 'live', '--next')).out,
    /It is next: it signs nothing until you activate it/,
  );
  await keys('new', '--mode', 'live');
  const { out } = await keys('new', '--mode', 'live');
  t.regex(out, /It is next, because another live key is active/);
  t.regex(out, /Once every program that you support knows key 3: .*keys activate 3/);
  t.is(await states(keys), '1 next, 2 active, 3 next');
});

test('rotation: the next key is published, activated, and the old one is retired and stays in the keyring', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'live');
  await keys('new', '--mode', 'live', '--next');
  t.is(loadSigners(folder, { modesNeeded: ['live'] }).signerFor('live')?.keyId, 1);
  t.deepEqual(parseKeyring((await keys('export', '--live-only')).out, 'k'), readKeyring(folder));

  const { out } = await keys('activate', '2');
  t.regex(out, /^Key 2 is active: it signs live orders from the next start/);
  t.regex(out, /Key 1 is retired: it signs nothing more, and its codes stay valid/);
  const signers = loadSigners(folder, { modesNeeded: ['live'] });
  t.is(signers.signerFor('live')?.keyId, 2);
  t.deepEqual(
    signers.keyring.map(({ id, state }) => [id, state]),
    [
      [1, 'retired'],
      [2, 'active'],
    ],
  );
  t.is((await keys('activate', '2')).out, 'Key 2 is active already.\n');
});

test('the only active live key cannot be retired: the command says why and what to do, and changes nothing', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'live');
  await keys('new', '--mode', 'test');
  const before = contents(folder);
  const error = await refused(t, keys('retire', '1'));
  t.is(error.code, 'bad_usage');
  t.regex(
    error.message,
    /Key 1 is the only active live key: without it no live order could be given a license/,
  );
  t.deepEqual(contents(folder), before);
});

test('a key that is next is retired', async (t) => {
  const { keys } = cli(t);
  await keys('new', '--mode', 'live');
  await keys('new', '--mode', 'live', '--next');
  t.regex((await keys('retire', '2')).out, /^Key 2 is retired/);
  t.is((await keys('retire', '2')).out, 'Key 2 is retired already.\n');
  t.is(await states(keys), '1 active, 2 retired');
});

test('two active keys of a mode, which the start refuses, are corrected by retiring one key', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'live');
  await keys('new', '--mode', 'live');
  writeKeyring(
    folder,
    readKeyring(folder).map((entry) => ({ ...entry, state: 'active' })),
  );
  t.throws(() => loadSigners(folder, { modesNeeded: ['live'] }));
  await keys('retire', '1');
  t.notThrows(() => loadSigners(folder, { modesNeeded: ['live'] }));
});

test('a key whose private half is missing or does not open is not activated', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'live');
  const sealed = cli(t, { folder, passphrase: PASSPHRASE });
  await sealed.keys('new', '--mode', 'live');
  t.regex((await refused(t, keys('activate', '2'))).message, /is encrypted: set KEY_PASSPHRASE/);
  const other = cli(t, { folder, passphrase: 'another passphrase' });
  t.regex((await refused(t, other.keys('activate', '2'))).message, /does not open with the KEY_PASSPHRASE/);
  t.is(await states(keys), '1 active, 2 next');
  await sealed.keys('activate', '2');
  rmSync(join(folder, 'signing-key-1.pem'));
  t.regex((await refused(t, sealed.keys('activate', '1'))).message, /signing-key-1\.pem is missing/);
  t.is(await states(keys), '1 retired, 2 active');
});

test('with a passphrase the private half is encrypted, and no command prints it or any secret', async (t) => {
  const { folder, keys } = cli(t, { passphrase: PASSPHRASE });
  await makeMissing(folder, { today: TODAY, passphrase: PASSPHRASE, simulator: false, ledgerExists: false });
  const said = [
    await keys('new', '--mode', 'live'),
    await keys('new', '--mode', 'live', '--json'),
    await keys('list'),
    await keys('export'),
    await keys('activate', '3'),
    await keys('retire', '2', '--json'),
  ];
  t.regex(said[0]!.out, /encrypted with KEY_PASSPHRASE/);
  t.notRegex(said[0]!.out, /Start the service once/);
  const pem = contents(folder)['signing-key-2.pem']!;
  t.regex(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  const told = said.map(({ out, err }) => out + err).join('');
  const secret = readFileSync(join(folder, 'id-secret'), 'utf8').trim();
  for (const word of [PASSPHRASE, secret, pem.split('\n')[1]!, 'PRIVATE KEY']) t.false(told.includes(word));
});

test('export prints what a program embeds; --live-only leaves test keys out, and without it a note says they are in', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'test');
  t.is((await refused(t, keys('export', '--live-only'))).code, 'not_found');
  await keys('new', '--mode', 'live');
  const all = await keys('export');
  t.is(all.out, readFileSync(join(folder, 'keyring.json'), 'utf8'));
  t.regex(all.err, /A production build embeds live keys only: add --live-only/);
  const live = await keys('export', '--live-only', '--json');
  t.deepEqual(
    parseKeyring(live.out, 'k').map(({ id, mode }) => [id, mode]),
    [[2, 'live']],
  );
  t.is(live.err, '');
});

test('list shows every key on a line with its fingerprint, and says how to make one where there is none', async (t) => {
  const { folder, keys } = cli(t);
  t.regex((await keys('list')).out, /^No keys yet\..*keys new --mode live/);
  await keys('new', '--mode', 'test');
  const [key] = readKeyring(folder);
  t.is(
    (await keys('list')).out,
    ` id  mode  state    created     fingerprint          public key
  1  test  active   2026-11-21  ${fingerprintOf(key!.publicKey)}  ${key!.publicKey}\n`,
  );
});

test('each command answers --json with one line of JSON', async (t) => {
  const { folder, keys } = cli(t);
  const json = async (...words: readonly string[]) => JSON.parse((await keys(...words, '--json')).out);
  const made = await json('new', '--mode', 'live');
  const [first] = readKeyring(folder);
  t.deepEqual(made, { key: first, file: join(folder, 'signing-key-1.pem'), encrypted: false });
  await json('new', '--mode', 'live');
  t.deepEqual(await json('list'), {
    keys: readKeyring(folder).map((key) => ({ ...key, fingerprint: fingerprintOf(key.publicKey) })),
  });
  const activated = await json('activate', '2');
  t.deepEqual(activated, { changed: true, key: readKeyring(folder)[1], retired: [1] });
  t.deepEqual(await json('retire', '1'), { changed: false, key: readKeyring(folder)[0], retired: [] });
  t.deepEqual(await json('export'), readKeyring(folder));
});

test('a missing key is not found, and a text that is no number is bad usage', async (t) => {
  const { keys } = cli(t);
  t.is((await refused(t, keys('activate', '1'))).code, 'not_found');
  await keys('new', '--mode', 'live');
  t.is((await refused(t, keys('retire', '2'))).code, 'not_found');
  for (const id of ['0', 'one', '1.0', '01', '1000']) {
    t.is((await refused(t, keys('retire', id))).code, 'bad_usage', id);
  }
});

test('a mode other than live or test, or none, is refused', async (t) => {
  const { keys } = cli(t);
  for (const words of [['new'], ['new', '--mode', 'Live'], ['new', '--mode']]) {
    const error = await t.throwsAsync(keys(...words), { instanceOf: CommanderError });
    t.is(error?.exitCode, 1);
  }
});

test('a damaged keyring is refused by every command and never written over', async (t) => {
  const { folder, keys } = cli(t);
  await keys('new', '--mode', 'live');
  writeFileSync(join(folder, 'keyring.json'), '[{"id":1}]');
  for (const words of [['new', '--mode', 'test'], ['list'], ['activate', '1'], ['retire', '1'], ['export']]) {
    t.is((await refused(t, keys(...words))).code, 'bad_configuration', words.join(' '));
  }
  t.is(contents(folder)['keyring.json'], '[{"id":1}]');
  t.deepEqual(Object.keys(contents(folder)), ['keyring.json', 'signing-key-1.pem']);
});

test('commands that run at once each get a key of their own', async (t) => {
  const { folder, keys } = cli(t);
  await Promise.all(Array.from({ length: 5 }, () => keys('new', '--mode', 'live')));
  t.deepEqual(
    readKeyring(folder).map(({ id }) => id),
    [1, 2, 3, 4, 5],
  );
  t.notThrows(() => loadSigners(folder, { modesNeeded: ['live'] }));
});

for (const name of ['new', 'list', 'activate', 'retire', 'export']) {
  test(`keys ${name} --help gives an example, and needs no settings`, async (t) => {
    let help = '';
    const context = contextOf((text) => {
      help += text;
    });
    const error = await t.throwsAsync(keysCommand(context).parseAsync([name, '--help'], { from: 'user' }), {
      instanceOf: CommanderError,
    });
    t.is(error?.exitCode, 0);
    t.true(help.includes(`$ npm run -s mintmark -- keys ${name}`));
    t.regex(help, /--json/);
  });
}

type Run = (...words: readonly string[]) => Promise<{ out: string; err: string }>;

function cli(
  t: ExecutionContext,
  given: { folder?: string; passphrase?: string } = {},
): { folder: string; keys: Run } {
  const folder = given.folder ?? keysFolder(t);
  const keys: Run = async (...words) => {
    const said = { out: '', err: '' };
    const context: CliContext = {
      ...contextOf(
        (text) => {
          said.out += text;
        },
        (text) => {
          said.err += text;
        },
      ),
      config: () => ({ keysDir: folder, keyPassphrase: given.passphrase }) as Config,
    };
    await keysCommand(context).parseAsync(words, { from: 'user' });
    return said;
  };
  return { folder, keys };
}

function contextOf(stdout: (text: string) => void, stderr: (text: string) => void = () => {}): CliContext {
  return {
    env: {},
    stdout,
    stderr,
    stdin: (async function* () {})(),
    now: () => Date.parse(`${TODAY}T23:59:59Z`),
    config: () => {
      throw new Error('the settings were read');
    },
  };
}

async function states(keys: Run): Promise<string> {
  const { keys: entries } = JSON.parse((await keys('list', '--json')).out);
  return entries.map(({ id, state }: { id: number; state: string }) => `${id} ${state}`).join(', ');
}

async function refused(t: ExecutionContext, running: Promise<unknown>): Promise<AppError> {
  return (await t.throwsAsync(running, { instanceOf: AppError }))!;
}
