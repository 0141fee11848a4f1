/** Rows of the console's lists, as every database reads them. */
import type { ListedEvent, ListedLicense } from '../../domain/ports/ledger-reader.ts';
import { type CustomerRow, customerOf } from './customer-row.ts';
import { keptEvent, type LoadedEvent } from './event-row.ts';
import type { LicenseRow } from './license-row.ts';

/** A license with its customer; null in all of these: there is none. */
export type ListedLicenseRow = Pick<
  LicenseRow,
  'number' | 'id' | 'marketplace' | 'order_id' | 'product' | 'unit' | 'state' | 'revision' | 'last_valid'
> &
  Pick<LicenseRow, 'issued_at' | 'customer'> &
  Pick<CustomerRow, 'name' | 'email'> & { readonly erased: number | null };

const NOBODY = { name: undefined, email: undefined };

export function listedLicense(row: ListedLicenseRow): ListedLicense {
  const { number, id, marketplace, product, unit, state, revision } = row;
  const known = row.customer === null ? undefined : customerOf({ ...row, erased: row.erased ?? 0 });
  return {
    number,
    id,
    marketplace,
    order: row.order_id,
    product,
    unit,
    state,
    revision,
    lastValid: row.last_valid,
    issuedAt: row.issued_at,
    customer: known ?? NOBODY,
  };
}

export type ListedEventRow = Omit<LoadedEvent, 'payload'> & { readonly number: number };

/** Lists show no payload, so none is read. */
export function listedEvent(row: ListedEventRow): ListedEvent {
  const { payload: _, ...event } = keptEvent({ ...row, payload: null });
  return { ...event, number: row.number };
}
