import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  makePrivateKey,
  publicHalf,
  readPrivateKey,
  writePrivateKey,
} from '../../src/keyring/private-key.ts';
import { contents, keysFolder, modeOf, open, refusal, seeded } from '../kit/keys-folder.ts';

const PASSPHRASE = 'correct horse battery stäple';

/** CONTRIBUTING.md names the `openssl` command among what the tests need. */
const openssl = (...words: readonly string[]) =>
  execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' });

test('a private key is made from 32 random bytes, as in RFC 8032', (t) => {
  // RFC 8032, section 7.1, test 1.
  const secret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  const key = makePrivateKey(() => secret);
  t.is(publicHalf(key), 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
});

for (const passphrase of [undefined, PASSPHRASE]) {
  const how = passphrase === undefined ? 'plain' : 'encrypted';

  test(`a private key that is written ${how} reads back as the same key, and only its owner may read it`, (t) => {
    const { file, key } = written(t, passphrase);
    t.true(readPrivateKey(file, passphrase).equals(key));
    t.is(modeOf(file), 0o600);
    t.deepEqual(Object.keys(contents(join(file, '..'))), ['signing-key-1.pem']);
  });

  test(`openssl reads a private key that is written ${how}`, (t) => {
    const { file, key } = written(t, passphrase);
    const pem = openssl('pkey', '-in', file, '-passin', `pass:${passphrase ?? 'none'}`, '-pubout');
    t.true(createPublicKey(pem).equals(createPublicKey(key)));
  });
}

test('a private key never overwrites a file', (t) => {
  const { file, key } = written(t);
  const before = readFileSync(file, 'utf8');
  const error = refusal(t, () => writePrivateKey(file, key, { randomBytes }));
  t.is(error.code, 'bad_configuration');
  t.is(readFileSync(file, 'utf8'), before);
  t.deepEqual(Object.keys(contents(join(file, '..'))), ['signing-key-1.pem']);
});

test('an encrypted key contains neither the key nor the passphrase, and has other bytes each time', (t) => {
  const { file, key } = written(t, PASSPHRASE);
  const pem = readFileSync(file, 'utf8');
  t.regex(
    pem,
    /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END ENCRYPTED PRIVATE KEY-----\n$/,
  );
  const der = Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
  t.false(der.includes(Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url')));
  t.false(der.includes(PASSPHRASE));
  const again = join(file, '..', 'signing-key-2.pem');
  writePrivateKey(again, key, { passphrase: PASSPHRASE, randomBytes });
  t.not(readFileSync(again, 'utf8'), pem);
});

test('an encrypted key names scrypt with N 16384, r 8, p 1 and AES-256-CBC', (t) => {
  const { file } = written(t, PASSPHRASE);
  const parsed = openssl('asn1parse', '-in', file);
  for (const word of ['PBES2', 'scrypt', 'aes-256-cbc', ':4000', ':08', ':01'])
    t.true(parsed.includes(word), word);
});

test('a wrong passphrase is refused, naming file and setting without their contents', (t) => {
  const { file } = written(t, PASSPHRASE);
  t.notThrows(() => readPrivateKey(file, PASSPHRASE));
  // One in 256 wrong keys leaves padding that looks right, and the fault must be the same there.
  for (let count = 0; count < 20; count += 1) {
    const error = refusal(t, () => readPrivateKey(file, `wrong passphrase ${count}`));
    t.is(error.code, 'bad_configuration');
    t.regex(error.message, /signing-key-1\.pem does not open with the KEY_PASSPHRASE/);
    t.notRegex(error.message, /wrong passphrase/);
    t.is(error.cause, undefined);
  }
});

test('a missing passphrase is refused, naming the setting', (t) => {
  const { file } = written(t, PASSPHRASE);
  t.regex(refusal(t, () => readPrivateKey(file)).message, /is encrypted: set KEY_PASSPHRASE/);
});

test('a passphrase does not affect an unencrypted key', (t) => {
  const { file, key } = written(t);
  t.true(readPrivateKey(file, PASSPHRASE).equals(key));
});

test('a passphrase is at most 1023 bytes, which openssl can read', (t) => {
  const folder = made(t);
  const key = makePrivateKey(randomBytes);
  const longest = `${'ä'.repeat(511)}p`;
  writePrivateKey(join(folder, 'longest.pem'), key, { passphrase: longest, randomBytes });
  t.true(readPrivateKey(join(folder, 'longest.pem'), longest).equals(key));
  const error = refusal(t, () =>
    writePrivateKey(join(folder, 'longer.pem'), key, { passphrase: `${longest}p`, randomBytes }),
  );
  t.regex(error.message, /^KEY_PASSPHRASE: at most 1023 bytes/);
  t.deepEqual(Object.keys(contents(folder)), ['longest.pem']);
});

test('a private key that others can read is refused with the command that closes it', (t) => {
  const { file } = written(t);
  for (const mode of [0o644, 0o640, 0o604, 0o620]) {
    open(file, mode);
    t.true(refusal(t, () => readPrivateKey(file)).message.includes(`chmod 600 ${file}`), mode.toString(8));
  }
  for (const mode of [0o600, 0o400]) {
    open(file, mode);
    t.notThrows(() => readPrivateKey(file));
  }
});

test('a missing file, an invalid key and a key of another kind are refused, without content of the file', (t) => {
  const folder = made(t);
  const file = join(folder, 'key.pem');
  t.regex(refusal(t, () => readPrivateKey(file)).message, /key\.pem is missing/);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /holds no private key/],
    ['-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n', /holds no private key/],
    [rsa.export({ format: 'pem', type: 'pkcs8' }).toString(), /another kind of key/],
  ];
  for (const [text, message] of bad) {
    writeFileSync(file, text, { mode: 0o600 });
    const error = refusal(t, () => readPrivateKey(file));
    t.is(error.code, 'bad_configuration');
    t.regex(error.message, message);
    t.notRegex(error.message + error.stack, /c2VjcmV0/);
  }
});

test('a key that openssl made is read', (t) => {
  const file = join(made(t), 'key.pem');
  openssl('genpkey', '-algorithm', 'ed25519', '-out', file);
  open(file, 0o600);
  t.is(publicHalf(readPrivateKey(file)), publicHalf(createPrivateKey(readFileSync(file))));
});

test('a key that openssl encrypted, by scrypt or by PBKDF2, is read', (t) => {
  const folder = made(t);
  const plain = join(folder, 'plain.pem');
  openssl('genpkey', '-algorithm', 'ed25519', '-out', plain);
  for (const kdf of [['-scrypt'], ['-v2', 'aes-256-cbc']]) {
    const file = join(folder, `${kdf[0]}.pem`);
    openssl('pkcs8', '-topk8', ...kdf, '-in', plain, '-out', file, '-passout', `pass:${PASSPHRASE}`);
    open(file, 0o600);
    t.true(readPrivateKey(file, PASSPHRASE).equals(createPrivateKey(readFileSync(plain))));
  }
});

function made(t: ExecutionContext): string {
  const folder = keysFolder(t);
  mkdirSync(folder);
  return folder;
}

function written(t: ExecutionContext, passphrase?: string) {
  const file = join(made(t), 'signing-key-1.pem');
  const key = makePrivateKey(seeded('private key'));
  writePrivateKey(file, key, { passphrase, randomBytes });
  return { file, key };
}
