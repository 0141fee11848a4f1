import test from 'ava';
import { hostileTexts } from '../../bench/hostile-texts.ts';
import { ALPHABET, unarmor } from '../../src/license-code/armor.ts';
import { START, weightOf } from '../../src/license-code/check-digits.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { headsOf } from '../../src/license-code/heads.ts';
import { lettersOf } from '../../src/license-code/letters.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { LONGEST_PASTE, readPaste } from '../../src/license-code/reading.ts';
import { repairsAt } from '../../src/license-code/repair.ts';
import type { GenuineCode } from '../../src/license-code/search.ts';
import type { Trust } from '../../src/license-code/trust.ts';
import fc from '../kit/fast-check.ts';
import { keyring, mint, PRODUCT, read, strangerKey, TODAY, tamper } from '../kit/sample-codes.ts';

const code = mint();
const another = mint({ seats: 9, revision: 4 });
const heads = headsOf(keyring, [PRODUCT]);

/** Accepts the signatures of these codes and counts the calls. */
function trusting(codes: readonly string[]): Trust & { asked(): number } {
  let asked = 0;
  const texts = codes.map((each) => unarmor(each).join());
  return {
    heads,
    refuse: (bytes) =>
      bytes.subarray(0, 5).join() === unarmor(code).subarray(0, 5).join()
        ? null
        : { verdict: 'wrong-product' },
    isGenuine: (bytes) => {
      asked++;
      return texts.includes(bytes.join());
    },
    asked: () => asked,
  };
}

function* singleSlips(whole: string): Generator<string> {
  for (let at = 0; at <= whole.length; at++) {
    const [before, after] = [whole.slice(0, at), whole.slice(at)];
    for (const letter of `${ALPHABET}U\u0410`) {
      yield before + letter + after;
      if (at < whole.length) yield before + letter + after.slice(1);
    }
    yield before + after.slice(1);
    if (at + 1 < whole.length) yield before + after.charAt(1) + after.charAt(0) + after.slice(2);
  }
}

test('the weights of all characters of a code XOR to 0 and agree with the CRC', (t) => {
  const sum = (text: string) =>
    [...text].reduce((rest, c, i) => rest ^ weightOf(i, ALPHABET.indexOf(c)), START);
  t.is(sum(code), 0);
  fc.assert(
    fc.property(fc.array(fc.nat(31), { minLength: 160, maxLength: 160 }), (values) => {
      const text = values.map((value) => ALPHABET[value]).join('');
      const bytes = unarmor(text);
      return (sum(text) === 0) === (crc16(bytes, 98) === (bytes[98]! << 8) + bytes[99]!);
    }),
  );
});

test('every single slip is repaired to the original code', (t) => {
  const trust = trusting([code, another]);
  let tried = 0;
  for (const slip of singleSlips(code)) {
    tried++;
    const found = readPaste(slip, trust);
    if ('verdict' in found || found[0]?.code !== code) t.fail(slip);
  }
  t.true(tried > 10_000);
});

test('undoing a repair gives the pasted text', (t) => {
  for (const slip of singleSlips(code)) {
    const found = readPaste(`  ${slip}`, trusting([code]));
    const [genuine] = 'verdict' in found ? [] : (found as readonly GenuineCode[]);
    if (genuine?.repaired === undefined) continue;
    const { position, was, is } = genuine.repaired;
    // Positions in code points, after two spaces.
    const pasted = [...slip];
    const mended = [
      ...pasted.slice(0, position - 3),
      is,
      ...pasted.slice(position - 3 + [...was].length),
    ].join('');
    // A wrong character may end a code; the text after it is then another word.
    if (mended !== code && !(ALPHABET.includes(was) === false && mended.startsWith(code)))
      t.fail(`${slip}: ${JSON.stringify(genuine.repaired)}`);
  }
  t.pass();
});

