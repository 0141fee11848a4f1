/** Compares the assertions of a mutation run with ava's own. */
import test, { type ExecutionContext } from 'ava';
import { type Assertions, runTest } from './ava.ts';

/** The assertions that both have. */
type Common = Pick<ExecutionContext, keyof Assertions & keyof ExecutionContext>;

const fails = (error: unknown) => () => {
  throw error;
};
const passes = () => {};
const code = Object.assign(new Error('no'), { code: 'ENOENT' });

const PASSING: Readonly<Record<string, (t: Common) => unknown>> = {
  pass: (t) => t.pass(),
  'true of true': (t) => t.true(true),
  'false of false': (t) => t.false(false),
  'is: the same': (t) => t.is(Number.NaN, Number.NaN),
  'not: others': (t) => t.not({}, {}),
  'deepEqual: alike': (t) => t.deepEqual({ a: [1, { b: new Set([2]) }] }, { a: [1, { b: new Set([2]) }] }),
  'deepEqual: keys in another order': (t) => t.deepEqual({ a: 1, b: 2 }, { b: 2, a: 1 }),
  'deepEqual: bytes': (t) => t.deepEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2)),
  'notDeepEqual: others': (t) => t.notDeepEqual({ a: 1 }, { a: 2 }),
  'like: more than was asked for': (t) => t.like({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2 } }),
  'like: undefined where nothing is': (t) => t.like<object>({ a: 1 }, { b: undefined }),
  'like: a list that is longer': (t) => t.like<object>({ a: [1, 2] }, { a: [1] }),
  'like: a list of objects': (t) => t.like<object>([{ a: 1, b: 2 }], [{ a: 1 }]),
  'regex: found': (t) => t.regex('abc', /b/),
  'notRegex: not found': (t) => t.notRegex('abc', /d/),
  'throws: an error': (t) => t.throws(fails(code)),
  'throws: of this class': (t) => t.throws(fails(new RangeError()), { instanceOf: RangeError }),
  'throws: with this message': (t) => t.throws(fails(code), { message: 'no' }),
  'throws: with a message like this': (t) => t.throws(fails(code), { message: /^n/ }),
  'throws: with this code': (t) => t.throws(fails(code), { code: 'ENOENT' }),
  'throwsAsync: an error': (t) => t.throwsAsync(async () => fails(code)()),
  'throwsAsync: a promise': (t) => t.throwsAsync(Promise.reject(code), { message: 'no' }),
  'notThrows: nothing': (t) => t.notThrows(passes),
  'notThrowsAsync: nothing': (t) => t.notThrowsAsync(async () => passes()),
};

const FAILING: Readonly<Record<string, (t: Common) => unknown>> = {
  fail: (t) => t.fail(),
  'nothing asserted': passes,
  'an error thrown': fails(code),
  'a promise rejected': async () => Promise.reject(code),
  'a failure that is caught': (t) => {
    try {
      t.fail();
    } catch {}
  },
  'a teardown that throws': (t) => {
    t.pass();
    t.teardown(fails(code));
  },
  'true of what is truthy': (t) => t.true(1 as unknown as boolean),
  'false of what is falsy': (t) => t.false(null as unknown as boolean),
  'is: 0 and -0': (t) => t.is(0, -0),
  'not: the same': (t) => t.not('a', 'a'),
  'deepEqual: a key that is undefined': (t) => t.deepEqual<unknown, unknown>({ a: undefined }, {}),
  'deepEqual: other bytes': (t) => t.deepEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)),
  'deepEqual: bytes of another class': (t) => t.deepEqual<unknown, unknown>(Buffer.of(1), Uint8Array.of(1)),
  'deepEqual: a number and its text': (t) => t.deepEqual<unknown, unknown>([1], ['1']),
  'deepEqual: one more': (t) => t.deepEqual([1, 2], [1]),
  'notDeepEqual: alike': (t) => t.notDeepEqual({ a: 1 }, { a: 1 }),
  'like: something else': (t) => t.like({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 3 } }),
  'like: a list with another': (t) => t.like<object>({ a: [1, 2] }, { a: [2] }),
  'like: an empty list where there is none': (t) => t.like<object>({ a: [1] }, { a: [] }),
  'like: of null': (t) => t.like(null as unknown as object, { a: 1 }),
  'regex: not found': (t) => t.regex('abc', /d/),
  'notRegex: found': (t) => t.notRegex('abc', /b/),
  'throws: nothing': (t) => t.throws(passes),
  'throws: what is no error': (t) => t.throws(fails('no')),
  'throws: of another class': (t) => t.throws(fails(code), { instanceOf: RangeError }),
  'throws: with another message': (t) => t.throws(fails(code), { message: 'n' }),
  'throws: with a message not like this': (t) => t.throws(fails(code), { message: /^o/ }),
  'throws: with another code': (t) => t.throws(fails(code), { code: 'EIO' }),
  'throwsAsync: nothing': (t) => t.throwsAsync(async () => passes()),
  'notThrows: an error': (t) => t.notThrows(fails(code)),
  'notThrowsAsync: an error': (t) => t.notThrowsAsync(async () => fails(code)()),
};

for (const [title, run] of Object.entries({ ...PASSING, ...FAILING })) {
  test(`a mutation run judges as ava does: ${title}`, async (t) => {
    const attempt = await t.try(async (own) => run(own));
    attempt.discard();
    const failure = await runTest({ title, run: (standIn) => run(standIn as unknown as Common) });
    t.is(attempt.passed, title in PASSING, 'ava');
    t.is(failure === undefined, attempt.passed, 'its stand-in');
  });
}
