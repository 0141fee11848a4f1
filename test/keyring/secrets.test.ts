import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeIdSecret, readIdSecret } from '../../src/keyring/id-secret.ts';
import { makeFolder } from '../../src/keyring/key-files.ts';
import {
  makeSimulatorKey,
  readSimulatorKey,
  readSimulatorPublicKey,
} from '../../src/keyring/simulator-key.ts';
import { contents, keysFolder, modeOf, open, refusal } from '../kit/keys-folder.ts';

const HEX = '0123456789abcdef'.repeat(4);

for (const [what, text] of [
  ['32 bytes', HEX],
  ['32 bytes and a line end', `${HEX}\n`],
  ['a Windows line end', `${HEX}\r\n`],
  ['upper case', HEX.toUpperCase()],
  ['more than 32 bytes', `${HEX}ff`],
] as const) {
  test(`an id secret of ${what} is read`, (t) => {
    const folder = withIdSecret(t, text);
    t.deepEqual(Buffer.from(readIdSecret(folder)).toString('hex'), text.trim().toLowerCase());
  });
}

for (const [what, text] of [
  ['nothing', ''],
  ['31 bytes', HEX.slice(2)],
  ['half a byte too much', `${HEX}f`],
  ['letters that are no hex', `${HEX}xy`],
  ['a space before it', ` ${HEX}`],
  ['a space behind it', `${HEX} `],
  ['two line ends', `${HEX}\n\n`],
  ['white space inside', `${HEX.slice(32)} ${HEX}`],
] as const) {
  test(`an id secret of ${what} is refused, and not repeated`, (t) => {
    const folder = withIdSecret(t, text);
    const error = refusal(t, () => readIdSecret(folder));
    t.is(error.code, 'bad_configuration');
    t.regex(error.message, /id-secret is damaged .* restore it from your backup/);
    t.notRegex(error.message, /456789/);
  });
}

test('an id secret is never overwritten', (t) => {
  const folder = withIdSecret(t, HEX);
  t.false(makeIdSecret(folder, randomBytes));
  t.is(contents(folder)['id-secret'], HEX);
  t.deepEqual(Object.keys(contents(folder)), ['id-secret']);
  rmSync(join(folder, 'id-secret'));
  t.true(makeIdSecret(folder, randomBytes));
  t.is(modeOf(join(folder, 'id-secret')), 0o600);
});

test('an id secret or a simulator key that others can read, or that is missing, is refused', (t) => {
  const folder = withIdSecret(t, HEX);
  makeSimulatorKey(folder);
  for (const [name, read] of [
    ['id-secret', readIdSecret],
    ['simulator.pem', readSimulatorPublicKey],
  ] as const) {
    t.notThrows(() => read(folder));
    open(join(folder, name), 0o640);
    t.regex(refusal(t, () => read(folder)).message, /chmod 600/);
    rmSync(join(folder, name));
    t.regex(
      refusal(t, () => read(folder)).message,
      /(id-secret is missing: restore it|simulator\.pem is missing: the service makes it)/,
    );
  }
});

test("what the simulator's private half signs its public half verifies, and the pair is never overwritten", (t) => {
  const folder = keysFolder(t);
  makeFolder(folder);
  t.true(makeSimulatorKey(folder));
  const before = contents(folder);
  t.false(makeSimulatorKey(folder));
  t.deepEqual(contents(folder), before);
  const message = Buffer.from('an order');
  const signature = sign('sha1', message, readSimulatorKey(folder));
  const key = readSimulatorPublicKey(folder);
  t.is(key.type, 'public');
  t.true(verify('sha1', message, key, signature));
});

test('a simulator file that holds no RSA key is refused', (t) => {
  const folder = keysFolder(t);
  makeFolder(folder);
  const ed25519 = generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();
  for (const text of ['', 'hello', ed25519]) {
    writeFileSync(join(folder, 'simulator.pem'), text, { mode: 0o600 });
    t.regex(refusal(t, () => readSimulatorKey(folder)).message, /simulator\.pem holds no RSA private key/);
  }
});

function withIdSecret(t: ExecutionContext, text: string): string {
  const folder = keysFolder(t);
  makeFolder(folder);
  writeFileSync(join(folder, 'id-secret'), text, { mode: 0o600 });
  return folder;
}
