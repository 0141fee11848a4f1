import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  formatKeyring,
  type KeyEntry,
  parseKeyring,
  readKeyring,
  writeKeyring,
} from '../../src/keyring/keyring.ts';
import { contents, keysFolder, modeOf, refusal } from '../kit/keys-folder.ts';

const ONE: KeyEntry = {
  id: 1,
  mode: 'live',
  state: 'active',
  publicKey: 'a1'.repeat(32),
  created: '2026-11-21',
};
const TWO: KeyEntry = { ...ONE, id: 2, mode: 'test', publicKey: 'b2'.repeat(32) };

test('a keyring is written with one key per line, readable by all, and reads back unchanged', (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  writeKeyring(folder, [ONE, TWO]);
  const text = readFileSync(join(folder, 'keyring.json'), 'utf8');
  t.is(
    text,
    `[\n  {"id":1,"mode":"live","state":"active","publicKey":"${ONE.publicKey}","created":"2026-11-21"},\n` +
      `  {"id":2,"mode":"test","state":"active","publicKey":"${TWO.publicKey}","created":"2026-11-21"}\n]\n`,
  );
  t.is(modeOf(join(folder, 'keyring.json')), 0o644 & ~process.umask());
  t.deepEqual(readKeyring(folder), [ONE, TWO]);
});

test('a missing keyring is empty, and an empty list is a keyring', (t) => {
  t.deepEqual(readKeyring(keysFolder(t)), []);
  t.deepEqual(parseKeyring(formatKeyring([]), 'keyring.json'), []);
});

test('a keyring is replaced atomically: a reader of the old file reads it whole, and no other file is left', (t) => {
  const folder = keysFolder(t);
  mkdirSync(folder);
  writeKeyring(folder, [ONE]);
  const old = openSync(join(folder, 'keyring.json'), 'r');
  writeKeyring(folder, [ONE, TWO]);
  t.is(readFileSync(old, 'utf8'), formatKeyring([ONE]));
  closeSync(old);
  t.deepEqual(Object.keys(contents(folder)), ['keyring.json']);
  t.is(readKeyring(folder).length, 2);
});

test('a keyring that cannot be written stays unchanged, and the fault names the file', (t) => {
  const folder = keysFolder(t);
  mkdirSync(join(folder, 'keyring.json'), { recursive: true });
  writeFileSync(join(folder, 'keyring.json', 'in-the-way'), '');
  const error = refusal(t, () => writeKeyring(folder, [ONE]));
  t.is(error.code, 'bad_configuration');
  t.regex(error.message, /keyring\.json cannot be written/);
  t.deepEqual(Object.keys(contents(join(folder, 'keyring.json'))), ['in-the-way']);
  t.notThrows(() => writeKeyring(join(folder, '..'), [ONE]));
});

const FAULTS: readonly (readonly [string, object, RegExp])[] = [
  ['id 0', { id: 0 }, /key number 1 in the list, id: begins at 1/],
  ['id 256', { id: 256 }, /id: ends at 255/],
  ['half an id', { id: 1.5 }, /id: write a whole number/],
  ['an id as text', { id: '1' }, /id: write a whole number/],
  ['another mode', { mode: 'Live' }, /mode: write live or test/],
  ['another state', { state: 'old' }, /state: write next, active or retired/],
  ['31 bytes', { publicKey: 'a1'.repeat(31) }, /publicKey: write 32 bytes/],
  ['no hex', { publicKey: 'xx'.repeat(32) }, /publicKey: write 32 bytes/],
  ['a day that does not exist', { created: '2026-02-30' }, /created: write a day/],
  ['a field that nobody knows', { comment: 'hello' }, /comment/],
];

for (const [what, fault, message] of FAULTS) {
  test(`a keyring with ${what} is refused by name`, (t) => {
    t.notThrows(() => parseKeyring(JSON.stringify([ONE]), 'keyring.json'));
    const error = refusal(t, () => parseKeyring(JSON.stringify([{ ...ONE, ...fault }]), 'keyring.json'));
    t.is(error.code, 'bad_configuration');
    t.regex(error.message, /^keyring\.json: /);
    t.regex(error.message, message);
  });
}

test('a repeated id or public key in a keyring is refused', (t) => {
  t.notThrows(() => parseKeyring(JSON.stringify([ONE, TWO]), 'k'));
  const sameId = refusal(t, () => parseKeyring(JSON.stringify([ONE, { ...TWO, id: 1 }]), 'k'));
  t.is(sameId.message, 'k: key number 2 in the list, id: is there twice');
  const sameKey = refusal(t, () =>
    parseKeyring(JSON.stringify([ONE, { ...TWO, publicKey: ONE.publicKey }]), 'k'),
  );
  t.is(sameKey.message, 'k: key number 2 in the list, publicKey: is there twice');
});

test('all faults of a keyring are reported at once, one line each', (t) => {
  const error = refusal(t, () =>
    parseKeyring(
      JSON.stringify([
        { ...ONE, id: 0 },
        { ...TWO, mode: '' },
      ]),
      'k',
    ),
  );
  t.is(error.message.split('\n').length, 2);
});

test('a keyring that is not JSON, or not a list, is refused', (t) => {
  t.regex(refusal(t, () => parseKeyring('[', 'k')).message, /^k is not JSON/);
  t.is(refusal(t, () => parseKeyring('{}', 'k')).message, 'k: write a list: [...]');
});
