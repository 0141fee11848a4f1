/**
 * Replaces ava in a mutation run: the same assertions, but all test files run in one process and reload in milliseconds
 * for each mutant. A test file that uses another part of ava fails the run. No assertion is stricter than ava's own
 * (test/mutation/ava.test.ts).
 */
import { isDeepStrictEqual } from 'node:util';

type Run = (t: Assertions) => unknown;

export interface Registered {
  readonly title: string;
  readonly run: Run;
}

interface Expectation {
  readonly instanceOf?: new (...given: never[]) => unknown;
  readonly message?: string | RegExp;
  readonly code?: unknown;
}

let registered: Registered[] = [];

export default function test(title: string, run: Run): void {
  registered.push({ title, run });
}

/** All tests run in this order. */
test.serial = test;

/** The tests that were registered since the last call. */
export function takeRegistered(): readonly Registered[] {
  const taken = registered;
  registered = [];
  return taken;
}

/** Runs one test and its teardowns. Resolves to the reason of its failure; undefined where it passed. */
export async function runTest({ run }: Registered): Promise<string | undefined> {
  const t = new Assertions();
  try {
    await run(t);
    if (t.count === 0) t.failure ??= 'asserts nothing';
  } catch (error) {
    t.failure ??= String(error);
  }
  for (const act of t.teardowns.toReversed()) {
    try {
      await act();
    } catch (error) {
      t.failure ??= String(error);
    }
  }
  return t.failure;
}

/** The `t` of a test. The first failed assertion fails the test, also where the test catches the error. */
export class Assertions {
  count = 0;
  failure: string | undefined;
  readonly teardowns: (() => unknown)[] = [];

  teardown(act: () => unknown): void {
    this.teardowns.push(act);
  }

  log(): void {}

  pass(): void {
    this.#expect(true, 'pass');
  }

  fail(message = 'fail'): void {
    this.#expect(false, message);
  }

  true(actual: unknown): void {
    this.#expect(actual === true, 'true');
  }

  false(actual: unknown): void {
    this.#expect(actual === false, 'false');
  }

  is(actual: unknown, expected: unknown): void {
    this.#expect(Object.is(actual, expected), 'is');
  }

  not(actual: unknown, expected: unknown): void {
    this.#expect(!Object.is(actual, expected), 'not');
  }

  deepEqual(actual: unknown, expected: unknown): void {
    this.#expect(isDeepStrictEqual(actual, expected), 'deepEqual');
  }

  notDeepEqual(actual: unknown, expected: unknown): void {
    this.#expect(!isDeepStrictEqual(actual, expected), 'notDeepEqual');
  }

  like(actual: unknown, selector: object): void {
    this.#expect(isDeepStrictEqual(select(actual, selector), selector), 'like');
  }

  regex(actual: string, pattern: RegExp): void {
    this.#expect(actual.match(pattern) !== null, 'regex');
  }

  notRegex(actual: string, pattern: RegExp): void {
    this.#expect(actual.match(pattern) === null, 'notRegex');
  }

  throws(act: () => unknown, expected: Expectation = {}): unknown {
    try {
      act();
    } catch (error) {
      return this.#expectError(error, expected);
    }
    return this.#expect(false, 'throws');
  }

  async throwsAsync(act: Promise<unknown> | (() => Promise<unknown>), expected: Expectation = {}) {
    try {
      await (typeof act === 'function' ? act() : act);
    } catch (error) {
      return this.#expectError(error, expected);
    }
    return this.#expect(false, 'throwsAsync');
  }

  notThrows(act: () => unknown): void {
    try {
      act();
    } catch {
      this.#expect(false, 'notThrows');
    }
    this.pass();
  }

  async notThrowsAsync(act: Promise<unknown> | (() => Promise<unknown>)) {
    try {
      await (typeof act === 'function' ? act() : act);
    } catch {
      this.#expect(false, 'notThrowsAsync');
    }
    this.pass();
  }

  #expectError(error: unknown, { instanceOf, message, code }: Expectation): unknown {
    const { message: text, code: own } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
    const isFit =
      error instanceof Error &&
      (instanceOf === undefined || error instanceof instanceOf) &&
      (message === undefined ||
        (typeof message === 'string' ? text === message : message.test(text ?? ''))) &&
      (code === undefined || own === code);
    this.#expect(isFit, 'throws what was expected');
    return error;
  }

  #expect(isTrue: boolean, what: string): void {
    this.count++;
    if (isTrue) return;
    this.failure ??= what;
    throw new Error(what);
  }
}

/** The members of a value that a selector names. */
function select(actual: unknown, selector: object): unknown {
  if (typeof actual !== 'object' || actual === null) return actual;
  const values: Record<PropertyKey, unknown> = { ...actual };
  const selected: Record<PropertyKey, unknown> = Array.isArray(selector) ? Object.create(null) : {};
  for (const [key, wanted] of Object.entries(selector)) {
    selected[key] = isSelector(wanted) ? select(values[key], wanted) : values[key];
  }
  return Array.isArray(selector) ? Array.from({ ...selected, length: selector.length }) : selected;
}

function isSelector(value: unknown): value is object {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length > 0;
}
