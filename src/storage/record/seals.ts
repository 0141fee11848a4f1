/** What each row's seal covers, in a fixed order. What is left out may change, and says so. */
import type {
  CustomerRow,
  EventRow,
  FactRow,
  FlagRow,
  FulfillmentRow,
  HistoryRow,
  IdentityRow,
  LicenseRow,
  ListRow,
  OwedRow,
} from './rows.ts';
import type { Sealer } from './sealer.ts';

type Unsealed<Row> = Omit<Row, 'seal'>;

/** The parts of a license that never change; its id stands for its identity, and codes are signed themselves. */
export type LicenseOrigin = Pick<
  LicenseRow,
  | 'id'
  | 'line'
  | 'issued_at'
  | 'cause'
  | 'state'
  | 'first_revision'
  | 'quantity'
  | 'message'
  | 'alone'
  | 'total'
  | 'currency'
  | 'terms'
>;

/** `state` is the one that the license came into the ledger with. History's first row is sealed over this seal. */
export function sealLicense(sealer: Sealer, row: LicenseOrigin): Buffer {
  const { id, line, issued_at, cause, state, first_revision, quantity, message, alone, terms } = row;
  const { total, currency } = row;
  const began = [id, line, issued_at, cause, state, first_revision] as const;
  return sealer.seal('license', ...began, quantity, message, alone, total, currency, terms);
}

export function sealHistory(
  sealer: Sealer,
  id: Uint8Array,
  row: Unsealed<HistoryRow>,
  before: Uint8Array,
): Buffer {
  const { sequence, at, from_state, to_state, revision, cause } = row;
  return sealer.seal('history', id, sequence, at, from_state, to_state, revision, cause, before);
}

/** When it was delivered is left out: that comes later and promises nothing. */
export function sealFulfillment(
  sealer: Sealer,
  id: Uint8Array,
  row: Omit<FulfillmentRow, 'seal' | 'delivered_at'>,
): Buffer {
  const { sequence, revision, quantity, message, at, request, alone } = row;
  return sealer.seal('fulfillment', id, sequence, revision, quantity, message, at, request, alone);
}

export function sealFact(sealer: Sealer, row: Unsealed<FactRow>): Buffer {
  const { subject, marketplace, mode, key, at, kind, body, cause, refers } = row;
  return sealer.seal('fact', subject, marketplace, mode, key, at, kind, body, cause, refers);
}

/** The payload is left out: it goes after a time, and its digest stays. */
export function sealEvent(sealer: Sealer, row: Omit<EventRow, 'payload'>): Buffer {
  const { number, marketplace, mode, event_id, type, at, received_at, digest } = row;
  const { outcome, fault, attempts } = row;
  const told = [number, marketplace, mode, event_id, type, at, received_at, digest] as const;
  return sealer.seal('event', ...told, outcome, fault, attempts);
}

export function sealFlag(sealer: Sealer, row: Unsealed<FlagRow>): Buffer {
  const { id, marketplace, mode, key, kind, reason, order_id, product, event_id, at } = row;
  const raised = [id, marketplace, mode, key, kind, reason, order_id, product, event_id, at] as const;
  return sealer.seal('flag', ...raised, row.settled_at, row.settled_by);
}

export function sealOwed(sealer: Sealer, row: Unsealed<OwedRow>): Buffer {
  const { marketplace, mode, order_id, line, product, quantity, missing, since, due } = row;
  return sealer.seal('owed', marketplace, mode, order_id, line, product, quantity, missing, since, due);
}

export function sealCustomer(sealer: Sealer, row: Unsealed<CustomerRow>): Buffer {
  const { number, name, email, buyer_name, buyer_email, erased, former } = row;
  // Left out where there is none: rows of schema 6 keep their seals.
  const corrected = former === null ? [] : [former];
  return sealer.seal('customer', number, name, email, buyer_name, buyer_email, erased, ...corrected);
}

export function sealIdentity(sealer: Sealer, row: Unsealed<IdentityRow>): Buffer {
  const { ledger, secret, key_id } = row;
  return sealer.seal('identity', ledger, secret, key_id);
}

/** That it changed since is left out: it is marked by whoever changes an entry. */
export function sealList(sealer: Sealer, row: Omit<ListRow, 'seal' | 'changed'>): Buffer {
  const { product, seq, iat, nxt, key_id, day, digest } = row;
  return sealer.seal('revocation_list', product, seq, iat, nxt, key_id, day, digest);
}
