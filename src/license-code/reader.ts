/** Verifies license codes in a program: without network, and with only the given clock. */
import { dayAfter, daysBetween } from './day.ts';
import { type License, toLicense } from './license.ts';
import { productTag, signedBytes } from './product.ts';
import { newestOfEach, refuseVersion } from './read-form.ts';
import { checkOptions, type ReaderOptions, type Settings } from './reader-options.ts';
import { readPaste } from './reading.ts';
import { decodeRecord, OFFSET } from './record.ts';
import type { GenuineCode } from './search.ts';
import { verifyStrict } from './signature.ts';
import type { CodeRefusal, Trust } from './trust.ts';
import type { LicensedVerdict, Verdict } from './verdict.ts';

/** Reads license codes of one product. */
export interface Reader {
  /**
   * Finds the codes in a pasted text, repairs one slip, and returns the first verdict that applies (docs/license-code.md,
   * "Reading"). No input makes it throw: anything but a string is `empty`. It throws only what your own functions `today`,
   * `latestDay` or `revocations` throw.
   */
  read(text: unknown): Reading;
}

/** A verdict, and whether a feature is licensed. */
export type Reading = Verdict & {
  /** True if the license is valid and has this feature, a name among the reader's `features`. */
  has(feature: string): boolean;
};

/** Days that a computer's clock may be behind the clock of the seller's server. */
const CLOCK_SKEW_DAYS = 2;

/** Returns a reader for one product. Throws a TypeError that names the option if an option is missing or invalid. */
export function createReader(options: ReaderOptions): Reader {
  const settings = checkOptions(options);
  const trust: Trust = {
    heads: settings.heads,
    refuse: (bytes) => refuse(bytes, settings),
    isGenuine: (bytes) => isGenuine(bytes, settings),
  };
  return {
    read(text) {
      const read = readPaste(text, trust);
      return withFeatures('verdict' in read ? read : judgeAll(read, settings), settings.features);
    },
  };
}

function refuse(bytes: Uint8Array, { product, keys }: Settings): CodeRefusal | null {
  const unsupported = refuseVersion(bytes);
  if (unsupported !== null) return unsupported;
  if (productTag(product).some((byte, i) => byte !== bytes[OFFSET.tag + i])) {
    return { verdict: 'wrong-product' };
  }
  const keyId = bytes[OFFSET.keyId] ?? 0;
  return keys.has(keyId) ? null : { verdict: 'unknown-key', keyId };
}

/** Whether the code's key made the signature and has the code's mode. */
function isGenuine(bytes: Uint8Array, { product, keys }: Settings): boolean {
  const { keyId, test } = decodeRecord(bytes);
  const key = keys.get(keyId);
  const signature = bytes.subarray(OFFSET.signature, OFFSET.check);
  return key?.test === test && verifyStrict(signedBytes(product, bytes), signature, key.publicKey);
}

/** The newest code of one license counts. With several licenses no code is chosen. */
function judgeAll(codes: readonly GenuineCode[], settings: Settings): Verdict {
  const choices = newestOfEach(codes).map((code) => judge(code, settings));
  const [only, another] = choices;
  return only !== undefined && another === undefined ? only : { verdict: 'several', choices };
}

function judge({ code, bytes, repaired }: GenuineCode, settings: Settings): LicensedVerdict {
  const license = toLicense(decodeRecord(bytes), settings.product);
  const { lastValid, updatesUntil } = license;
  const { buildDate } = settings;
  const today = settings.today();
  const keep = dayToKeep(license, today, settings.latestDay());
  const read = { license, code, ...(repaired && { repaired }), keep };
  if (license.test && !settings.allowTest) return { verdict: 'test-code', ...read };
  // A clock reset by a dead battery must not lock out the owner of a perpetual license.
  if (lastValid !== null && daysBetween(today, license.issued) > CLOCK_SKEW_DAYS)
    return { verdict: 'not-yet-valid', ...read };
  if (settings.revoked(license)) return { verdict: 'revoked', ...read };
  if (lastValid !== null && lastValid < today) return { verdict: 'expired', ...read, lastValid };
  if (updatesUntil !== null && buildDate !== undefined && updatesUntil < buildDate) {
    return { verdict: 'updates-ended', ...read, updatesUntil };
  }
  return { verdict: 'valid', ...read };
}

/**
 * The day to keep: today, but no later than the license needs, so that a clock that once was years ahead does not
 * expire a renewal. Never earlier than the day that was kept before.
 */
function dayToKeep({ lastValid, issued }: License, today: string, kept: string | null): string {
  const end = lastValid === null ? issued : dayAfter(lastValid);
  const needed = today < end ? today : end;
  return kept !== null && kept > needed ? kept : needed;
}

/** Adds `has` as a non-enumerable property, so that comparing or printing a verdict ignores it. */
function withFeatures(verdict: Verdict, features: readonly string[]): Reading {
  const has = (feature: string) => {
    const bit = features.indexOf(feature);
    return verdict.verdict === 'valid' && bit >= 0 && ((verdict.license.features >> bit) & 1) === 1;
  };
  return Object.defineProperty({ ...verdict, has }, 'has', { enumerable: false });
}
