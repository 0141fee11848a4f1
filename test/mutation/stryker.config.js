/** `npm run mutation`: mutants of the two rooms on which all others rely. See README.md here. */
import { existsSync } from 'node:fs';

// The ledgers of the tests need not survive a power loss.
if (existsSync('/dev/shm')) process.env['TMPDIR'] = '/dev/shm';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['src/domain/**/*.ts', 'src/license-code/**/*.ts'],
  plugins: ['./test/mutation/plugin.ts'],
  testRunner: 'in-process',
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  // The modules of each mutant stay in memory.
  maxTestRunnerReuse: 200,
  concurrency: 1,
  // Node.js strips the types; a mutant that tsc would reject counts as a mutant.
  disableTypeChecks: false,
  checkers: [],
  // Stryker would rewrite tsconfig.json by an API that TypeScript 7 no longer has; nothing here needs it.
  ignorePatterns: ['dist', 'verifiers', 'examples', 'bench', 'test/proof', 'test/browser', 'tsconfig.json'],
  tempDirName: 'dist/mutation/sandbox',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  htmlReporter: { fileName: 'dist/mutation/report.html' },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  incrementalFile: 'dist/mutation/incremental.json',
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
};
