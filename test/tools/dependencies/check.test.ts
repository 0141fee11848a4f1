import { readFileSync } from 'node:fs';
import test from 'ava';
import { faultsOf } from '../../../tools/dependencies/check.ts';
import { FIRST_SAFE_VERSIONS } from '../../../tools/dependencies/first-safe-versions.ts';
import { readLockfile } from '../../../tools/dependencies/lockfile.ts';

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const KOA = [{ name: 'koa', versions: ['2.16.4', '3.1.2'], advisory: 'GHSA-7gcc-r8m5-44qm', hole: 'a hole' }];

test('no package of the lockfile has a known hole, can be changed in silence or runs a script that is not needed', (t) => {
  const lockfile = readFileSync('package-lock.json', 'utf8');
  t.deepEqual(faultsOf(lockfile, readFileSync('package.json', 'utf8'), FIRST_SAFE_VERSIONS), []);
  const lines = lockfile.split('\n');
  for (const { name, line } of readLockfile(lockfile)) t.true(lines[line - 1]?.includes(`${name}": {`), name);
});

test('a version before the first safe one is found wherever it is in the tree, with the line to change', (t) => {
  const lockfile = locked({
    'node_modules/koa': { version: '3.1.2', integrity: INTEGRITY },
    'node_modules/x/node_modules/koa': { version: '3.1.1', integrity: INTEGRITY },
  });
  t.deepEqual(faultsOf(lockfile, scripts({}), KOA), [
    'package-lock.json:12: koa 3.1.1: a hole (GHSA-7gcc-r8m5-44qm): raise it to 2.16.4 or 3.1.2 or later',
  ]);
});

test('a version is held to the first safe one of its own major, and a pre-release is before its release', (t) => {
  const isFound = (version: string): boolean =>
    faultsOf(locked({ 'node_modules/koa': { version, integrity: INTEGRITY } }), scripts({}), KOA).length > 0;
  for (const version of ['1.7.1', '2.16.3', '2.9.9', '3.0.0', '3.1.2-rc.1'])
    t.true(isFound(version), version);
  for (const version of ['2.16.4', '2.17.0', '3.1.2', '3.10.0', '4.0.0', '3.1.3-rc.1']) {
    t.false(isFound(version), version);
  }
});

test('an alias is known by the name that it was published under', (t) => {
  const lockfile = locked({ 'node_modules/y': { name: 'koa', version: '3.1.1', integrity: INTEGRITY } });
  t.is(faultsOf(lockfile, scripts({}), KOA).length, 1);
});

test('a package without a SHA-512, or with the address of a registry, is found', (t) => {
  const lockfile = locked({
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', integrity: 'sha1-AAAA' },
    'node_modules/c': { version: '1.0.0', integrity: INTEGRITY, resolved: 'https://registry.example/c.tgz' },
  });
  t.deepEqual(faultsOf(lockfile, scripts({}), []), [
    'package-lock.json:8: a 1.0.0: has no SHA-512 digest',
    'package-lock.json:11: b 1.0.0: has no SHA-512 digest',
    'package-lock.json:15: c 1.0.0: names a registry: delete "resolved"',
  ]);
});

test('install scripts: each is listed, each listed script exists, and only the script of node may run', (t) => {
  const withScript = { version: '1.0.0', integrity: INTEGRITY, hasInstallScript: true };
  const lockfile = locked({ 'node_modules/node': withScript, 'node_modules/a': withScript });
  const implied = locked({ 'node_modules/better-sqlite3': { version: '1.0.0', integrity: INTEGRITY } });
  t.is(faultsOf(implied, scripts({}), []).length, 1);
  t.deepEqual(faultsOf(implied, scripts({ 'better-sqlite3': false }), []), []);
  t.deepEqual(faultsOf(lockfile, scripts({ node: true, a: false }), []), []);
  t.deepEqual(faultsOf(lockfile, scripts({ node: true }), []), [
    'package.json: allowScripts says nothing of a, which has an install script',
  ]);
  t.deepEqual(faultsOf(lockfile, scripts({ node: false, a: true, b: false }), []), [
    'package.json: allowScripts names b, which has no install script',
    'package.json: allowScripts must say true for node',
    'package.json: allowScripts must say false for a',
  ]);
});

test('a line of the table for a package that is not in the tree is found: its name can be misspelled', (t) => {
  t.deepEqual(faultsOf(locked({}), scripts({}), KOA), [
    'tools/dependencies/first-safe-versions.ts: koa is not in the tree: remove its line',
  ]);
});

function locked(packages: Readonly<Record<string, object>>): string {
  const project = { name: 'mintmark', version: '0.1.0' };
  return JSON.stringify({ lockfileVersion: 3, packages: { '': project, ...packages } }, null, 2);
}

function scripts(allowScripts: Readonly<Record<string, boolean>>): string {
  return JSON.stringify({ allowScripts });
}