test('two slips of any kind are never repaired', (t) => {
  const slip = fc.tuple(fc.constantFrom('wrong', 'omit', 'insert', 'swap'), fc.nat(158), fc.nat(31));
  const apply = (text: string, [kind, at, value]: [string, number, number]) => {
    const [before, after, letter] = [text.slice(0, at), text.slice(at), ALPHABET.charAt(value)];
    if (kind === 'wrong') return before + letter + after.slice(1);
    if (kind === 'omit') return before + after.slice(1);
    return kind === 'insert'
      ? before + letter + after
      : before + after.charAt(1) + after.charAt(0) + after.slice(2);
  };
  const one = new Set(singleSlips(code));
  fc.assert(
    fc.property(slip, slip, (first, second) => {
      const text = apply(apply(code, first), second);
      // Skip two slips that cancel each other or equal one slip.
      if (text === code || one.has(text) || findCodes(text).length > 0) return true;
      const found = readPaste(text, trusting([code, another]));
      return 'verdict' in found;
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

test('a slip is repaired at any position of the code in a text', (t) => {
  const slip = `${code.slice(0, 70)}U${code.slice(71)}`;
  const repaired = { kind: 'substitution', was: 'U', is: code[70] };
  for (const [before, after] of [
    ['Dear Zoë 🔑,\r\n\r\n> ', '\r\n\r\nThank you!'],
    ['acme://activate?code=', '&x=1'],
    ['<p>', '</p>'],
  ] as const) {
    const got = read(before + slip + after);
    t.like(got, { verdict: 'valid', code, repaired: { ...repaired, position: [...before].length + 71 } });
  }
});

test('a repaired code gets the verdict of its content', (t) => {
  const slip = (text: string) => `${text.slice(0, 90)}${text.slice(91)}`;
  t.like(read(slip(mint({ lastValid: 20_000 }))), { verdict: 'expired', repaired: { kind: 'omission' } });
  t.like(read(slip(code), { revocations: { revoked: () => true } }), { verdict: 'revoked' });
  t.is(read(slip(mint({}, strangerKey))).verdict, 'too-short');
});

test('each of several codes with a slip tells its repair, counted in the whole text', (t) => {
  const slip = (text: string) => `${text.slice(0, 70)}U${text.slice(71)}`;
  const other = mint({ licenseId: new Uint8Array(16).fill(7) });
  const repaired = (is: string | undefined, position: number) => ({
    kind: 'substitution',
    position,
    was: 'U',
    is,
  });
  t.like(read(`${slip(code)}\n${slip(other)}`), {
    verdict: 'several',
    choices: [
      { code, repaired: repaired(code[70], 71) },
      { code: other, repaired: repaired(other[70], 161 + 71) },
    ],
  });
  t.like(read(`${other}\n${slip(code)}`), {
    choices: [
      { code: other, repaired: undefined },
      { code, repaired: repaired(code[70], 161 + 71) },
    ],
  });
});

test('at most five failing signatures and four repairs are checked, however many candidates a text has', (t) => {
  const forged = Array.from({ length: 100 }, (_, i) => tamper(code, (bytes) => bytes.fill(i, 40, 44)));
  const trust = trusting([]);
  t.is('verdict' in readPaste(forged.join('\n'), trust) && trust.asked(), 5);
  const slips = forged.map((each) => `${each.slice(0, 99)}${each.slice(100)}`);
  const repairing = trusting([]);
  t.true('verdict' in readPaste(slips.join('\n'), repairing));
  t.true(repairing.asked() <= 4, `${repairing.asked()}`);
  const all = trusting(forged);
  t.is(
    (readPaste(forged.join('\n'), all) as readonly GenuineCode[]).length,
    100,
    'control: genuine ones all count',
  );
});

test('about one neighbour in thirteen has correct check digits by chance, so the signature decides', (t) => {
  const texts = Array.from(
    { length: 200 },
    (_, i) => tamper(code, (bytes) => bytes.fill(i, 40, 60)).slice(0, -1) + ALPHABET[i % 32],
  );
  const candidates = texts.flatMap((text) => [...repairsAt(lettersOf(text, LONGEST_PASTE), 0)]);
  t.true(candidates.length > 100, 'control: there are some');
  t.true(texts.every((text) => !('license' in read(text)) || findCodes(text).length > 0));
});

for (const [what, text] of Object.entries(hostileTexts(code))) {
  test(`64 KiB of hostile text are read within 500 ms of CPU time: ${what}`, (t) => {
    const reader = createReader({ product: PRODUCT, keyring, today: TODAY });
    const start = process.cpuUsage();
    reader.read(text);
    const { user, system } = process.cpuUsage(start);
    // `npm run bench:read` prints what it takes; quadratic time would take minutes.
    t.true(user + system < 500_000, `${(user + system) / 1000} ms`);
  });
}
