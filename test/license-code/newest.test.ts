import test from 'ava';
import { newest } from '../../src/license-code/newest.ts';
import type { Verdict } from '../../src/license-code/verdict.ts';
import { mint, read, TODAY, testKey } from '../kit/sample-codes.ts';

const older = read(mint());
const newer = read(mint({ revision: 4 }));

test('newest returns the verdict of the higher revision of one license', (t) => {
  t.is(newest(older, newer), newer);
  t.is(newest(newer, older), newer);
});

test('a higher revision counts even if it shortens the license', (t) => {
  const shortened = read(mint({ revision: 4, issued: 1, lastValid: 2 }), { today: TODAY });
  t.is(shortened.verdict, 'expired');
  t.is(newest(older, shortened), shortened);
});

test('newest returns the first verdict if the revisions are equal or the licenses differ', (t) => {
  const again = { ...older };
  t.is(newest(older, again), older);
  const other = read(mint({ revision: 9, licenseId: new Uint8Array(16) }));
  t.is(newest(older, other), older);
  t.is(newest(other, older), other);
  const another = {
    ...newer,
    license: { ...('license' in newer && newer.license), product: 'another' },
  } as Verdict;
  t.is(newest<Verdict>(older, another), older);
  const ofTest = read(mint({ revision: 9, test: true, keyId: 2 }, testKey), { allowTest: true });
  t.is(ofTest.verdict, 'valid');
  t.is(newest(older, ofTest), older);
});

test('a code that is not genuine never replaces a genuine code', (t) => {
  for (const bad of ['', 'U', '0'.repeat(160), mint({ revision: 9 }, testKey)].map((text) => read(text))) {
    t.false('license' in bad);
    t.is(newest(older, bad), older);
    t.is(newest(bad, older), older);
    t.is(newest(bad, read('')), bad);
  }
});

test('an invalid verdict is never the newest, and newest never throws', (t) => {
  for (const bad of [undefined, null, 7, 'valid', {}] as never[]) {
    t.is(newest(older, bad), older);
    t.is(newest(bad, older), older);
    t.is(newest(bad, bad), bad);
  }
});
