import test from 'ava';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import { createReader } from '../../src/license-code/reader.ts';
import type { ReaderOptions } from '../../src/license-code/reader-options.ts';
import { dayNumber } from '../../src/license-code/record.ts';
import fc from '../kit/fast-check.ts';
import { keyring, mint, PRODUCT, read, strangerKey, TODAY, tamper, testKey } from '../kit/sample-codes.ts';

const code = mint();
const day = dayNumber(TODAY);
const everyoneRevoked = { revoked: () => true };

test('a valid code gives its license', (t) => {
  const verdict = read(code);
  t.like(verdict, { verdict: 'valid', license: { product: PRODUCT, revision: 3, seats: 5, features: 5 } });
});

test('a value that is not a string reads empty', (t) => {
  for (const input of [undefined, null, 7, {}, [code], Symbol('x'), () => code]) {
    t.deepEqual(read(input), { verdict: 'empty' });
  }
  for (const input of ['', ' \n', '> -- `*_`\u200b']) t.deepEqual(read(input), { verdict: 'empty' });
});

test('a text of another length gets its count', (t) => {
  t.deepEqual(read('2 0'), { verdict: 'too-short', count: 2 });
  t.deepEqual(read(`> ${code.slice(0, 80)}\n`), { verdict: 'too-short', count: 80 });
  t.deepEqual(read(`${code}77`), { verdict: 'too-long', count: 162 });
});

test('a refusal names the version or the key id that is its reason', (t) => {
  const version = tamper(code, (bytes) => {
    bytes[0] = 0x20;
  });
  t.deepEqual(read(version), { verdict: 'unsupported-version', version: 2 });
  t.deepEqual(read(mint({ keyId: 9 })), { verdict: 'unknown-key', keyId: 9 });
});

/** Each step has one more fault than the next, so that only the order decides. */
test('the first verdict that applies wins', (t) => {
  const all: Partial<ReaderOptions> = { revocations: everyoneRevoked, today: TODAY, buildDate: '2030-01-01' };
  const worst = { test: true, keyId: 2, issued: day + 3, lastValid: day - 1, updatesUntil: day };
  const testCode = mint(worst, testKey);
  const broken = (change: (bytes: Uint8Array) => void) => tamper(testCode, change);
  const forge = (bytes: Uint8Array) => bytes.fill(1, 34, 98);
  const verdictOf = (text: string, options: Partial<ReaderOptions> = all) => read(text, options).verdict;

  t.is(verdictOf('U'), 'no-code');
  t.is(verdictOf(`${code.slice(0, 80)}UU${code.slice(82)}`), 'bad-character');
  const another = (bytes: Uint8Array) => bytes.fill(0, 2, 5);
  const unknown = (bytes: Uint8Array) => bytes.fill(99, 1, 2);
  const version = (bytes: Uint8Array) => bytes.fill(0x21, 0, 1);
  const faults = (...changes: ((bytes: Uint8Array) => void)[]) =>
    broken((bytes) => {
      for (const change of changes) change(bytes);
    });
  const newer = faults(forge, unknown, another, version);
  t.is(verdictOf(armor(unarmor(newer).fill(0, 98))), 'mistyped');
  t.is(verdictOf(newer), 'unsupported-version');
  t.is(verdictOf(faults(forge, unknown, another)), 'wrong-product');
  t.is(verdictOf(faults(forge, unknown)), 'unknown-key');
  t.is(verdictOf(broken(forge)), 'forged');
  t.is(verdictOf(testCode), 'test-code');
  const allowed = { ...all, allowTest: true };
  t.is(verdictOf(testCode, { ...allowed, buildDate: undefined }), 'not-yet-valid');
  const issued = mint({ ...worst, issued: day + 2 }, testKey);
  t.is(verdictOf(issued, allowed), 'revoked');
  t.is(verdictOf(issued, { ...allowed, revocations: undefined }), 'expired');
  const lasting = mint({ ...worst, issued: day, lastValid: null }, testKey);
  t.is(verdictOf(lasting, { ...allowed, revocations: undefined }), 'updates-ended');
  t.is(verdictOf(lasting, { allowTest: true }), 'valid');
});

test('each verdict on a genuine code carries the license', (t) => {
  const license = { id: '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671' };
  t.like(read(mint({ test: true, keyId: 2 }, testKey)), { verdict: 'test-code', license });
  t.like(read(mint({ issued: day + 3, lastValid: day + 9 })), { verdict: 'not-yet-valid', license });
  t.like(read(code, { revocations: everyoneRevoked }), { verdict: 'revoked', license });
  t.like(read(mint({ lastValid: day - 1 })), { verdict: 'expired', license, lastValid: '2026-11-20' });
  t.like(read(mint({ updatesUntil: day }), { buildDate: '2026-11-22' }), {
    verdict: 'updates-ended',
    license,
    updatesUntil: TODAY,
  });
});

