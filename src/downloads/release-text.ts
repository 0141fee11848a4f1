/** `release.json`: a release as it is kept beside its files, written last. */
import { z } from 'zod';
import { isDay } from '../domain/values/day.ts';
import { PLATFORMS, type Platform, type Release } from '../domain/values/release.ts';

export const RELEASE_FILE = 'release.json';

/** Names that are a part of a path and of an address: no separator, no dot in front, no sign that needs a quote. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._+()@-]{0,126}[\p{L}\p{N})]$|^[\p{L}\p{N}]$/u;
const VERSION = /^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$/;

export function isFileName(text: string): boolean {
  return NAME.test(text) && text.toLowerCase() !== RELEASE_FILE && text.normalize('NFC') === text;
}

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The folder of a product. A product's id is a file's name already, so only its spelling is changed. */
export function folderOf(product: string): string {
  return encodeURIComponent(product).replace(/^\./, '%2E');
}

/** An Ed25519 signature: 64 bytes of base64. */
export function isSignature(text: string): boolean {
  return /^[A-Za-z0-9+/]{86}==$/.test(text) && Buffer.from(text, 'base64').toString('base64') === text;
}

const file = z.strictObject({
  name: z.string().refine(isFileName),
  platform: z.enum(PLATFORMS),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  modified: z.number().min(0),
  signature: z.string().refine(isSignature).optional(),
  tag: z.string().optional(),
});

const release = z.strictObject({
  product: z.string().min(1),
  version: z.string().refine(isVersion),
  build: z.string().refine(isVersion).optional(),
  day: z.string().refine(isDay),
  notes: z.string().optional(),
  addedAt: z.int().min(0),
  files: z.array(file).min(1),
  withdrawn: z.strictObject({ at: z.int(), reason: z.string() }).optional(),
});

/** Undefined: it is no release, or not of this place. */
export function readRelease(
  text: string,
  place: { readonly product?: string; readonly version?: string } = {},
): Release | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = release.safeParse(value);
  if (!parsed.success) return undefined;
  if (place.version !== undefined && parsed.data.version !== place.version) return undefined;
  return place.product === undefined || folderOf(parsed.data.product) === place.product
    ? parsed.data
    : undefined;
}

export function releaseText(written: Release): string {
  return `${JSON.stringify(written, null, 2)}\n`;
}

const ENDINGS: readonly (readonly [RegExp, Platform])[] = [
  [/\.(dmg|pkg)$/i, 'macos'],
  [/\.(exe|msi|msix|appx)$/i, 'windows'],
  [/\.(appimage|deb|rpm|snap|flatpak)$/i, 'linux'],
  [/(^|[^a-z])(mac|macos|osx|darwin)([^a-z]|$)/i, 'macos'],
  [/(^|[^a-z])(win|win32|win64|windows)([^a-z]|$)/i, 'windows'],
  [/(^|[^a-z])linux([^a-z]|$)/i, 'linux'],
];

/** By the file's name. */
export function platformOf(name: string): Platform {
  return ENDINGS.find(([pattern]) => pattern.test(name))?.[1] ?? 'any';
}
