import test from 'ava';
import type { IdentifiedLicense } from '../../src/domain/values/license.ts';
import { createCodeCheck } from '../../src/keyring/stored-code.ts';
import { ALPHABET } from '../../src/license-code/armor.ts';
import fc from '../kit/fast-check.ts';
import { ENTITLEMENT, KEYRING, MINTER } from '../kit/minting.ts';

const IDENTITY = {
  marketplace: 'manual',
  mode: 'live',
  order: '1',
  line: '',
  product: 'app',
  unit: 0,
} as const;
const { id, code } = MINTER.mint(IDENTITY, ENTITLEMENT, 0);
const LICENSE: IdentifiedLicense = { ...IDENTITY, id };
const check = createCodeCheck(KEYRING);

test('a code that was minted for a license at that revision has no fault', (t) => {
  t.is(check(code, LICENSE, 0), undefined);
});

const other = MINTER.mint({ ...IDENTITY, unit: 1 }, ENTITLEMENT, 0);
const renewed = MINTER.mint(IDENTITY, ENTITLEMENT, 1);
const tested = MINTER.mint({ ...IDENTITY, mode: 'test' }, ENTITLEMENT, 0);

for (const [what, stored, license, revision, fault] of [
  ['of another license', other.code, LICENSE, 0, 'is that of another license'],
  ['of another revision', renewed.code, LICENSE, 0, 'is that of another revision'],
  ['held as another revision', code, LICENSE, 1, 'is that of another revision'],
  ['of the other mode', tested.code, { ...LICENSE, id: tested.id }, 0, 'is of the other mode'],
  ['of another product', code, { ...LICENSE, product: 'app2' }, 0, 'its signature does not verify'],
  ['of a product that can be none', code, { ...LICENSE, product: '' }, 0, 'its signature does not verify'],
  ['in lower case', code.toLowerCase(), LICENSE, 0, 'not a license code'],
  ['with a letter too many', `${code}0`, LICENSE, 0, 'not a license code'],
  ['with a line end', `${code}\n`, LICENSE, 0, 'not a license code'],
  ['cut short', code.slice(1), LICENSE, 0, 'not a license code'],
  ['of another version', `7${code.slice(1)}`, LICENSE, 0, 'not a license code'],
  ['that is empty', '', LICENSE, 0, 'not a license code'],
] as const) {
  test(`a code ${what} is a fault`, (t) => {
    t.is(check(stored, license, revision), fault);
  });
}

test('a code by a key that the keyring lacks is a fault that names the key', (t) => {
  const without = createCodeCheck(KEYRING.filter(({ mode }) => mode === 'test'));
  t.is(without(code, LICENSE, 0), 'was signed with key 1, which the keyring lacks');
});

test('a code by a key with another public half is a fault', (t) => {
  const [live, test_] = KEYRING;
  const swapped = createCodeCheck([{ ...live!, publicKey: test_!.publicKey }]);
  t.is(swapped(code, LICENSE, 0), 'its signature does not verify');
});

test('a retired key still verifies', (t) => {
  const retired = createCodeCheck(KEYRING.map((entry) => ({ ...entry, state: 'retired' })));
  t.is(retired(code, LICENSE, 0), undefined);
});

test('every changed character is a fault, at every position', (t) => {
  for (let at = 0; at < code.length; at++) {
    const next = ALPHABET.charAt((ALPHABET.indexOf(code.charAt(at)) + 1) % ALPHABET.length);
    const edited = code.slice(0, at) + next + code.slice(at + 1);
    t.not(check(edited, LICENSE, 0), undefined, `character ${at}`);
  }
});

test('any text but the code itself is a fault, and none makes the check throw', (t) => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 160, maxLength: 160 }),
  );
  fc.assert(fc.property(texts, (text) => text === code || check(text, LICENSE, 0) !== undefined));
  t.pass();
});
