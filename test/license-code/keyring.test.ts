import test from 'ava';
import { parseKeyring, publicKeyBytes } from '../../src/license-code/keyring.ts';
import { keyring, liveKey } from '../kit/sample-codes.ts';

const [live, testing] = [keyring[0]!, keyring[1]!];

test('a documented keyring is parsed, with its keys in lower case', (t) => {
  t.deepEqual(parseKeyring(JSON.parse(JSON.stringify(keyring))), keyring);
  t.is(parseKeyring([{ ...live, publicKey: live.publicKey.toUpperCase() }])[0]!.publicKey, live.publicKey);
  t.deepEqual(publicKeyBytes(live), liveKey.publicKey);
  t.deepEqual(parseKeyring([]), []);
});

const FAULTS: readonly [string, unknown, string][] = [
  ['no array', {}, 'keyring: must be an array'],
  ['an entry that is none', ['live'], 'keyring[0]: must be an object'],
  ['an entry of null', [null], 'keyring[0]: must be an object'],
  ['an unknown field', [{ ...live, seed: '00' }], 'keyring[0]: unknown field "seed"'],
  ['an id of 0', [{ ...live, id: 0 }], 'keyring[0].id: must be a whole number from 1 to 255'],
  ['an id of 256', [{ ...live, id: 256 }], 'keyring[0].id: must be a whole number from 1 to 255'],
  ['an id as text', [{ ...live, id: '1' }], 'keyring[0].id: must be a whole number from 1 to 255'],
  ['an unknown mode', [{ ...live, mode: 'prod' }], 'keyring[0].mode: must be "live" or "test"'],
  [
    'an unknown state',
    [{ ...live, state: 'old' }],
    'keyring[0].state: must be "next", "active" or "retired"',
  ],
  ['an id between two', [{ ...live, id: 1.5 }], 'keyring[0].id: must be a whole number from 1 to 255'],
  ...[`${live.publicKey}00`, `00${live.publicKey}`, `${live.publicKey}\n`].map(
    (publicKey, i): [string, unknown, string] => [
      `a key with something at its end or before it, ${i + 1}`,
      [{ ...live, publicKey }],
      'keyring[0].publicKey: must be 32 bytes in hex',
    ],
  ),
  ['a short key', [{ ...live, publicKey: 'ab' }], 'keyring[0].publicKey: must be 32 bytes in hex'],
  ['no day', [{ ...live, created: '2026-02-30' }], 'keyring[0].created: must be a day, YYYY-MM-DD'],
  ['an id twice', [live, { ...testing, id: 1 }], 'keyring[1].id: 1 is there twice'],
  [
    'a key twice',
    [live, { ...testing, publicKey: live.publicKey }],
    'keyring[1].publicKey: the same key as that of id 1',
  ],
  [
    'a key of small order',
    [{ ...live, publicKey: `01${'00'.repeat(31)}` }],
    'keyring[0].publicKey: is of small order or not canonical, so anyone could sign for it',
  ],
];

for (const [what, json, message] of FAULTS) {
  test(`an invalid keyring throws a TypeError that names the place: ${what}`, (t) => {
    t.throws(() => parseKeyring(json), { instanceOf: TypeError, message });
  });
}
