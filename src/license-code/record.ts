/** Encodes and decodes the record, the 34 big-endian bytes of content of a code (license-code-v1, "The record"). */
import { LAST_DAY_NUMBER } from './day.ts';
import { LICENSE_ID_BYTES } from './license-id.ts';
import { numberAt } from './number-at.ts';
import { productTag, RECORD_BYTES } from './product.ts';

export { dayNumber, dayText } from './day.ts';
export { formatLicenseId, parseLicenseId } from './license-id.ts';
export { productTag, signedBytes } from './product.ts';

export interface LicenseRecord {
  readonly test: boolean;
  readonly trial: boolean;
  /** 1 to 255. */
  readonly keyId: number;
  /** 16 bytes, the same after renewals. */
  readonly licenseId: Uint8Array;
  /** 0 to 65535; a license's code of the highest revision wins. */
  readonly revision: number;
  /** UTC days since 1970-01-01, 0 to 65535, in this field and the next two. */
  readonly issued: number;
  /** Inclusive; null is perpetual. Day 0 is invalid, because 0 encodes null. */
  readonly lastValid: number | null;
  /** Inclusive, compared with the program's build date; null is no limit. Day 0 is invalid too. */
  readonly updatesUntil: number | null;
  /** 0 to 65535; 0 is unlimited. */
  readonly seats: number;
  /** 24 bits: bit i is the product's feature i. */
  readonly features: number;
}

/** The byte offset of each field. */
export const OFFSET = {
  keyId: 1,
  tag: 2,
  licenseId: 5,
  revision: 21,
  issued: 23,
  lastValid: 25,
  updatesUntil: 27,
  seats: 29,
  features: 31,
  signature: 34,
  check: 98,
} as const;

export const VERSION = 1;
export const TEST_FLAG = 0b01;
export const TRIAL_FLAG = 0b10;
const RESERVED_FLAGS = 0b1100;

/** Returns the claimed version, and whether the reserved bits of version 1 are 0. */
export function readVersion(bytes: Uint8Array): { readonly version: number; readonly supported: boolean } {
  const first = numberAt(bytes, 0);
  const version = first >> 4;
  return { version, supported: version === VERSION && (first & RESERVED_FLAGS) === 0 };
}

/** Encodes a record as 34 bytes. Throws a RangeError for a field outside its limits, a TypeError for a wrong type. */
export function encodeRecord(record: LicenseRecord, product: string): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  writeRecord(bytes, record, product);
  return bytes;
}

/** Like encodeRecord, but writes to the first 34 bytes of the caller's array. */
export function writeRecord(bytes: Uint8Array, record: LicenseRecord, product: string): void {
  const { licenseId } = record;
  if (!(licenseId instanceof Uint8Array)) throw new TypeError('licenseId is a Uint8Array');
  if (licenseId.length !== LICENSE_ID_BYTES) throw new RangeError(`licenseId has ${LICENSE_ID_BYTES} bytes`);
  bytes[0] = (VERSION << 4) | flag('test', record.test, TEST_FLAG) | flag('trial', record.trial, TRIAL_FLAG);
  bytes[OFFSET.keyId] = whole('keyId', record.keyId, 1, 0xff);
  bytes.set(productTag(product), OFFSET.tag);
  bytes.set(licenseId, OFFSET.licenseId);
  writeTwo(bytes, OFFSET.revision, whole('revision', record.revision, 0, 0xffff));
  writeTwo(bytes, OFFSET.issued, whole('issued', record.issued, 0, LAST_DAY_NUMBER));
  writeTwo(bytes, OFFSET.lastValid, dayOrNone('lastValid', record.lastValid));
  writeTwo(bytes, OFFSET.updatesUntil, dayOrNone('updatesUntil', record.updatesUntil));
  writeTwo(bytes, OFFSET.seats, whole('seats', record.seats, 0, 0xffff));
  const features = whole('features', record.features, 0, 0xffffff);
  bytes[OFFSET.features] = features >> 16;
  writeTwo(bytes, OFFSET.features + 1, features);
}

/**
 * Decodes the first 34 bytes as a record, without checking product or signature. Throws a RangeError for fewer bytes,
 * another version or a reserved bit.
 */
export function decodeRecord(bytes: Uint8Array): LicenseRecord {
  if (bytes.length < RECORD_BYTES) throw new RangeError(`a record has ${RECORD_BYTES} bytes`);
  if (!readVersion(bytes).supported) throw new RangeError(`not a record of version ${VERSION}`);
  const flags = numberAt(bytes, 0);
  return {
    test: (flags & TEST_FLAG) !== 0,
    trial: (flags & TRIAL_FLAG) !== 0,
    keyId: numberAt(bytes, OFFSET.keyId),
    licenseId: bytes.slice(OFFSET.licenseId, OFFSET.licenseId + LICENSE_ID_BYTES),
    revision: readTwo(bytes, OFFSET.revision),
    issued: readTwo(bytes, OFFSET.issued),
    lastValid: readTwo(bytes, OFFSET.lastValid) || null,
    updatesUntil: readTwo(bytes, OFFSET.updatesUntil) || null,
    seats: readTwo(bytes, OFFSET.seats),
    features: (numberAt(bytes, OFFSET.features) << 16) | readTwo(bytes, OFFSET.features + 1),
  };
}

export function writeTwo(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function readTwo(bytes: Uint8Array, at: number): number {
  return (numberAt(bytes, at) << 8) | numberAt(bytes, at + 1);
}

function flag(name: string, value: boolean, bit: number): number {
  if (typeof value !== 'boolean') throw new TypeError(`${name} is true or false`);
  return value ? bit : 0;
}

function whole(name: string, value: number, least: number, most: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} is a number`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${value}`);
  }
  return value;
}

function dayOrNone(name: string, value: number | null): number {
  return value === null ? 0 : whole(name, value, 1, LAST_DAY_NUMBER);
}