test('the last valid day, the last day of updates and the two days of clock skew are inclusive', (t) => {
  t.is(read(mint({ lastValid: day })).verdict, 'valid');
  t.is(read(mint({ updatesUntil: day }), { buildDate: TODAY }).verdict, 'valid');
  t.is(read(mint({ updatesUntil: day - 1 })).verdict, 'valid');
  t.is(read(mint({ issued: day + 2, lastValid: day + 9 })).verdict, 'valid');
});

test('the revocation hook gets the license id as text', (t) => {
  const asked: string[] = [];
  const revoked = (id: string) => asked.push(id) === 0;
  t.is(read(code, { revocations: { revoked } }).verdict, 'valid');
  t.deepEqual(asked, ['0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671']);
});

test('a code signed by an unknown signer, or with a test flag that contradicts its key, is forged', (t) => {
  t.is(read(mint({}, strangerKey)).verdict, 'forged');
  t.is(read(mint({ test: true }), { allowTest: true }).verdict, 'forged');
  t.is(read(mint({ keyId: 2 }, testKey), { allowTest: true }).verdict, 'forged');
});

test('keys of every status verify', (t) => {
  for (const state of ['next', 'active', 'retired'] as const) {
    t.is(read(code, { keyring: [{ ...keyring[0]!, state }] }).verdict, 'valid');
  }
});

test('today is evaluated at each reading; the default is the computer’s clock', (t) => {
  let today = TODAY;
  const reader = createReader({ product: PRODUCT, keyring, today: () => today });
  const ending = mint({ lastValid: day });
  t.is(reader.read(ending).verdict, 'valid');
  today = '2026-11-22';
  t.is(reader.read(ending).verdict, 'expired');
  t.is(
    createReader({ product: PRODUCT, keyring }).read(mint({ issued: 1, lastValid: 2 })).verdict,
    'expired',
  );
});

const reader = createReader({ product: PRODUCT, keyring, today: TODAY, allowTest: true });
const accepted = (text: string) => reader.read(text).verdict === 'valid';

test('a code with one flipped bit and corrected check digits is refused', (t) => {
  // A step coprime to 8 visits all bits of a byte; the proof of license codes flips every bit.
  for (let bit = 0; bit < 98 * 8; bit += 5) {
    const flipped = tamper(code, (bytes) => {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    });
    if (accepted(flipped)) t.fail(`bit ${bit}`);
  }
  t.true(accepted(tamper(code, () => {})), 'control');
});

test('no input throws, and no invalid input is licensed', (t) => {
  fc.assert(fc.property(fc.anything(), (input) => reader.read(input).verdict !== 'valid'));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => !accepted(input)));
  t.pass();
});

const MISUSES: readonly [string, Partial<Record<keyof ReaderOptions, unknown>>, RegExp][] = [
  ['an empty product', { product: '' }, /^product: /],
  ['a product that is no string', { product: 7 }, /^product: /],
  ['a keyring that is none', { keyring: {} }, /^keyring: /],
  ['a keyring without keys', { keyring: [] }, /^keyring: /],
  ['a today that is no day', { today: '2026-02-30' }, /^today: /],
  ['a build date that is no day', { buildDate: 'yesterday' }, /^buildDate: /],
  ['features that are no list', { features: 'export' }, /^features: /],
  ['a feature without a name', { features: [''] }, /^features: /],
  ['a feature twice', { features: ['export', 'export'] }, /^features: /],
  ['25 features', { features: Array.from({ length: 25 }, String) }, /^features: /],
  ['an allowTest of another type', { allowTest: 'no' }, /^allowTest: /],
  ['revocations without the function', { revocations: {} }, /^revocations: /],
  ['revocations of null', { revocations: null }, /^revocations: /],
];

for (const [what, change, message] of MISUSES) {
  test(`an invalid option throws a TypeError that names it: ${what}`, (t) => {
    const options = { product: PRODUCT, keyring, ...change } as ReaderOptions;
    t.throws(() => createReader(options), { instanceOf: TypeError, message });
  });
}

test('the latest day is evaluated at each reading, and an invalid day is ignored', (t) => {
  const ending = mint({ lastValid: day });
  let kept: unknown;
  const reader = createReader({ product: PRODUCT, keyring, today: TODAY, latestDay: () => kept });
  for (const none of [undefined, null, '', 'yesterday', '2026-99-99', 7]) {
    kept = none;
    t.like(reader.read(ending), { verdict: 'valid', keep: TODAY });
  }
  kept = '2026-11-22';
  t.like(reader.read(ending), { verdict: 'expired', keep: '2026-11-22' });
});

test('a reading answers for features by name, and `has` is not enumerable', (t) => {
  const reading = read(code, { features: ['export', 'sync', 'print'] });
  t.deepEqual(
    ['export', 'sync', 'print', 'toString'].map((name) => reading.has(name)),
    [true, false, true, false],
  );
  t.false(read(code).has('export'));
  t.false(read('').has('export'));
  t.false(Object.keys(reading).includes('has'));
  t.is(JSON.stringify(read('')), '{"verdict":"empty"}');
});

test('an error for an invalid today reaches the program', (t) => {
  t.throws(() => read(code, { today: () => 'soon' }), { instanceOf: TypeError, message: /^today: / });
});
