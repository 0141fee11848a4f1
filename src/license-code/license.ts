/** A license as a program sees it. */
import { dayText } from './day.ts';
import { formatLicenseId } from './license-id.ts';
import type { LicenseRecord } from './record.ts';

export interface License {
  /** 16 bytes in the shape of a UUID, lower case; the same over renewals. */
  readonly id: string;
  readonly product: string;
  readonly revision: number;
  /** UTC days, `YYYY-MM-DD`, as are the two below. */
  readonly issued: string;
  /** Inclusive, grace included; null is perpetual. */
  readonly lastValid: string | null;
  /** Inclusive, held against the program's build date; null is no limit. */
  readonly updatesUntil: string | null;
  /** 0 is unlimited. */
  readonly seats: number;
  /** Bit i is the product's feature number i, 24 of them. */
  readonly features: number;
  readonly test: boolean;
  readonly trial: boolean;
  readonly keyId: number;
}

/** The license that a record of this product holds. */
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
