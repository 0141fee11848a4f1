/** Turns the text that a person has of a license into a query of the ledger. */
import type { Ledger, LedgerQuery, LicenseStory } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import { licenseIdOfCode } from '../keyring/minter.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { parseLicenseId } from '../license-code/license-id.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The most licenses that a search by part of a name returns (domain/ledger.ts). */
export const MOST_FOUND = 100;

/** Fewer letters match almost every name. */
const SHORTEST_PART = 2;

/** A license id or a license code. Throws AppError `bad_usage` for anything else. */
export function licenseIdQuery(text: string): Extract<LedgerQuery, { by: 'license' }> {
  const query = byLicense(text.trim());
  if (query !== undefined) return query;
  throw new AppError('bad_usage', `${text} is neither a license id nor a license code.`);
}

/**
 * Licenses by license id, license code, order, subscription, e-mail address, another name of an order, or part of a name or
 * address: the first of these queries that finds a license wins.
 */
export async function findLicenses(
  ledger: Pick<Ledger, 'find' | 'showOrder'>,
  text: string,
): Promise<readonly LicenseStory[]> {
  const name = text.trim();
  for (const query of queriesOf(name)) {
    const found = query.by === 'name' ? await findNamed(ledger, name) : await ledger.find(query);
    if (found.length > 0) return found;
  }
  return [];
}

/** Licenses of an order by its number, a renewal's, a marketplace's internal id, or a subscription. */
export async function findNamed(
  ledger: Pick<Ledger, 'showOrder'>,
  name: string,
): Promise<readonly LicenseStory[]> {
  return (await ledger.showOrder(name, { byAnyName: true })).licenses;
}

function queriesOf(text: string): readonly (LedgerQuery | { readonly by: 'name' })[] {
  const exact = byLicense(text);
  if (exact !== undefined) return [exact];
  const person: readonly LedgerQuery[] =
    [...text].length >= SHORTEST_PART ? [{ by: 'person', part: text }] : [];
  if (text.includes('@')) return [{ by: 'email', email: text }, ...person];
  return [
    { by: 'order', order: text },
    { by: 'subscription', subscription: text },
    { by: 'name' },
    ...person,
  ];
}

function byLicense(text: string): Extract<LedgerQuery, { by: 'license' }> | undefined {
  if (UUID.test(text)) return { by: 'license', id: parseLicenseId(text) };
  const [code] = findCodes(text);
  return code === undefined ? undefined : { by: 'license', id: licenseIdOfCode(code) };
}
