/**
 * How ava runs the tests, all of them unless a path or one of the two configurations in test/ says which. Three settings
 * save a third of the time; without them the tests find the same.
 */
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { shareRsaKeys } from './test/kit/rsa-keys.ts';

/** Bytes that the folders of all tests need at a time, and some to spare. */
const FOLDERS = 2 ** 29;

/** A test's ledger need not survive a power loss: `npm run proof` has a disk for that. */
function temporaryFolder() {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > FOLDERS ? memory : tmpdir();
}

// Each file has a thread of its own, most of which end before their young objects fill this many MiB.
for (const flag of ['--min-semi-space-size=16', '--max-semi-space-size=32', '--single-threaded-gc'])
  setFlagsFromString(flag);

/** Files that take long, started first so that none of them runs alone at the end. */
const LONGEST = /test\/(service\/service|shop\/|extending|storage\/sqlite\/check)/;

/** @type {(a: string, b: string) => number} */
const longestFirst = (a, b) => Number(LONGEST.test(b)) - Number(LONGEST.test(a)) || (a < b ? -1 : 1);

shareRsaKeys(['live', 'sandbox']);

export default {
  extensions: { ts: 'module' },
  files: ['test/**/*.test.ts', '!test/browser', '!test/postgres'],
  environmentVariables: { TMPDIR: process.env['TMPDIR'] ?? temporaryFolder() },
  nodeArguments: ['--import=./src/launch.js'],
  // One more than there are processors: some tests wait for processes and timers.
  concurrency: availableParallelism() + 1,
  sortTestFiles: longestFirst,
  timeout: '60s',
};
