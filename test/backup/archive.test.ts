import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { manifestShape } from '../../src/backup/manifest.ts';
import { readArchive } from '../../src/backup/read-archive.ts';
import { fileSource, textSource, writeArchive } from '../../src/backup/write-archive.ts';
import { AppError } from '../../src/errors.ts';
import { modeOf, seeded } from '../kit/keys-folder.ts';
import { temporaryFolder } from '../kit/service.ts';

const PASSPHRASE = 'a passphrase of a backup';
const CHEAP = { n: 2, r: 8, p: 1 };
/** Windows takes both slashes. */
const LEADING_OUT = ['../a', '/etc/a', 'keys/../../a', 'keys/.a', '.env', 'a\\b', 'keys/..\\..\\a', '..', ''];

const ABOUT = { kind: 'keys', version: '0.0.0', at: '2026-11-21T10:00:00.000Z' } as const;

test('what was written is read again byte for byte, also where a file is larger than one piece', (t) => {
  const { file, folder } = place(t);
  const large = Buffer.from(seeded('large')(2 ** 21 + 17));
  writeFileSync(join(folder, 'large'), large);
  const sources = [
    textSource('keys/a', 'text'),
    textSource('keys/empty', ''),
    fileSource('ledger.sqlite', join(folder, 'large')),
  ];
  writeArchive(file, PASSPHRASE, ABOUT, sources, CHEAP);
  t.is(modeOf(file), 0o600);
  t.deepEqual(contentsOf(file), {
    'keys/a': 'text',
    'keys/empty': '',
    'ledger.sqlite': large.toString('latin1'),
  });
  t.deepEqual(readArchive(file, PASSPHRASE).manifest, {
    ...ABOUT,
    files: [
      { path: 'keys/a', bytes: 4 },
      { path: 'keys/empty', bytes: 0 },
      { path: 'ledger.sqlite', bytes: large.length },
    ],
  });
});

test('the head states version and parameters, and nothing else is readable', (t) => {
  const { file } = place(t);
  writeArchive(file, PASSPHRASE, ABOUT, [textSource('keys/id-secret', 'planted secret')], CHEAP);
  const bytes = readFileSync(file, 'latin1');
  const [version, parameters = ''] = bytes.split('\n');
  t.is(version, 'mintmark backup v1');
  t.like(JSON.parse(parameters), { kdf: 'scrypt', ...CHEAP, cipher: 'aes-256-gcm' });
  t.notRegex(bytes, /planted|id-secret|passphrase/);
});

test('two backups of the same content share no salt, no iv and no ciphertext', (t) => {
  const { file, folder } = place(t);
  const other = join(folder, 'other');
  for (const each of [file, other])
    writeArchive(each, PASSPHRASE, ABOUT, [textSource('keys/a', 'same')], CHEAP);
  const [first, second] = [file, other].map((each) => readFileSync(each, 'latin1').split('\n')[1] ?? '');
  t.not(JSON.parse(first ?? '').salt, JSON.parse(second ?? '').salt);
  t.not(JSON.parse(first ?? '').iv, JSON.parse(second ?? '').iv);
});

test('each single changed byte, and each cut, is refused', (t) => {
  const { file } = place(t);
  writeArchive(file, PASSPHRASE, ABOUT, [textSource('keys/a', 'text')], CHEAP);
  const bytes = readFileSync(file);
  t.notThrows(() => readArchive(file, PASSPHRASE), 'the control: unchanged, it is read');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    t.throws(() => readArchive(file, PASSPHRASE), { instanceOf: AppError }, `byte ${at}`);
    writeFileSync(file, bytes.subarray(0, at));
    t.throws(() => readArchive(file, PASSPHRASE), { instanceOf: AppError }, `cut at ${at}`);
  }
  writeFileSync(file, Buffer.concat([bytes, Buffer.of(0)]));
  t.throws(() => readArchive(file, PASSPHRASE), { message: /is damaged/ });
});

test('a wrong passphrase, a newer version, another file and a missing file are told apart', (t) => {
  const { file } = place(t);
  writeArchive(file, PASSPHRASE, ABOUT, [textSource('keys/a', 'text')], CHEAP);
  const text = readFileSync(file, 'latin1');
  t.throws(() => readArchive(file, 'another passphrase'), { message: /has another passphrase/ });
  const with_ = (from: string | RegExp, to: string) => writeFileSync(file, text.replace(from, to), 'latin1');
  with_('backup v1', 'backup v2');
  t.throws(() => readArchive(file, PASSPHRASE), { message: /newer Mintmark.*update Mintmark/ });
  with_('"n":2,', `"n":${2 ** 30},`);
  t.throws(() => readArchive(file, PASSPHRASE), { message: /its head cannot be read/ });
  with_('mintmark', 'Mintmark');
  t.throws(() => readArchive(file, PASSPHRASE), { message: /is no backup of Mintmark/ });
  t.throws(() => readArchive(`${file}.gone`, PASSPHRASE), { message: /cannot be read/ });
});

test('a path that leads out of its folder is refused where it is read, although it is authenticated', (t) => {
  for (const path of LEADING_OUT) t.false(manifestShape.safeParse(manifestOf(path)).success, path);
  t.true(manifestShape.safeParse(manifestOf('keys/a')).success, 'control');
});

test('a file whose name no restore takes back makes no backup', (t) => {
  const { file } = place(t);
  for (const path of LEADING_OUT) {
    const message = `${path} has a name that no backup can hold: rename it.`;
    t.throws(() => writeArchive(file, PASSPHRASE, ABOUT, [textSource(path, 'text')], CHEAP), { message });
    t.throws(() => readFileSync(file), { code: 'ENOENT' });
  }
});

test('every other name is read again, such as that of a draft beside the products', (t) => {
  const { file } = place(t);
  const names = ['products/new draft.md', 'products/Größe (2).md', 'products/a:b.md', 'picture/my logo.svg'];
  const sources = names.map((name) => textSource(name, 'text'));
  writeArchive(file, PASSPHRASE, ABOUT, sources, CHEAP);
  t.deepEqual(contentsOf(file), Object.fromEntries(names.map((name) => [name, 'text'])));
});

test('a backup never replaces a file, and a fault leaves none behind', (t) => {
  const { file } = place(t);
  writeFileSync(file, 'mine');
  t.throws(() => writeArchive(file, PASSPHRASE, ABOUT, [], CHEAP), { message: /never replaces a file/ });
  t.is(readFileSync(file, 'utf8'), 'mine');
  const lying = { path: 'keys/a', bytes: 5, content: () => [Buffer.from('four')] };
  t.throws(() => writeArchive(`${file}.2`, PASSPHRASE, ABOUT, [lying], CHEAP), {
    message: /changed during the backup/,
  });
  t.throws(() => readFileSync(`${file}.2`), { code: 'ENOENT' });
});

function manifestOf(path: string) {
  return { ...ABOUT, files: [{ path, bytes: 4 }] };
}

function place(t: ExecutionContext) {
  const folder = temporaryFolder(t);
  return { folder, file: join(folder, 'x.backup') };
}

function contentsOf(file: string): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const { path, pieces } of readArchive(file, PASSPHRASE).contents())
    contents[path] = Buffer.concat([...pieces]).toString('latin1');
  return contents;
}
