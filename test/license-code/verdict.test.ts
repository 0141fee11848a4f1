import { readFileSync } from 'node:fs';
import test from 'ava';
import { toLicense } from '../../src/license-code/license.ts';
import { explain, type Verdict } from '../../src/license-code/verdict.ts';
import { PRODUCT, record } from '../kit/sample-codes.ts';

const license = toLicense(record, PRODUCT);

const SENTENCES: readonly [Verdict, string][] = [
  [{ verdict: 'empty' }, 'paste your license code'],
  [
    { verdict: 'bad-character', character: 'U', position: 11 },
    'character 11 does not belong in a license code',
  ],
  [{ verdict: 'too-short', count: 97 }, 'this is 97 of 160 characters: copy the whole line'],
  [
    { verdict: 'too-long', count: 161 },
    'this is 161 characters instead of 160: copy only the line with the code',
  ],
  [{ verdict: 'mistyped' }, 'a character is wrong: paste it again'],
  [
    { verdict: 'unsupported-version', version: 2 },
    'this license was made for a newer version of this program',
  ],
  [{ verdict: 'wrong-product' }, 'this license is for another product'],
  [{ verdict: 'unknown-key', keyId: 9 }, 'update the program, then try again'],
  [{ verdict: 'forged' }, 'this is not a genuine license'],
  [{ verdict: 'test-code', license }, 'this is a test license'],
  [
    { verdict: 'not-yet-valid', license },
    'this license begins in the future: check the date of your computer',
  ],
  [{ verdict: 'revoked', license }, 'this license was withdrawn (refunded, for example)'],
  [{ verdict: 'expired', license, lastValid: '2027-11-24' }, 'this license expired on 2027-11-24'],
  [
    { verdict: 'updates-ended', license, updatesUntil: '2027-11-21' },
    'this license covers versions built until 2027-11-21',
  ],
  [{ verdict: 'valid', license }, 'licensed'],
];

for (const [verdict, sentence] of SENTENCES) {
  test(`${verdict.verdict} is explained in a sentence`, (t) => {
    t.is(explain(verdict), sentence);
  });
}

test('what is no verdict gets a sentence too', (t) => {
  for (const other of [undefined, null, 7, 'valid', {}, { verdict: 'new-one' }]) {
    t.is(explain(other as Verdict), 'this license could not be read');
  }
});

test('the README of the package has each verdict with its sentence', (t) => {
  const readme = readFileSync(new URL('../../verifiers/javascript/README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` \|([^|]*)\| ([^|]+) \|$/gm)];
  const written = rows.slice(0, SENTENCES.length).map(([, word, , sentence]) => [word, sentence]);
  t.deepEqual(
    written,
    SENTENCES.map(([{ verdict }, sentence]) => [verdict, sentence]),
  );
});
