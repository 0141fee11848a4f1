/** The table `customer`: who holds licenses. The only table with personal data. */
import { normalizeAddress } from '../../domain/values/address.ts';
import type { Customer } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

/** The holder of a license, and the buyer of a gift. */
export interface CustomerRow {
  readonly number: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly buyer_name: string | null;
  readonly buyer_email: string | null;
  /** A sum of ERASED_HOLDER and ERASED_BUYER. */
  readonly erased: number;
  /** Keyed hashes of the holder's addresses before corrections, concatenated. */
  readonly former: Buffer | null;
  readonly seal: Buffer;
}

/** The normalized addresses that searches compare. The seal does not cover them: they follow from the addresses. */
export interface NormalizedAddresses {
  readonly email_norm: string | null;
  readonly buyer_norm: string | null;
}

export const ERASED_HOLDER = 1;
export const ERASED_BUYER = 2;

export const CUSTOMER_COLUMNS: readonly (keyof (CustomerRow & NormalizedAddresses))[] = [
  'number',
  'name',
  'email',
  'email_norm',
  'buyer_name',
  'buyer_email',
  'buyer_norm',
  'erased',
  'former',
  'seal',
];

export function sealCustomer(sealer: Sealer, row: Unsealed<CustomerRow>): Buffer {
  const { number, name, email, buyer_name, buyer_email, erased, former } = row;
  // Left out where it is null: rows of schema 6 keep their seals.
  const corrected = former === null ? [] : [former];
  return sealer.seal('customer', number, name, email, buyer_name, buyer_email, erased, ...corrected);
}

export function normalizedAddresses({
  email,
  buyer_email,
}: Pick<CustomerRow, 'email' | 'buyer_email'>): NormalizedAddresses {
  return {
    email_norm: email === null ? null : normalizeAddress(email),
    buyer_norm: buyer_email === null ? null : normalizeAddress(buyer_email),
  };
}

/** Undefined: the holder was erased. Without a row, neither name nor address is known. */
export function customerOf(
  row: Pick<CustomerRow, 'name' | 'email' | 'erased'> | undefined,
): Customer | undefined {
  if (row === undefined) return { name: undefined, email: undefined };
  if ((row.erased & ERASED_HOLDER) !== 0) return undefined;
  return { name: row.name ?? undefined, email: row.email ?? undefined };
}
