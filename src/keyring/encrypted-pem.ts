/**
 * Encrypts a private key under a passphrase like `openssl pkcs8 -topk8 -scrypt`; openssl and node:crypto read it.
 * node:crypto itself writes only PBES2 with PBKDF2, so the DER is made here:
 *
 *   EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }        RFC 5958, section 3
 *   PBES2-params ::= SEQUENCE { keyDerivationFunc, encryptionScheme }                 RFC 8018, appendix A.4
 *   scrypt-params ::= SEQUENCE { salt, N, r, p, keyLength OPTIONAL }                  RFC 7914, section 7.1
 *   AES-IV ::= OCTET STRING (SIZE (16))                                               RFC 8018, appendix B.2.5
 */
import { createCipheriv, scryptSync } from 'node:crypto';

/** 16 MiB and about 50 ms per try: openssl's defaults, within the memory limit of its reader. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;

// The content octets of the object identifiers.
const PBES2 = '2a864886f70d01050d'; // 1.2.840.113549.1.5.13
const SCRYPT = '2b06010401da47040b'; // 1.3.6.1.4.1.11591.4.11
const AES_256_CBC = '60864801650304012a'; // 2.16.840.1.101.3.4.1.42

/**
 * `pkcs8` is the DER of a PrivateKeyInfo. CBC does not detect tampering; the reader does, since a changed key does
 * not match its public half.
 */
export function encryptedPem(
  pkcs8: Uint8Array,
  passphrase: string,
  randomBytes: (size: number) => Uint8Array,
): string {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', scryptSync(passphrase, salt, KEY_BYTES, COST), iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const scryptParameters = sequence(octets(salt), integer(COST.N), integer(COST.r), integer(COST.p));
  const parameters = sequence(
    sequence(identifier(SCRYPT), scryptParameters),
    sequence(identifier(AES_256_CBC), octets(iv)),
  );
  const der = sequence(sequence(identifier(PBES2), parameters), octets(encrypted));
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes);
const identifier = (contents: string): Buffer => element(0x06, Buffer.from(contents, 'hex'));

/** A positive INTEGER: a zero byte before a set leading bit keeps it from being negative. */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return element(0x02, bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

/** Tag, length, contents (X.690, section 8.1.3); all contents are far below 64 KiB, the limit of two length bytes. */
function element(tag: number, contents: Uint8Array): Buffer {
  const size = contents.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), contents]);
}
