/** The private half of a signing key: Ed25519, PKCS#8 PEM, readable by openssl, optionally encrypted. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { AppError } from '../errors.ts';
import { encryptedPem } from './encrypted-pem.ts';
import { readPrivate, writePrivate } from './key-files.ts';

export type RandomBytes = (size: number) => Uint8Array;

/** PrivateKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** In bytes: the limit of openssl's reader (PEM_BUFSIZE). */
const LONGEST_PASSPHRASE = 1023;

export function makePrivateKey(randomBytes: RandomBytes): KeyObject {
  const der = Buffer.concat([PKCS8_HEAD, randomBytes(32)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** 32 bytes as 64 lower-case hex digits, as in the keyring. */
export function publicHalf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url').toString('hex');
}

/** Writes the PEM with mode 0600, encrypted if there is a passphrase. Never overwrites a file. */
export function writePrivateKey(
  file: string,
  key: KeyObject,
  options: { readonly passphrase?: string | undefined; readonly randomBytes: RandomBytes },
): void {
  if (!writePrivate(file, pemOf(key, options.passphrase, options.randomBytes))) {
    throw new AppError(
      'bad_configuration',
      `${file} is there already, and a private key is never overwritten`,
    );
  }
}

/**
 * Reads an Ed25519 PKCS#8 PEM. Throws `bad_configuration`, with file and remedy, for a file that is missing, open to
 * others, of another kind, or not decrypted by the passphrase. No error contains text of the file.
 */
export function readPrivateKey(file: string, passphrase?: string): KeyObject {
  const pem = readPrivate(file);
  const encrypted = pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  if (encrypted && passphrase === undefined) {
    throw new AppError(
      'bad_configuration',
      `${file} is encrypted: set KEY_PASSPHRASE (or KEY_PASSPHRASE_FILE)`,
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The cause is omitted on purpose: a parser's message could contain parts of a private key.
    throw new AppError(
      'bad_configuration',
      encrypted
        ? `${file} does not open with the KEY_PASSPHRASE that is set: check it, or restore the file from your backup`
        : `${file} holds no private key in PKCS#8 PEM: restore it from your backup`,
    );
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new AppError('bad_configuration', `${file} holds another kind of key: a signing key is Ed25519`);
  }
  return key;
}

function pemOf(key: KeyObject, passphrase: string | undefined, randomBytes: RandomBytes): string {
  if (passphrase === undefined) return key.export({ format: 'pem', type: 'pkcs8' }).toString();
  if (Buffer.byteLength(passphrase) > LONGEST_PASSPHRASE) {
    throw new AppError(
      'bad_configuration',
      `KEY_PASSPHRASE: at most ${LONGEST_PASSPHRASE} bytes, or openssl cannot read the key`,
    );
  }
  return encryptedPem(key.export({ format: 'der', type: 'pkcs8' }), passphrase, randomBytes);
}
