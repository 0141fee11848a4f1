import { createHmac } from 'node:crypto';
import test from 'ava';
import { MemoryHandouts } from '../../src/domain/ports/handouts.ts';
import { fulfill } from '../../src/domain/requests/fulfill.ts';
import type { Entitlement, LicenseIdentity } from '../../src/domain/values/license.ts';
import { AppError } from '../../src/errors.ts';
import { createLicenseIds, createMinter, licenseIdOfCode } from '../../src/keyring/minter.ts';
import { createCodeCheck } from '../../src/keyring/stored-code.ts';
import { orderOf, soldProduct } from '../kit/ledger-data.ts';
import { openWithMessage } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ENTITLEMENT, KEYRING, MINTER } from '../kit/minting.ts';

const SECRET = Buffer.alloc(32, 7);
const IDENTITY: LicenseIdentity = {
  marketplace: 'paddle-classic',
  mode: 'live',
  order: '573252',
  line: '',
  product: 'app',
  unit: 0,
};

const idOf = (identity: LicenseIdentity, secret: Uint8Array = SECRET) =>
  Buffer.from(createLicenseIds(secret)(identity)).toString('hex');

test('a license id is the HMAC of its identity under the id secret, and never changes', (t) => {
  const expected = createHmac('sha256', SECRET)
    .update('["paddle-classic","live","573252","app",0]')
    .digest('hex')
    .slice(0, 32);
  t.is(idOf(IDENTITY), expected);
  t.is(expected, FIXED_ID);
});

/** As computed with openssl: printf '["paddle-classic","live","573252","app",0]' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707… */
const FIXED_ID = 'ee2f6b29199e6ea91dfaee8c112a6468';

test('an id depends on every part of the identity, on the borders between them, and on the secret', (t) => {
  const ids = [
    idOf(IDENTITY),
    idOf({ ...IDENTITY, marketplace: 'manual' }),
    idOf({ ...IDENTITY, mode: 'test' }),
    idOf({ ...IDENTITY, order: '573253' }),
    idOf({ ...IDENTITY, product: 'app2' }),
    idOf({ ...IDENTITY, unit: 1 }),
    idOf({ ...IDENTITY, order: '57325', product: '2app' }),
    idOf({ ...IDENTITY, order: '573252","app' }),
    idOf(IDENTITY, Buffer.alloc(32, 8)),
  ];
  t.is(new Set(ids).size, ids.length);
  t.true(ids.every((id) => id.length === 32));
});

test('an id depends on nothing but the identity', (t) => {
  t.is(idOf({ ...IDENTITY, ...{ quantity: 3, customer: { name: 'Ada' } } }), idOf(IDENTITY));
});

test('the same license at the same revision has the same code, and another revision another', (t) => {
  const { id, code, unit, revision } = MINTER.mint(IDENTITY, ENTITLEMENT, 0);
  t.deepEqual(MINTER.mint(IDENTITY, ENTITLEMENT, 0), { id, code, unit, revision });
  t.deepEqual([unit, revision], [0, 0]);
  const renewed = MINTER.mint(IDENTITY, ENTITLEMENT, 1);
  t.deepEqual(renewed.id, id);
  t.not(renewed.code, code);
});

test('a code contains its entitlement, its license and its product', (t) => {
  const others: Partial<Entitlement>[] = [
    {},
    { trial: true },
    { lastValid: null },
    { updatesUntil: '2149-06-06' },
    { seats: 0 },
    { seats: 65_535 },
    { features: 0xff_ff_ff },
    { issued: '1970-01-01' },
  ];
  for (const other of others) {
    const entitlement = { ...ENTITLEMENT, ...other };
    const { code, id } = MINTER.mint(IDENTITY, entitlement, 0);
    t.deepEqual(MINTER.entitlementOf(code), entitlement);
    t.deepEqual(Buffer.from(licenseIdOfCode(code)), Buffer.from(id));
  }
});

test('an order of each mode gets a code by the key of that mode, and a test code is marked as such', (t) => {
  const check = createCodeCheck(KEYRING);
  for (const mode of ['live', 'test'] as const) {
    const identity = { ...IDENTITY, mode };
    const { id, code } = MINTER.mint(identity, ENTITLEMENT, 0);
    t.is(check(code, { ...identity, id }, 0), undefined);
    const other = mode === 'live' ? 'test' : 'live';
    t.is(check(code, { ...identity, id, mode: other }, 0), 'is of the other mode');
    const otherKey = createCodeCheck(KEYRING.filter((entry) => entry.mode === other));
    t.regex(otherKey(code, { ...identity, id }, 0) ?? '', /which the keyring lacks/);
  }
});

test('a mode without an active key mints nothing', (t) => {
  const minter = createMinter({ idSecret: SECRET, signerFor: () => undefined, keyring: [] });
  const error = t.throws(() => minter.mint(IDENTITY, ENTITLEMENT, 0), { instanceOf: AppError });
  t.is(error?.code, 'bad_configuration');
});

test('after the loss of the ledger, the same sale gets the same licenses and codes', async (t) => {
  const codes: string[] = [];
  for (let loss = 0; loss < 2; loss++) {
    const { ledger } = await openWithMessage(t);
    const parts = { ledger, handouts: new MemoryHandouts(), now: () => SOLD_AT + 1000 };
    const fulfilled = await fulfill(orderOf({ quantity: 3 }), soldProduct('app'), parts);
    t.is(fulfilled.outcome, 'issued');
    codes.push(JSON.stringify('licenses' in fulfilled && fulfilled.licenses.map(({ code }) => code)));
  }
  t.is(codes[0], codes[1]);
});
