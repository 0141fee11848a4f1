/** Ids of announcements: UUIDs of version 7 (RFC 9562, 5.7), which ascend with time. */
import { randomBytes } from 'node:crypto';

/** 48 bits of milliseconds since 1970-01-01, version and variant, 74 random bits. */
export function uuidV7(milliseconds: number, random: (size: number) => Buffer = randomBytes): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  random(10).copy(bytes, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return groups.join('-');
}
