/** `mintmark releases`: what is added, listed, checked and withdrawn, and what is refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cliOf } from '../kit/cli.ts';
import { productFile } from '../kit/products.ts';
import { makeHome } from '../kit/service.ts';

function open(t: ExecutionContext) {
  const home = makeHome(t, {
    products: { lumen: productFile('name: Lumen\nterm: P1Y\nmarketplaces: { fastspring: {} }') },
    files: {
      'dist/Lumen-4.2.dmg': 'for macOS',
      'dist/Lumen-4.2.zip': 'zip',
      'dist/.hidden': 'x',
      'dist/a"b.dmg': 'x',
    },
  });
  const dist = (name: string) => join(home.config.dataDir, 'dist', name);
  const cli = cliOf(home);
  const add = (version: string, names: readonly string[], ...options: readonly string[]) =>
    cli(['releases', 'add', 'lumen', version, ...names.map(dist), ...options]);
  return { home, cli, add, dist, folder: join(home.config.dataDir, 'downloads', 'lumen') };
}

test('a release has its files, sizes and checksums, today’s day where none is given, and further files later', async (t) => {
  const { cli, add, folder } = open(t);
  t.regex((await cli(['releases', 'list'])).out, /No releases in .*downloads\. Add one/);
  const said = await add('4.2', ['Lumen-4.2.dmg'], '--notes', 'Faster');
  t.is(said.status, 0, said.err);
  t.regex(
    said.out,
    /lumen 4\.2 of 2026-11-20, in .*\n {2}Lumen-4\.2\.dmg {2}macos {2}9 byte {2}[0-9a-f]{64}\n/,
  );
  t.deepEqual(readdirSync(join(folder, '4.2')).sort(), ['Lumen-4.2.dmg', 'release.json']);
  const more = await add('4.2', ['Lumen-4.2.zip'], '--platform', 'windows');
  t.is(more.status, 0, more.err);
  const { files, notes, day } = JSON.parse(readFileSync(join(folder, '4.2', 'release.json'), 'utf8'));
  t.deepEqual(
    files.map(({ name, platform }: Record<string, string>) => [name, platform]),
    [
      ['Lumen-4.2.dmg', 'macos'],
      ['Lumen-4.2.zip', 'windows'],
    ],
  );
  t.deepEqual([notes, day], ['Faster', '2026-11-20']);
  const listed = await cli(['releases', 'list', 'lumen']);
  t.regex(
    listed.out,
    /^lumen 4\.2 {2}2026-11-20\n {2}Lumen-4\.2\.dmg {2}macos {2}9 byte {2}asked for 0, sent whole 0\n/,
  );
  t.regex((await cli(['releases', 'check'])).out, /^ok {7}lumen 4\.2 {2}Lumen-4\.2\.dmg\nok/);
});

test('what cannot be a release is refused before anything is written, with what to do', async (t) => {
  const { add, cli, dist, folder } = open(t);
  const signed = Buffer.alloc(64, 1).toString('base64');
  for (const [why, said] of [
    [/is no file/i, await cli(['releases', 'add', 'lumen', '4.2', dist('missing.dmg')])],
    [/There is no product other/, await cli(['releases', 'add', 'other', '4.2', dist('Lumen-4.2.dmg')])],
    [/A version is letters/, await add('../4', ['Lumen-4.2.dmg'])],
    [/A version is letters/, await add('4.2', ['Lumen-4.2.dmg'], '--build', 'a b')],
    [/cannot get a file called \.hidden/, await add('4.2', ['.hidden'])],
    [/cannot get a file called a"b\.dmg/, await add('4.2', ['a"b.dmg'])],
    [/same name/, await add('4.2', ['Lumen-4.2.dmg', 'Lumen-4.2.dmg'])],
    [/no file is called x\.dmg/, await add('4.2', ['Lumen-4.2.dmg'], '--signature', `x.dmg=${signed}`)],
    [/needs 64 bytes of base64/, await add('4.2', ['Lumen-4.2.dmg'], '--signature', 'Lumen-4.2.dmg=AAAA')],
    [/YYYY-MM-DD/, await add('4.2', ['Lumen-4.2.dmg'], '--date', 'today')],
    [/one of macos/, await add('4.2', ['Lumen-4.2.dmg'], '--platform', 'amiga')],
  ] as const) {
    t.is(said.status, 1, String(why));
    t.regex(said.err.replace('There is no file', 'is no file'), why);
  }
  t.false(existsSync(folder));
});

test('a file of a release stays what it is, and a withdrawn release does not come back', async (t) => {
  const { add, cli, dist, folder } = open(t);
  t.is((await add('4.2', ['Lumen-4.2.dmg'])).status, 0);
  writeFileSync(dist('Lumen-4.2.dmg'), 'another');
  t.regex((await add('4.2', ['Lumen-4.2.dmg'])).err, /has another file Lumen-4\.2\.dmg already/);
  t.is(readFileSync(join(folder, '4.2', 'Lumen-4.2.dmg'), 'utf8'), 'for macOS');
  const withdraw = (version: string) => cli(['releases', 'withdraw', 'lumen', version, '--reason', 'broken']);
  t.is((await withdraw('4.2')).status, 0);
  t.regex((await cli(['releases', 'list'])).out, /^lumen 4\.2 {2}2026-11-20 {2}withdrawn: broken/);
  t.regex((await withdraw('4.2')).err, /was withdrawn before/);
  t.regex((await withdraw('9')).err, /There is no release lumen 9/);
  t.regex((await add('4.2', ['Lumen-4.2.zip'])).err, /was withdrawn: give its successor another version/);
  t.is((await cli(['releases', 'check'])).out, '', 'its files are not checked');
});

test('a half release, without release.json or with one that is no release, is none', async (t) => {
  const { cli, folder } = open(t);
  mkdirSync(join(folder, '4.2'), { recursive: true });
  writeFileSync(join(folder, '4.2', 'Lumen-4.2.dmg'), 'x');
  t.regex((await cli(['releases', 'list'])).out, /No releases/);
  writeFileSync(join(folder, '4.2', 'release.json'), '{"product":"lumen","version":"4.3"}');
  t.regex((await cli(['releases', 'list'])).out, /release\.json cannot be read, so it is no release/);
});
