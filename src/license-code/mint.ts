/** From a license to its code. */
import { armor, CODE_BYTES } from './armor.ts';
import { crc16 } from './crc16.ts';
import { signedBytes } from './product.ts';
import { type LicenseRecord, OFFSET, writeRecord, writeTwo } from './record.ts';
import { SIGNATURE_BYTES } from './signature.ts';

/**
 * The license code of a record: 160 characters, and always the same ones, as Ed25519 is deterministic
 * (RFC 8032, 5.1.6). `sign` gets the signed bytes and gives the 64 of the signature by the key that `record.keyId`
 * names; which key that is, and that its mode fits `record.test`, is the caller's to see to. Throws what
 * encodeRecord throws, and a RangeError for a signature of another length.
 */
export function mintCode(
  record: LicenseRecord,
  product: string,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  const bytes = new Uint8Array(CODE_BYTES);
  writeRecord(bytes, record, product);
  const signature = sign(signedBytes(product, bytes));
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError(`a signature has ${SIGNATURE_BYTES} bytes`);
  bytes.set(signature, OFFSET.signature);
  writeTwo(bytes, OFFSET.check, crc16(bytes, OFFSET.check));
  return armor(bytes);
}
