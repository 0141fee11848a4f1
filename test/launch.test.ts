/** What is loaded before the service: the JavaScript of its files is kept for the next start. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from './kit/service.ts';

const LAUNCH = join(import.meta.dirname, '../src/launch.js');

/** A service of one file that prints a word; `start` returns what it prints. */
function makeService(t: ExecutionContext) {
  const folder = temporaryFolder(t);
  for (const name of ['src', 'node_modules']) mkdirSync(join(folder, name));
  copyFileSync(LAUNCH, join(folder, 'src/launch.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const cache = join(folder, 'node_modules/.cache');
  return {
    cache,
    write: (word: string) =>
      writeFileSync(join(folder, 'src/main.ts'), `const word: string = '${word}';\nconsole.log(word);\n`),
    start: (env: Readonly<Record<string, string>> = {}) => {
      const words = ['--import', './src/launch.js', 'src/main.ts'];
      const ran = spawnSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8' });
      return ran.stderr === '' ? ran.stdout : ran.stderr;
    },
    kept: () =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('stripped/'))
        .map((name) => join(cache, name)),
  };
}

test('the JavaScript of a file is kept for the next start, which runs it as long as the file is the same', (t) => {
  const service = makeService(t);
  service.write('first');
  t.is(service.start(), 'first\n', 'and nothing is warned of');
  const [kept = '', ...more] = service.kept();
  t.deepEqual(more, []);
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('first', 'kept'));
  t.is(service.start(), 'kept\n', 'it is what runs');
  service.write('second');
  t.is(service.start(), 'second\n', 'the control: another text');
});

test('without a cache, and where nothing can be written, the service starts all the same', (t) => {
  const service = makeService(t);
  service.write('first');
  t.is(service.start({ NODE_DISABLE_COMPILE_CACHE: '1' }), 'first\n');
  t.throws(service.kept, { code: 'ENOENT' });
  t.is(service.start(), 'first\n');
  // A file in the place of the folder refuses root too.
  const [kept = ''] = service.kept();
  const folder = join(kept, '..');
  spawnSync('rm', ['-r', folder]);
  writeFileSync(folder, '');
  t.is(service.start(), 'first\n');
});

test('of the languages of Zod only English is loaded, and Zod checks as it does without that', (t) => {
  const program = `import { object, string, locales } from 'zod';
    const { error } = object({ name: string() }).safeParse({ name: 1 });
    console.log(JSON.stringify([Object.keys(locales), error.issues[0].message]));`;
  const run = (...launch: readonly string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [...launch, '--input-type=module', '--eval', program], {
        cwd: join(import.meta.dirname, '..'),
        encoding: 'utf8',
      }),
    );
  const message = 'Invalid input: expected string, received number';
  t.deepEqual(run('--import', './src/launch.js'), [['default'], message]);
  const [all, plain] = run();
  t.is(plain, message);
  t.true(all.length > 40, 'the control: without it');
});
