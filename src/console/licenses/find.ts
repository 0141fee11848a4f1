/** Finds a license by the id in an address. */
import type { LicenseStory } from '../../domain/ledger.ts';
import { parseLicenseId } from '../../license-code/license-id.ts';
import { notFound, type Visit } from '../visit.ts';

/** Throws AppError `unknown_page` if this mode has no such license. */
export async function licenseIn(
  { parts, mode }: Pick<Visit, 'parts' | 'mode'>,
  text: string,
): Promise<LicenseStory> {
  const [license] = await parts.ledger.find({ by: 'license', id: idOf(text) });
  if (license === undefined) throw notFound('The ledger has no such license.');
  if (license.mode !== mode) throw notFound(`This license is in ${license.mode} mode.`);
  return license;
}

function idOf(text: string): Uint8Array {
  try {
    return parseLicenseId(text);
  } catch {
    throw notFound('This is no license id.');
  }
}
