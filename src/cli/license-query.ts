/** What a person has of a license, as the ledger looks for it. */
import type { Ledger, LedgerQuery, LicenseStory } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import { licenseIdOfCode } from '../keyring/minter.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { parseLicenseId } from '../license-code/license-id.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** As many licenses as a search by a part of a name gives at the most (domain/ledger.ts). */
export const MOST_FOUND = 100;

/** Fewer letters are part of almost everybody. */
const SHORTEST_PART = 2;

/** A license id or a license code. Throws AppError `bad_usage` for anything else. */
export function licenseIdQuery(text: string): Extract<LedgerQuery, { by: 'license' }> {
  const query = byLicense(text.trim());
  if (query !== undefined) return query;
  throw new AppError('bad_usage', `${text} is neither a license id nor a license code.`);
}

/**
 * The licenses of a license id, a license code, an order, a subscription, an e-mail address, or a part of a name or
 * an address: of the first of these that finds some.
 */
export async function findLicenses(
  ledger: Pick<Ledger, 'find'>,
  text: string,
): Promise<readonly LicenseStory[]> {
  for (const query of queriesOf(text.trim())) {
    const found = await ledger.find(query);
    if (found.length > 0) return found;
  }
  return [];
}

function queriesOf(text: string): readonly LedgerQuery[] {
  const exact = byLicense(text);
  if (exact !== undefined) return [exact];
  const person: readonly LedgerQuery[] =
    [...text].length >= SHORTEST_PART ? [{ by: 'person', part: text }] : [];
  if (text.includes('@')) return [{ by: 'email', email: text }, ...person];
  return [{ by: 'order', order: text }, { by: 'subscription', subscription: text }, ...person];
}

function byLicense(text: string): Extract<LedgerQuery, { by: 'license' }> | undefined {
  if (UUID.test(text)) return { by: 'license', id: parseLicenseId(text) };
  const [code] = findCodes(text);
  return code === undefined ? undefined : { by: 'license', id: licenseIdOfCode(code) };
}
