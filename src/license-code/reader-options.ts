/** What a reader is made of, and that it makes sense. */
import { isDay, systemDay } from './day.ts';
import { type PublicKeyEntry, parseKeyring, publicKeyBytes } from './keyring.ts';
import type { License } from './license.ts';
import { productTag } from './product.ts';

export interface ReaderOptions {
  /** The product that the program is, 1 to 64 bytes of UTF-8. */
  readonly product: string;
  /** The public keys that it embeds, at least one. Live ones only, in a production build. */
  readonly keyring: readonly PublicKeyEntry[];
  /** The UTC day, `YYYY-MM-DD`, or what tells it at each reading. The computer's, if not given. */
  readonly today?: (() => string) | string | undefined;
  /** The UTC day that the program was built on, for licenses whose updates end. Not looked at, if not given. */
  readonly buildDate?: string | undefined;
  /** Whether test codes are accepted too; false, if not given. */
  readonly allowTest?: boolean | undefined;
  /** Which license ids (as text, lower case; `test` for test licenses) were withdrawn: what loadRevocations gives. */
  readonly revocations?: { revoked(licenseId: string, test: boolean): boolean } | undefined;
}

/** The options as a reader uses them. */
export interface Settings {
  readonly product: string;
  readonly keys: ReadonlyMap<number, { readonly test: boolean; readonly publicKey: Uint8Array }>;
  /** Always an existing day. */
  readonly today: () => string;
  readonly buildDate: string | undefined;
  readonly allowTest: boolean;
  readonly revoked: (license: License) => boolean;
}

/** A TypeError that names the option for one that is missing or makes no sense. */
export function checkOptions(options: ReaderOptions): Settings {
  const { product, today = systemDay, buildDate, allowTest = false, revocations } = options;
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
  if (revocations !== undefined && typeof revocations?.revoked !== 'function') {
    throw new TypeError('revocations: must have a function revoked(licenseId)');
  }
  return {
    product,
    keys: new Map(
      keyring.map((entry) => [entry.id, { test: entry.mode === 'test', publicKey: publicKeyBytes(entry) }]),
    ),
    today: () => (typeof today === 'function' ? checkDay('today', today()) : today),
    buildDate,
    allowTest,
    revoked: ({ id, test }) => revocations?.revoked(id, test) ?? false,
  };
}

function checkDay(name: string, day: unknown): string {
  if (!isDay(day)) throw new TypeError(`${name}: must be a day, YYYY-MM-DD`);
  return day;
}
