/** A license as a program sees it. */
import { dayText } from './day.ts';
import { formatLicenseId } from './license-id.ts';
import type { LicenseRecord } from './record.ts';

/** What a genuine license code says. Days are UTC, `YYYY-MM-DD`. */
export interface License {
  /** 16 bytes in the shape of a UUID, lower case; the same over renewals. */
  readonly id: string;
  /** The product id, as the reader was given it. */
  readonly product: string;
  /** 0 at first issue; each renewed code has a higher number. */
  readonly revision: number;
  /** The day on which this code was signed. */
  readonly issued: string;
  /** The last valid day, grace included; null for a perpetual license. */
  readonly lastValid: string | null;
  /** The last build date of programs that the license covers; null for no limit. */
  readonly updatesUntil: string | null;
  /** The number of computers; 0 is unlimited. */
  readonly seats: number;
  /** Bit i is the product's feature number i, of at most 24. */
  readonly features: number;
  /** Of a test order: a released program does not accept it. */
  readonly test: boolean;
  /** A license to try the program. */
  readonly trial: boolean;
  /** The number of the signing key, 1 to 255. */
  readonly keyId: number;
}

/** Returns the license of a decoded record of this product. */
export function toLicense(record: LicenseRecord, product: string): License {
  const { revision, seats, features, test, trial, keyId } = record;
  return Object.freeze({
    id: formatLicenseId(record.licenseId),
    product,
    revision,
    issued: dayText(record.issued),
    lastValid: record.lastValid === null ? null : dayText(record.lastValid),
    updatesUntil: record.updatesUntil === null ? null : dayText(record.updatesUntil),
    seats,
    features,
    test,
    trial,
    keyId,
  });
}
