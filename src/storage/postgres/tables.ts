/** The tables of the ledger that acts read and write: their keys, and how their rows are written. */
import { NO_SEAL } from '../record/sealer.ts';

export interface Removed {
  readonly column: string;
  readonly value: string | Buffer;
  /** Other columns that are emptied with it. */
  readonly emptied?: readonly { readonly column: string; readonly value: Buffer | null }[];
}

export interface LedgerTable {
  readonly name: string;
  readonly key: readonly string[];
  /**
   * How a new row is written. `ignore`: it may be there already, with the same content. `replace`: it may be there,
   * marked as removed. `add`: its numbers are added to those of the row that is there. Default: it must be new.
   */
  readonly fresh?: 'ignore' | 'replace' | 'add';
  /** Marks a removed row: the service needs no permission to delete. */
  readonly removed?: Removed;
}

const REMOVED_SEAL = { column: 'seal', value: NO_SEAL } as const;

/** Nothing of it stays. */
const REMOVED_INQUIRY: Removed = {
  column: 'at',
  value: '0',
  emptied: [
    { column: 'typed_order', value: null },
    { column: 'typed_email', value: null },
    { column: 'answered_at', value: null },
    { column: 'order_hash', value: NO_SEAL },
    { column: 'email_hash', value: NO_SEAL },
  ],
};

/** In the order in which they are written: the same in every instance, so that rows are locked in the same order. */
export const TABLES: readonly LedgerTable[] = [
  { name: 'message', key: ['digest'], fresh: 'ignore' },
  { name: 'terms', key: ['digest'], fresh: 'ignore' },
  { name: 'sold_terms', key: ['product', 'terms'], fresh: 'ignore' },
  { name: 'customer', key: ['number'] },
  { name: 'license', key: ['number'] },
  { name: 'code', key: ['license', 'revision'] },
  { name: 'fulfillment', key: ['license', 'sequence'] },
  { name: 'history', key: ['license', 'sequence'] },
  { name: 'event', key: ['number'] },
  { name: 'fact', key: ['subject', 'marketplace', 'mode', 'key'] },
  { name: 'flag', key: ['id'] },
  { name: 'owed', key: ['order_id', 'line', 'marketplace', 'mode'] },
  {
    name: 'withdrawal',
    key: ['product', 'digest', 'license'],
    fresh: 'replace',
    removed: { column: 'listed', value: 'none' },
  },
  { name: 'revocation_list', key: ['product'] },
  { name: 'outbox_target', key: ['channel', 'target'] },
  { name: 'outbox', key: ['number'] },
  { name: 'outbox_try', key: ['announcement', 'try'] },
  { name: 'daily', key: ['day', 'mode', 'product', 'pen'], fresh: 'add' },
  { name: 'daily_position', key: ['pen'] },
  { name: 'console_link', key: ['digest'], fresh: 'replace', removed: REMOVED_SEAL },
  { name: 'console_passkey', key: ['id'], fresh: 'replace', removed: REMOVED_SEAL },
  { name: 'console_session', key: ['digest'], fresh: 'replace', removed: REMOVED_SEAL },
  { name: 'console_history', key: ['number'] },
  // One row.
  { name: 'console_count', key: [] },
  { name: 'inquiry', key: ['announcement'], removed: REMOVED_INQUIRY },
  { name: 'address_change', key: ['number'] },
  { name: 'link_generation', key: ['license', 'since'] },
  { name: 'unit_note', key: ['license'], fresh: 'replace', removed: { column: 'handed_to', value: '' } },
  { name: 'download', key: ['number'] },
  { name: 'download_count', key: ['product', 'version', 'file', 'pen'], fresh: 'add' },
  { name: 'job', key: ['number'] },
  { name: 'refused_call', key: ['marketplace', 'what'] },
  { name: 'pen', key: ['pen'] },
];
