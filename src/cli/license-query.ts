/** What a person has of a license, as the ledger looks for it. */
import type { LedgerQuery } from '../domain/ledger.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { parseLicenseId } from '../license-code/license-id.ts';
import { licenseIdOfCode } from '../minter.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A license id, a license code, an e-mail address, or else an order. */
export function licenseQuery(text: string): LedgerQuery {
  const asked = text.trim();
  if (UUID.test(asked)) return { by: 'license', id: parseLicenseId(asked) };
  const [code] = findCodes(asked);
  if (code !== undefined) return { by: 'license', id: licenseIdOfCode(code) };
  return asked.includes('@') ? { by: 'email', email: asked } : { by: 'order', order: asked };
}
