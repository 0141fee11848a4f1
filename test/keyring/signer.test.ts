import { randomBytes, verify } from 'node:crypto';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeIdSecret } from '../../src/keyring/id-secret.ts';
import { makeFolder } from '../../src/keyring/key-files.ts';
import { readKeyring, writeKeyring } from '../../src/keyring/keyring.ts';
import { readPrivateKey } from '../../src/keyring/private-key.ts';
import { activate } from '../../src/keyring/rotation.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import { makeSimulatorKey } from '../../src/keyring/simulator-key.ts';
import { addKey, keysFolder, open, refusal } from '../kit/keys-folder.ts';

const MESSAGE = Buffer.from('mintmark license v1');
const BOTH = { modesNeeded: ['live', 'test'] } as const;
const NONE = { modesNeeded: [] } as const;

test("each mode signs with its own active key, and the key's public half verifies it", (t) => {
  const { folder } = liveAndTest(t);
  const signers = loadSigners(folder, BOTH);
  for (const [mode, id] of [
    ['live', 1],
    ['test', 2],
  ] as const) {
    const signer = signers.signerFor(mode)!;
    t.is(signer.keyId, id);
    const signature = signer.sign(MESSAGE);
    t.is(signature.length, 64);
    t.deepEqual(signer.sign(MESSAGE), signature);
    const key = { key: Buffer.from(signers.keyring[id - 1]!.publicKey, 'hex') };
    t.true(verify(null, MESSAGE, spki(key.key), signature));
    t.false(verify(null, Buffer.from('another'), spki(key.key), signature));
  }
});

test('a mode that is not needed can lack a key, and then has no signer', (t) => {
  const folder = made(t);
  addKey(folder, { mode: 'test' });
  const signers = loadSigners(folder, { modesNeeded: ['test'] });
  t.is(signers.signerFor('live'), undefined);
  t.is(signers.signerFor('test')?.keyId, 1);
});

test('a mode that is needed and has no active key is refused with the command that makes one', (t) => {
  const folder = made(t);
  addKey(folder, { mode: 'live', next: true });
  t.notThrows(() => loadSigners(folder, NONE));
  const error = refusal(t, () => loadSigners(folder, { modesNeeded: ['live'] }));
  t.is(error.code, 'bad_configuration');
  t.is(
    error.message,
    'There is no active live signing key: make one with  npm run -s mintmark -- keys new --mode live',
  );
});

test('a private key that does not match its public half is refused, naming both files', (t) => {
  const { folder } = liveAndTest(t);
  t.notThrows(() => loadSigners(folder, BOTH));
  copyFileSync(join(folder, 'signing-key-2.pem'), join(folder, 'signing-key-1.pem'));
  const { message } = refusal(t, () => loadSigners(folder, BOTH));
  t.regex(message, /signing-key-1\.pem does not fit the public key that .*keyring\.json has for key 1/);
});

test('two active keys of a mode are refused, naming both', (t) => {
  const { folder } = liveAndTest(t);
  addKey(folder, { mode: 'live' });
  t.notThrows(() => loadSigners(folder, BOTH));
  writeKeyring(
    folder,
    readKeyring(folder).map((entry) => ({ ...entry, state: 'active' })),
  );
  t.regex(
    refusal(t, () => loadSigners(folder, BOTH)).message,
    /more than one active live key \(1 and 3\): .*keys retire/,
  );
});

for (const name of ['signing-key-1.pem', 'signing-key-3.pem', 'id-secret', 'simulator.pem']) {
  test(`${name} that others can read is refused with the command that closes it, once`, (t) => {
    const { folder } = liveAndTest(t);
    addKey(folder, { mode: 'live', next: true });
    makeIdSecret(folder, randomBytes);
    makeSimulatorKey(folder);
    t.notThrows(() => loadSigners(folder, BOTH));
    open(join(folder, name));
    const { message } = refusal(t, () => loadSigners(folder, BOTH));
    t.is(
      message,
      `${join(folder, name)} is open to others (its mode is 0644): close it with  chmod 600 ${join(folder, name)}`,
    );
  });
}

