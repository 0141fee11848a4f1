/** Real codes for tests, without a ledger: keys from a seed give the same license the same code each time. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Entitlement } from '../../src/domain/values/license.ts';
import type { Mode } from '../../src/domain/values/order.ts';
import type { Keyring } from '../../src/keyring/keyring.ts';
import { createMinter } from '../../src/keyring/minter.ts';
import type { Signer } from '../../src/keyring/signer.ts';

export const ID_SECRET = createHash('sha256').update('an id secret for tests').digest();

/** RFC 8410, section 7: a PKCS#8 Ed25519 key up to its 32 bytes. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const KEYS = (['live', 'test'] as const).map((mode, index) => {
  const seed = createHash('sha256').update(`a ${mode} key for tests`).digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { mode, id: index + 1, privateKey, publicKey: spki.subarray(-32).toString('hex') };
});

export const KEYRING: Keyring = KEYS.map(({ id, mode, publicKey }) => ({
  id,
  mode,
  publicKey,
  created: '2026-11-21',
  state: 'active',
}));

/** A real minter: each call of the tests gives the same codes for the same licenses. */
export const MINTER = createMinter({
  idSecret: ID_SECRET,
  keyring: KEYRING,
  signerFor,
});

export function signerFor(mode: Mode): Signer {
  const key = KEYS.find((each) => each.mode === mode)!;
  return { keyId: key.id, sign: (message) => sign(null, message, key.privateKey) };
}

export const ENTITLEMENT: Entitlement = {
  trial: false,
  issued: '2026-11-21',
  lastValid: '2027-12-05',
  updatesUntil: null,
  seats: 1,
  features: 3,
};
