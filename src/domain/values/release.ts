/** A release: a version of a product with its day and files, and which license may have it. */
import { type Day, dayOf } from './day.ts';
import type { Entitlement, LicenseState } from './license.ts';

export const PLATFORMS = ['macos', 'windows', 'linux', 'any'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface ReleaseFile {
  readonly name: string;
  readonly platform: Platform;
  /** Bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Base64, as electron-updater compares it. */
  readonly sha512: string;
  /** The file's time when it was added, milliseconds since 1970-01-01. */
  readonly modified: number;
  /** The Ed25519 signature that the seller made for Sparkle, base64. */
  readonly signature?: string | undefined;
  /** The bucket's ETag of the file. */
  readonly tag?: string | undefined;
}

export interface Release {
  readonly product: string;
  readonly version: string;
  /** The build that Sparkle compares; absent: the version. */
  readonly build?: string | undefined;
  readonly day: Day;
  readonly notes?: string | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly addedAt: number;
  readonly files: readonly ReleaseFile[];
  /** No longer offered. */
  readonly withdrawn?: { readonly at: number; readonly reason: string } | undefined;
}

/** The license that asks for downloads. */
export interface Holding {
  readonly state: LicenseState;
  readonly entitlement: Pick<Entitlement, 'lastValid' | 'updatesUntil'>;
}

export interface Offered {
  /** The newest first. */
  readonly included: readonly Release[];
  /** Of a later day than the license's updates. */
  readonly withheld: readonly Release[];
}

/** Made at first use: it maps 2 MB of ICU's tables. */
let byVersion: Intl.Collator | undefined;

/** The newest day first, then the highest version. */
export function newestFirst(releases: readonly Release[]): readonly Release[] {
  byVersion ??= new Intl.Collator('en', { numeric: true });
  const { compare } = byVersion;
  return [...releases].sort((a, b) =>
    a.day === b.day ? compare(b.version, a.version) : a.day < b.day ? 1 : -1,
  );
}

/** Whether a license may download at all: it is active, or was ended for good with versions to keep; and has not run out. */
export function mayDownload({ state, entitlement: { lastValid } }: Holding, now: number): boolean {
  if (state === 'active') return lastValid === null || lastValid >= dayOf(now);
  return state === 'ended' && lastValid === null;
}

/** Which releases of its product a license may have now. */
export function offeredTo(holding: Holding, releases: readonly Release[], now: number): Offered {
  if (!mayDownload(holding, now)) return { included: [], withheld: [] };
  const { updatesUntil } = holding.entitlement;
  const isIncluded = ({ day }: Release) => updatesUntil === null || day <= updatesUntil;
  const open = newestFirst(releases.filter(({ withdrawn }) => withdrawn === undefined));
  return { included: open.filter(isIncluded), withheld: open.filter((release) => !isIncluded(release)) };
}
