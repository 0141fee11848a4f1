/** What a group that failed is run again with. */
import { AppError } from '../../../errors.ts';
import { flagOfKey } from '../loads.ts';
import { Miss, type Need } from '../needs.ts';
import { writtenAs } from '../outbox-loads.ts';
import type { ChangedRows } from '../table-memory.ts';
import { stateOf } from './ledger-error.ts';

export function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'ledger_unavailable';
}

/** Maps a violated unique key to a Miss: a flag or an announcement without an order exists, and was not loaded by its key. */
export function missedRows(error: unknown, changes: readonly ChangedRows[]): unknown {
  if (stateOf(error) !== '23505' || !(error instanceof Error) || !('table' in error)) return error;
  const inserted = changes.find(({ table }) => table.name === error.table)?.inserted ?? [];
  const loads = inserted.flatMap((row) => {
    const { key, marketplace, mode, order_id: order, topic, channel, target } = row;
    if (error.table === 'flag') return [flagOfKey({ key, marketplace, mode })];
    return error.table === 'outbox'
      ? [writtenAs({ order, topic, channel, target, key, marketplace, mode })]
      : [];
  });
  return loads.length === 0 ? error : new Miss({ loads });
}

/** The names that this group found and that other groups had locked. */
export function needsOf(error: unknown): readonly Need[] {
  if (stateOf(error) !== '55P03' || !(error instanceof Error) || !('detail' in error)) return [];
  return typeof error.detail === 'string' ? [{ names: JSON.parse(error.detail) as string[] }] : [];
}
