/**
 * tweetnacl with signatures verified by node:crypto, in 1/40 of the time. Where the two differ (S not below L, small
 * order, y not canonical), signature.ts refuses earlier; mutants of that file are tested with tweetnacl (`useReal`).
 */
import { createPublicKey, type KeyObject, verify as verifyNatively } from 'node:crypto';
import nacl from 'tweetnacl';

/** RFC 8410, 4: a SubjectPublicKeyInfo of Ed25519 up to its 32 bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const keys = new Map<string, KeyObject>();
let isReal = false;

export function useReal(wanted: boolean): void {
  isReal = wanted;
}

function verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (isReal) return nacl.sign.detached.verify(message, signature, publicKey);
  return verifyNatively(null, message, keyOf(publicKey), signature);
}

function keyOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString('hex');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  keys.set(name, key);
  return key;
}

const detached = Object.assign(nacl.sign.detached.bind(nacl), nacl.sign.detached, { verify });

export default { ...nacl, sign: Object.assign(nacl.sign.bind(nacl), nacl.sign, { detached }) };