test('the public keyring can be readable by all', (t) => {
  const { folder } = liveAndTest(t);
  open(join(folder, 'keyring.json'), 0o644);
  t.notThrows(() => loadSigners(folder, BOTH));
});

test('an active key whose private file is missing is refused, also in a mode that is not needed', (t) => {
  const { folder } = liveAndTest(t);
  rmSync(join(folder, 'signing-key-1.pem'));
  t.regex(refusal(t, () => loadSigners(folder, NONE)).message, /signing-key-1\.pem is missing/);
});

test('keys that are next or retired need no private file', (t) => {
  const { folder } = liveAndTest(t);
  addKey(folder, { mode: 'live', next: true });
  writeKeyring(folder, activate(readKeyring(folder), 3));
  addKey(folder, { mode: 'live', next: true });
  rmSync(join(folder, 'signing-key-1.pem'));
  rmSync(join(folder, 'signing-key-4.pem'));
  const signers = loadSigners(folder, BOTH);
  t.is(signers.signerFor('live')?.keyId, 3);
  t.deepEqual(
    signers.keyring.map((entry) => entry.state),
    ['retired', 'active', 'active', 'next'],
  );
});

test('encrypted keys sign with their passphrase, and a wrong or missing one is refused for each key', (t) => {
  const folder = made(t);
  const passphrase = 'a long enough passphrase';
  addKey(folder, { mode: 'live', passphrase });
  addKey(folder, { mode: 'test', passphrase });
  t.is(
    loadSigners(folder, { ...BOTH, passphrase })
      .signerFor('live')
      ?.sign(MESSAGE).length,
    64,
  );
  const wrong = refusal(t, () => loadSigners(folder, { ...BOTH, passphrase: 'another passphrase' }));
  t.is(wrong.message.match(/does not open with the KEY_PASSPHRASE/g)?.length, 2);
  const missing = refusal(t, () => loadSigners(folder, BOTH));
  t.is(missing.message.match(/is encrypted: set KEY_PASSPHRASE/g)?.length, 2);
});

test('all faults are reported at once, one line each, without a secret', (t) => {
  const folder = made(t);
  const passphrase = 'a long enough passphrase';
  addKey(folder, { mode: 'live' });
  makeIdSecret(folder, () => Buffer.alloc(32, 0xab));
  const secret = readPrivateKey(join(folder, 'signing-key-1.pem')).export({ format: 'jwk' }).d!;
  open(join(folder, 'signing-key-1.pem'));
  open(join(folder, 'id-secret'));
  const error = refusal(t, () => loadSigners(folder, { ...BOTH, passphrase }));
  t.is(error.message.split('\n').length, 3);
  const told = `${error.message} ${error.detail} ${error.stack} ${error.cause}`;
  const hex = Buffer.from(secret, 'base64url').toString('hex');
  for (const word of [passphrase, 'abab', secret, hex, 'PRIVATE']) t.false(told.includes(word), word);
});

test('a damaged keyring is refused before any key is read', (t) => {
  const { folder } = liveAndTest(t);
  writeFileSync(join(folder, 'keyring.json'), '[{}]');
  t.is(refusal(t, () => loadSigners(folder, BOTH)).code, 'bad_configuration');
});

function made(t: ExecutionContext): string {
  const folder = keysFolder(t);
  makeFolder(folder);
  return folder;
}

function liveAndTest(t: ExecutionContext) {
  const folder = made(t);
  return { folder, live: addKey(folder, { mode: 'live' }), test: addKey(folder, { mode: 'test' }) };
}

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410, section 4). */
function spki(publicKey: Uint8Array) {
  const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return { key, format: 'der', type: 'spki' } as const;
}
