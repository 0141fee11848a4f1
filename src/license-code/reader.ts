/** What a program verifies license codes with: no network, no clock but the one given. */
import { daysBetween } from './day.ts';
import { type License, toLicense } from './license.ts';
import { productTag, signedBytes } from './product.ts';
import { readForm } from './read-form.ts';
import { checkOptions, type ReaderOptions, type Settings } from './reader-options.ts';
import { decodeRecord, OFFSET } from './record.ts';
import { verifyStrict } from './signature.ts';
import type { LicensedVerdict, Verdict } from './verdict.ts';

export interface Reader {
  /**
   * The first verdict that applies to what was pasted (license-code-v1, "Reading", step 2). No input makes it throw: what
   * is not a string is `empty`. Only a fault of the program's own `today` or `revocations` comes through.
   */
  read(text: unknown): Verdict;
}

/** How far a computer's clock may be behind that of the seller's server. */
const CLOCK_SKEW_DAYS = 2;

/** A reader for one product. A TypeError that names the option for one that is missing or makes no sense. */
export function createReader(options: ReaderOptions): Reader {
  const settings = checkOptions(options);
  return {
    read(text) {
      const form = readForm(text);
      return 'verdict' in form ? form : judgeCode(form.bytes, settings);
    },
  };
}

/** Whether the 100 bytes of a code are genuine, and if so whether the license counts here and today. */
function judgeCode(bytes: Uint8Array, settings: Settings): Verdict {
  const { product, keys } = settings;
  if (productTag(product).some((byte, i) => byte !== bytes[OFFSET.tag + i])) {
    return { verdict: 'wrong-product' };
  }
  const record = decodeRecord(bytes);
  const key = keys.get(record.keyId);
  if (key === undefined) return { verdict: 'unknown-key', keyId: record.keyId };
  const signature = bytes.subarray(OFFSET.signature, OFFSET.check);
  const genuine =
    record.test === key.test && verifyStrict(signedBytes(product, bytes), signature, key.publicKey);
  return genuine ? judgeLicense(toLicense(record, product), settings) : { verdict: 'forged' };
}

function judgeLicense(license: License, settings: Settings): LicensedVerdict {
  const { lastValid, updatesUntil } = license;
  const { buildDate } = settings;
  if (license.test && !settings.allowTest) return { verdict: 'test-code', license };
  const today = settings.today();
  if (daysBetween(today, license.issued) > CLOCK_SKEW_DAYS) return { verdict: 'not-yet-valid', license };
  if (settings.revoked(license)) return { verdict: 'revoked', license };
  if (lastValid !== null && lastValid < today) return { verdict: 'expired', license, lastValid };
  if (updatesUntil !== null && buildDate !== undefined && updatesUntil < buildDate) {
    return { verdict: 'updates-ended', license, updatesUntil };
  }
  return { verdict: 'valid', license };
}
