/** A finding of `ledger check`. */
import { formatLicenseId, LICENSE_ID_BYTES } from '../../../license-code/license-id.ts';

export interface Finding {
  /** The license by its id and order, or another part of the ledger. */
  readonly where: string;
  readonly fault: string;
}

export function licenseName({
  id,
  order_id,
}: {
  readonly id: Uint8Array;
  readonly order_id: string;
}): string {
  const name = id.length === LICENSE_ID_BYTES ? formatLicenseId(id) : Buffer.from(id).toString('hex');
  return `license ${name} of order ${order_id}`;
}
