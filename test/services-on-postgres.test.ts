/** Each test file that has a service runs on PostgreSQL too, or is in a list that says why not. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { ON_A_FILE, ON_POSTGRES } from './postgres/services.ts';

const SERVICE = join('test', 'kit', 'service.ts');

/** The files of tests that a file imports, also by others. */
function importsOf(file: string, known: Set<string> = new Set()): ReadonlySet<string> {
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    const imported = join(dirname(file), path);
    if (known.has(imported) || !imported.startsWith('test') || !existsSync(imported)) continue;
    known.add(imported);
    importsOf(imported, known);
  }
  return known;
}

/** Those of `test/postgres` are on PostgreSQL by themselves. */
const FILES = globSync('test/**/*.test.ts', { exclude: ['test/postgres/**', 'test/browser/**'] })
  .filter((file) => importsOf(file).has(SERVICE))
  .sort();

const REASONS = Object.values(ON_A_FILE).flat();

test('each test file that can start a service is in one list: it runs on PostgreSQL, or there is a reason', (t) => {
  t.deepEqual([...ON_POSTGRES, ...REASONS].sort(), FILES);
});

test('control: a file that starts a service is found, by itself or through the kit, and another is not', (t) => {
  t.true(FILES.length > 100);
  t.true(FILES.includes('test/http/health.test.ts'));
  t.true(FILES.includes('test/faults/k02-lines.test.ts'));
  t.false(FILES.includes('test/architecture.test.ts'));
});
