/** Mints the code of a license. */
import { armor, CODE_BYTES } from './armor.ts';
import { crc16 } from './crc16.ts';
import { signedBytes } from './product.ts';
import { type LicenseRecord, OFFSET, writeRecord, writeTwo } from './record.ts';
import { SIGNATURE_BYTES } from './signature.ts';

/**
 * Mints the 160 characters of a record's code. Deterministic, because Ed25519 is (RFC 8032, 5.1.6). `sign` returns the
 * 64 bytes of the signature by the key `record.keyId`; the caller ensures that the key's mode fits `record.test`.
 * Throws the errors of encodeRecord, and a RangeError for a signature of another length.
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
