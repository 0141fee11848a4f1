/** The addresses of downloads. A link leads to one file, or to the newest release that the license may have. */
import type { Ledger } from '../domain/ledger.ts';
import type { Offer, OfferedLicense } from '../domain/requests/offer.ts';
import { type Day, dayOf } from '../domain/values/day.ts';
import { offeredTo, type Release } from '../domain/values/release.ts';
import { dayNumberAt, fileSubject, type LinkTokens } from '../keyring/link-token.ts';

/** Links to files are good for so many days after their day, and are made anew at each view. */
export const FILE_DAYS = 2;
/** The stable address stands in mails. */
export const LATEST_DAYS = 30;

const DAY_MILLISECONDS = 86_400_000;

export interface LinkSources {
  readonly tokens: LinkTokens;
  readonly ledger: { readonly selfService: Pick<Ledger['selfService'], 'generation'> };
}

/** No file has this name. */
export function latestSubject(product: string): Uint8Array {
  return fileSubject(product, 'latest', '');
}

export function lastDayOfFiles(now: number): Day {
  return dayOf(now + FILE_DAYS * DAY_MILLISECONDS);
}

/** The same moment gives the same address, unless the generation is given. */
export async function latestAddress(
  base: string,
  {
    license,
    product,
    at,
    ...given
  }: {
    readonly license: Uint8Array;
    readonly product: string;
    readonly at: number;
    readonly generation?: number;
  },
  { tokens, ledger }: LinkSources,
): Promise<string> {
  const generation = given.generation ?? (await ledger.selfService.generation(license, at));
  const lastDay = dayNumberAt(at) + LATEST_DAYS;
  const token = tokens.write({
    purpose: 'file',
    license,
    generation,
    lastDay,
    subject: latestSubject(product),
  });
  return `${base}/download/${token}`;
}

export interface FileLink {
  readonly license: Uint8Array;
  readonly generation: number;
  readonly now: number;
}

/** Below the public address. The name is for the customer's disk: the token alone finds the file. */
export function filePath(
  { license, generation, now }: FileLink,
  { product, version }: Pick<Release, 'product' | 'version'>,
  name: string,
  tokens: LinkTokens,
): string {
  const lastDay = dayNumberAt(now) + FILE_DAYS;
  const subject = fileSubject(product, version, name);
  const token = tokens.write({ purpose: 'file', license, generation, lastDay, subject });
  return `/download/${token}/${encodeURIComponent(name)}`;
}

export interface OfferSources extends LinkSources {
  readonly base: string;
  readonly shelf: { releasesOf(product: string): Promise<readonly Release[]> };
}

/** Everything that a license may have now, with new links. */
export async function offerOf(
  license: OfferedLicense,
  now: number,
  { base, shelf, ...sources }: OfferSources,
): Promise<Offer> {
  const { id, product } = license;
  const { included, withheld } = offeredTo(license, await shelf.releasesOf(product), now);
  const generation = await sources.ledger.selfService.generation(id);
  const linked = included.map((release) => ({
    ...release,
    files: release.files.map((file) => ({
      ...file,
      url: base + filePath({ license: id, generation, now }, release, file.name, sources.tokens),
    })),
  }));
  const latest = await latestAddress(base, { license: id, product, at: now, generation }, sources);
  return { included: linked, withheld, latest, until: lastDayOfFiles(now) };
}
