/** The names of a license's features: those of the product file when it was sold, since a code holds their places alone. */
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import { featuresIn } from '../message/features-in.ts';

/** All names, in the order of their places. undefined: not known. */
export type FeatureNames = (license: LicenseStory) => readonly string[] | undefined;

export async function readFeatureNames(
  ledger: Pick<Ledger, 'findTerms'>,
  licenses: readonly LicenseStory[],
): Promise<FeatureNames> {
  const digests = [...new Set(licenses.flatMap(({ terms }) => terms ?? []))];
  const known = await Promise.all(
    digests.map(async (digest) => [digest, (await ledger.findTerms(digest))?.features] as const),
  );
  const names = new Map(known);
  return ({ terms }) => (terms === null ? undefined : names.get(terms));
}

export function featuresText(bits: number, names: readonly string[] | undefined): string {
  if (bits === 0) return 'no features';
  if (names === undefined) return `features 0b${bits.toString(2)}`;
  return `features ${featuresIn(bits, names).join(', ')}`;
}
