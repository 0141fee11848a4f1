/** `locker_processed` (Order Processing Completed): the license that Paddle stored and mailed. */
import { unarmor } from '../../license-code/armor.ts';
import { findCodes } from '../../license-code/find-codes.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { decodeRecord } from '../../license-code/record.ts';
import { type Alert, note, orderIn, type Told } from './alert.ts';

/** The codes in the text that Paddle stored; only their check digits are verified. */
export function storedCodes({ type, field }: Alert): readonly string[] {
  return type === 'locker_processed' ? findCodes(field('licence')) : [];
}

export function stored(alert: Alert): Told[] {
  const subject = orderIn(alert);
  if (subject === undefined) return [];
  const licenses = storedCodes(alert).map((code) => formatLicenseId(decodeRecord(unarmor(code)).licenseId));
  if (licenses.length === 0) return [{ subject, body: note('processed without a license code') }];
  return [{ subject, body: { kind: 'stored', licenses } }];
}
