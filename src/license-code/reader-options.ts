/** Defines and checks the options of a reader. */
import { isDay, systemDay } from './day.ts';
import { type Heads, headsOf } from './heads.ts';
import { type PublicKeyEntry, parseKeyring, publicKeyBytes } from './keyring.ts';
import type { License } from './license.ts';
import { productTag } from './product.ts';

const MOST_FEATURES = 24;

/** The options of `createReader`. */
export interface ReaderOptions {
  /** The product id of the program, 1 to 64 bytes of UTF-8. */
  readonly product: string;
  /** The public keys, at least one. A released program embeds live keys only. */
  readonly keyring: readonly PublicKeyEntry[];
  /** The current UTC day, `YYYY-MM-DD`, or a function that returns it. Default: the computer's clock. */
  readonly today?: (() => string) | string | undefined;
  /**
   * The latest UTC day that the program has seen, or a function that returns it: the `keep` of an earlier verdict. With it, a
   * clock that is set back revives no expired license. A value that is no day, as from a damaged file, is ignored.
   */
  readonly latestDay?: (() => unknown) | string | null | undefined;
  /** The UTC day on which the program was built. Today is never earlier, and `updatesUntil` is compared with it. */
  readonly buildDate?: string | undefined;
  /** Whether test codes are accepted. Default: false. */
  readonly allowTest?: boolean | undefined;
  /** The product's feature names in the order of the product file, at most 24. Default: none. */
  readonly features?: readonly string[] | undefined;
  /** The revocation list, as `loadRevocations` returns it. */
  readonly revocations?: { revoked(licenseId: string, test: boolean): boolean } | undefined;
}

/** The checked options with defaults applied. */
export interface Settings {
  readonly product: string;
  readonly keys: ReadonlyMap<number, { readonly test: boolean; readonly publicKey: Uint8Array }>;
  readonly heads: Heads;
  /** Returns an existing day: today by the clock, or a later day that has certainly passed. */
  readonly today: () => string;
  readonly latestDay: () => string | null;
  readonly features: readonly string[];
  readonly buildDate: string | undefined;
  readonly allowTest: boolean;
  readonly revoked: (license: License) => boolean;
}

/** Throws a TypeError that names the option if an option is missing or invalid. */
export function checkOptions(options: ReaderOptions): Settings {
  const { product, today = systemDay, latestDay, buildDate, allowTest = false, features = [] } = options;
  const { revocations } = options;
  try {
    productTag(product);
  } catch (cause) {
    throw new TypeError('product: must be the product id, 1 to 64 bytes of UTF-8', { cause });
  }
  const keyring = parseKeyring(options.keyring);
  if (keyring.length === 0) throw new TypeError('keyring: holds no key, so no code could be valid');
  if (typeof today !== 'function') checkDay('today', today);
  if (buildDate !== undefined) checkDay('buildDate', buildDate);
  if (typeof allowTest !== 'boolean') throw new TypeError('allowTest: must be true or false');
  checkFeatures(features);
  if (revocations !== undefined && typeof revocations?.revoked !== 'function') {
    throw new TypeError('revocations: must have a function revoked(licenseId)');
  }
  const latest = () => {
    const day = typeof latestDay === 'function' ? latestDay() : latestDay;
    return isDay(day) ? day : null;
  };
  return {
    product,
    keys: new Map(
      keyring.map((entry) => [entry.id, { test: entry.mode === 'test', publicKey: publicKeyBytes(entry) }]),
    ),
    heads: headsOf(keyring, [product]),
    today: () => {
      const day = typeof today === 'function' ? checkDay('today', today()) : today;
      return [buildDate ?? day, latest() ?? day].reduce((a, b) => (a > b ? a : b), day);
    },
    latestDay: latest,
    features: [...features],
    buildDate,
    allowTest,
    revoked: ({ id, test }) => revocations?.revoked(id, test) ?? false,
  };
}

function checkDay(name: string, day: unknown): string {
  if (!isDay(day)) throw new TypeError(`${name}: must be a day, YYYY-MM-DD`);
  return day;
}

function checkFeatures(features: unknown): void {
  const isList = Array.isArray(features) && features.length <= MOST_FEATURES;
  if (!isList || features.some((name) => typeof name !== 'string' || name === ''))
    throw new TypeError(`features: must be an array of at most ${MOST_FEATURES} names`);
  if (new Set(features).size < features.length) throw new TypeError('features: has a name twice');
}
