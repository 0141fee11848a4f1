/** What `ledger check` reports, and the words in which it names a row. */
import { formatLicenseId, LICENSE_ID_BYTES } from '../../../license-code/license-id.ts';

export interface Finding {
  /** What it is about: a license by its id and order, or what else there is. */
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
