/**
 * `npm run coverage`: fails where the tests cover too few branches of these rooms, by c8 over ava. `--missed` lists the
 * uncovered branches.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { argv, cwd, env, stdout } from 'node:process';
import { coverageOf, type FileCoverage, missedOf, percentOf } from './rooms.ts';

/** Percent of the branches and functions of each room. */
const LEAST = 95;
const ROOMS = [
  'src/domain',
  'src/license-code',
  'src/marketplaces',
  'src/storage/record',
  'src/storage/sqlite',
];
/** The rooms' own tests, and those that drive the marketplaces. */
const TESTS = [
  ...['console', 'customer', 'domain', 'faults', 'license-code', 'marketplaces', 'outbox', 'storage'].map(
    (room) => `test/${room}/**/*.test.ts`,
  ),
  ...[
    'test/http/**/*.test.ts',
    'test/cli/**/*.test.ts',
    'test/service/*.test.ts',
    'test/verifiers/**/*.test.ts',
    'test/whole-life.test.ts',
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'mintmark-coverage-'));
try {
  const { status, stdout: told } = spawnSync(
    'c8',
    [
      ...['--temp-directory', join(folder, 'v8'), '--reporter', 'json', '--reports-dir', folder],
      ...ROOMS.flatMap((room) => ['--include', `${room}/**`]),
      ...['--extension', '.ts', 'ava', ...TESTS],
    ],
    // V8 counts no branches in functions from the compile cache (Node.js, module.enableCompileCache).
    {
      env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (status !== 0)
    throw new Error(
      `the tests fail:\n${told
        .split('\n')
        .filter((line) => !line.includes('✔'))
        .join('\n')}`,
    );
  process.exitCode = report(readFileSync(join(folder, 'coverage-final.json'), 'utf8')) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** True if each room is covered enough and no file with code is missing. */
function report(found: string): boolean {
  const files = Object.values<FileCoverage>(JSON.parse(found)).map((file) => ({
    ...file,
    path: relative(cwd(), file.path),
  }));
  const rooms = [...ROOMS, 'src'].map((room) => coverageOf(room, files));
  for (const { room, branches, functions } of rooms) {
    const of = [branches, functions].map((share) => `${percentOf(share).toFixed(1)} % of ${share.all}`);
    stdout.write(`${room.padEnd(18)} branches ${of[0]}, functions ${of[1]}\n`);
  }
  if (argv.includes('--missed')) stdout.write(`${files.flatMap(missedOf).join('\n')}\n`);
  const seen = new Set(files.map(({ path }) => path));
  const unseen = ROOMS.flatMap((room) => globSync(`${room}/**/*.ts`)).filter(
    (path) => !seen.has(path) && hasCode(path),
  );
  for (const path of unseen) stdout.write(`${path}: no test loads it\n`);
  const short = rooms.filter(
    ({ branches, functions }) => percentOf(branches) < LEAST || percentOf(functions) < LEAST,
  );
  for (const { room } of short)
    stdout.write(`${room}: less than ${LEAST} %; see  npm run coverage -- --missed\n`);
  return short.length === 0 && unseen.length === 0;
}

/** False for a file of types only, which is empty at run time. */
function hasCode(path: string): boolean {
  return /^(export )?(async )?(const|let|class|function)\b|^export [*{]/m.test(readFileSync(path, 'utf8'));
}
