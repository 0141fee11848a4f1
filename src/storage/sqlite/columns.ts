/** The columns of the tables, in the order of the schema: what inserts bind. */
import type {
  CodeRow,
  CustomerRow,
  EventRow,
  FactRow,
  FlagRow,
  FulfillmentRow,
  HistoryRow,
  LicenseRow,
  OwedRow,
} from '../record/rows.ts';

/** A customer with the addresses as they are looked up. */
export interface KeptCustomer extends CustomerRow {
  readonly email_norm: string | null;
  readonly buyer_norm: string | null;
}

export const LICENSE_COLUMNS: readonly (keyof LicenseRow)[] = [
  'number',
  'id',
  'marketplace',
  'mode',
  'order_id',
  'line',
  'product',
  'unit',
  'reissue',
  'state',
  'revision',
  'customer',
  'subscription',
  'terms',
  'first_code',
  'first_revision',
  'issued_at',
  'cause',
  'quantity',
  'message',
  'alone',
  'total',
  'currency',
  'delivered_at',
  'last_valid',
  'reach',
  'handed',
  'due',
  'seal',
];

export const CODE_COLUMNS: readonly (keyof CodeRow)[] = ['license', 'revision', 'text'];

export const FULFILLMENT_COLUMNS: readonly (keyof FulfillmentRow)[] = [
  'license',
  'sequence',
  'revision',
  'quantity',
  'message',
  'at',
  'delivered_at',
  'request',
  'alone',
  'seal',
];

export const HISTORY_COLUMNS: readonly (keyof HistoryRow)[] = [
  'license',
  'sequence',
  'at',
  'from_state',
  'to_state',
  'revision',
  'cause',
  'seal',
];

export const FACT_COLUMNS: readonly (keyof FactRow)[] = [
  'subject',
  'marketplace',
  'mode',
  'key',
  'at',
  'kind',
  'body',
  'cause',
  'refers',
  'seal',
];

export const EVENT_COLUMNS: readonly (keyof EventRow)[] = [
  'number',
  'marketplace',
  'mode',
  'event_id',
  'type',
  'at',
  'received_at',
  'payload',
  'digest',
  'outcome',
  'fault',
  'attempts',
];

export const FLAG_COLUMNS: readonly (keyof FlagRow)[] = [
  'id',
  'marketplace',
  'mode',
  'key',
  'kind',
  'reason',
  'order_id',
  'product',
  'event_id',
  'at',
  'settled_at',
  'settled_by',
  'seal',
];

export const OWED_COLUMNS: readonly (keyof OwedRow)[] = [
  'marketplace',
  'mode',
  'order_id',
  'line',
  'product',
  'quantity',
  'missing',
  'since',
  'due',
  'seal',
];

export const CUSTOMER_COLUMNS: readonly (keyof KeptCustomer)[] = [
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
