/** Runs the tests for Stryker in its own process: for each mutant only the tests that reach it, the nearest first. */
import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { INSTRUMENTER_CONSTANTS, type MutantCoverage } from '@stryker-mutator/api/core';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from '../kit/fast-check.ts';
import { type Registered, runTest } from './ava.ts';
import { Modules } from './modules.ts';
import { useReal } from './tweetnacl.ts';

/** The protocol between the instrumented code and a runner. */
interface Context {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** The tests for the mutants of a room: those of the domain need no database. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'src/license-code/': ['test/license-code/*.test.ts'],
  'src/domain/': ['test/domain/**/*.test.ts'],
};

/** The first reads the source as text, which is instrumented here; the others play random stories and take long. */
const EXCEPT = [
  'test/license-code/portable.test.ts',
  'test/domain/{absolutes,order-of-arrival,side-by-side}.test.ts',
  'test/domain/requests/fulfill-stories.test.ts',
  'test/domain/life/life-page.test.ts',
];

const STRICT_CHECKS = ['src/license-code/signature.ts', 'src/license-code/small-order.ts'];

/** Properties are tried with fixed values, and without shrinking: nobody reads a counterexample here. */
const SEED = 20_261_121;

/**
 * Stryker considers a mutant endless after 100 times the hits of all tests together. Without shrinking, 10 times
 * are enough, and are reached in time where a test hits a loop a million times.
 */
const LEAST_HITS = 10_000;

const SEPARATOR = ' › ';

export class InProcessRunner implements TestRunner {
  readonly #modules = new Modules(process.cwd());
  readonly #files: readonly string[];
  readonly #context: Context = {};

  /** `mutate` are the patterns of the mutated files: only tests of their rooms run. */
  constructor(mutate: readonly string[]) {
    this.#files = Object.entries(TESTS).flatMap(([room, tests]) =>
      mutate.some((pattern) => pattern.startsWith(room)) ? find(tests) : [],
    );
    Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: this.#context });
    fc.configureGlobal({ seed: SEED, endOnFailure: true });
  }

  /** Loads all test files once, to learn their imports. */
  async init(): Promise<void> {
    for (const file of this.#files) await this.#load(file);
  }

  /** Each run reloads everything anyway. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  /** All tests, and the mutants that each of them reaches. */
  async dryRun(): Promise<DryRunResult> {
    this.#modules.renew();
    const tests: TestResult[] = [];
    for (const file of this.#files) {
      for (const test of await this.#load(file)) tests.push(await this.#run(file, test));
    }
    const { mutantCoverage } = this.#context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter } = options;
    const hitLimit = options.hitLimit === undefined ? undefined : options.hitLimit / 10 + LEAST_HITS;
    const mutated = relative(process.cwd(), options.sandboxFileName);
    useReal(STRICT_CHECKS.includes(mutated));
    this.#context.activeMutant = activeMutant.id;
    this.#context.hitCount = hitLimit === undefined ? undefined : 0;
    this.#context.hitLimit = hitLimit;
    this.#modules.renew();
    const tests: TestResult[] = [];
    for (const file of this.#filesFor(mutated, testFilter)) {
      const failed = await this.#runFile(file, testFilter, tests);
      const timeout = determineHitLimitReached(this.#context.hitCount, hitLimit);
      if (timeout !== undefined) return toMutantRunResult(timeout);
      if (failed) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }

  /** Adds the results of a file's tests up to the first failure. Resolves to whether a test failed. */
  async #runFile(file: string, filter: readonly string[] | undefined, tests: TestResult[]): Promise<boolean> {
    let registered: readonly Registered[];
    try {
      registered = await this.#load(file);
    } catch (error) {
      tests.push({
        id: file,
        name: file,
        timeSpentMs: 0,
        status: TestStatus.Failed,
        failureMessage: String(error),
      });
      return true;
    }
    for (const test of registered) {
      if (filter !== undefined && !filter.includes(idOf(file, test))) continue;
      const result = await this.#run(file, test);
      tests.push(result);
      if (result.status === TestStatus.Failed) return true;
    }
    return false;
  }

  /** The test of the same name first, then those of its room. */
  #filesFor(mutated: string, filter: readonly string[] | undefined): readonly string[] {
    const own = mutated.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
    const patterns = Object.entries(TESTS).find(([room]) => mutated.startsWith(room))?.[1] ?? [];
    const files = find(patterns).filter((file) =>
      filter === undefined
        ? this.#modules.isLoadedFor(mutated, file)
        : filter.some((id) => id.startsWith(file + SEPARATOR)),
    );
    return [...files.filter((file) => file === own), ...files.filter((file) => file !== own)];
  }

  #load(file: string): Promise<readonly Registered[]> {
    this.#context.currentTestId = undefined;
    return this.#modules.testsOf(file);
  }

  async #run(fileName: string, test: Registered): Promise<TestResult> {
    const id = idOf(fileName, test);
    this.#context.currentTestId = id;
    const start = performance.now();
    const failureMessage = await runTest(test);
    this.#context.currentTestId = undefined;
    const base = { id, name: id, fileName, timeSpentMs: performance.now() - start };
    return failureMessage === undefined
      ? { ...base, status: TestStatus.Success }
      : { ...base, status: TestStatus.Failed, failureMessage };
  }
}

/** In the order of the patterns. */
function find(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { exclude: EXCEPT }).sort());
}

function idOf(file: string, { title }: Registered): string {
  return file + SEPARATOR + title;
}
