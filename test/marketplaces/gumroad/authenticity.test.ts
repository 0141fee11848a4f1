/** The end of the address that Gumroad is told. */
import test from 'ava';
import { callerOf } from '../../../src/marketplaces/gumroad/authenticity.ts';

const SECRETS = [
  ['live', ['one', 'two']],
  ['simulator', ['three']],
] as const;

test('the first caller with this secret made the call', (t) => {
  t.deepEqual(
    ['one', 'two', 'three'].map((given) => callerOf(given, SECRETS)),
    ['live', 'live', 'simulator'],
  );
});

test('no other text, no part of one, and no empty secret opens it', (t) => {
  for (const given of ['', 'on', 'onee', 'ONE', 'one,two', undefined])
    t.is(callerOf(given, SECRETS), undefined);
  t.is(callerOf('', [['live', []]]), undefined);
});
