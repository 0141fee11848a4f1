import { readFileSync } from 'node:fs';
import test from 'ava';
import { toLicense } from '../../src/license-code/license.ts';
import { explain, type Verdict } from '../../src/license-code/verdict.ts';
import { PRODUCT, record } from '../kit/sample-codes.ts';

const read = { license: toLicense(record, PRODUCT), code: '', keep: '2026-11-21' };

const SENTENCES: readonly [Verdict, string][] = [
  [{ verdict: 'empty' }, 'paste your license code'],
  [
    { verdict: 'bad-character', character: 'U', position: 11 },
    'character 11 does not belong in a license code',
  ],
  [
    { verdict: 'no-code', seen: 'order-number' },
    'here is an order number, but no license code: look in your e-mail for a line of 160 letters and digits',
  ],
  [{ verdict: 'too-short', count: 97 }, 'this is 97 of 160 characters: copy the whole line'],
  [
    { verdict: 'too-long', count: 161 },
    'this is 161 characters instead of 160: copy only the line with the code',
  ],
  [{ verdict: 'mistyped' }, 'some characters are wrong: paste it again'],
  [
    { verdict: 'unsupported-version', version: 2 },
    'this license was made for a newer version of this program',
  ],
  [{ verdict: 'wrong-product' }, 'this license is for another product'],
  [{ verdict: 'unknown-key', keyId: 9 }, 'update the program, then try again'],
  [{ verdict: 'forged' }, 'this is not a genuine license'],
  [{ verdict: 'several', choices: [] }, 'here are codes of several licenses: paste one of them'],
  [{ verdict: 'test-code', ...read }, 'this is a test license'],
  [
    { verdict: 'not-yet-valid', ...read },
    'this license begins in the future: check the date of your computer',
  ],
  [{ verdict: 'revoked', ...read }, 'this license was withdrawn (refunded, for example)'],
  [{ verdict: 'expired', ...read, lastValid: '2027-11-24' }, 'this license expired on 2027-11-24'],
  [
    { verdict: 'updates-ended', ...read, updatesUntil: '2027-11-21' },
    'this license covers versions built until 2027-11-21',
  ],
  [{ verdict: 'valid', ...read }, 'licensed'],
];

for (const [verdict, sentence] of SENTENCES) {
  test(`${verdict.verdict} is explained in a sentence`, (t) => {
    t.is(explain(verdict), sentence);
  });
}

test('the sentence names the wrong group by its characters', (t) => {
  t.is(
    explain({ verdict: 'mistyped', group: 20 }),
    'some characters are wrong: paste it again, or look at characters 153 to 160 of it',
  );
  t.is(
    explain({ verdict: 'too-short', count: 9, group: 1 }),
    'this is 9 of 160 characters: copy the whole line, or look at characters 1 to 8 of it',
  );
});

test('the sentence names the text that was pasted instead of a code', (t) => {
  for (const [seen, what] of [
    ['e-mail-address', 'an e-mail address'],
    ['link', 'a link'],
    ['text', 'no license code'],
  ] as const)
    t.true(explain({ verdict: 'no-code', seen }).startsWith(`here is ${what}`), seen);
});

test('an invalid verdict gets a sentence too', (t) => {
  for (const other of [undefined, null, 7, 'valid', {}, { verdict: 'new-one' }]) {
    t.is(explain(other as Verdict), 'this license could not be read');
  }
});

test('the README of the package lists each verdict with its sentence', (t) => {
  const readme = readFileSync(new URL('../../verifiers/javascript/README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` \|([^|]*)\| ([^|]+) \|$/gm)];
  const written = rows.slice(0, SENTENCES.length).map(([, word, , sentence]) => [word, sentence]);
  t.deepEqual(
    written,
    SENTENCES.map(([{ verdict }, sentence]) => [verdict, sentence]),
  );
});
