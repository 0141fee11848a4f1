/** The table `history`: the changes of a license from sequence 1 on. The license's own row has its beginning. */
import type { LicenseChange } from '../../domain/changes.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface HistoryRow {
  readonly license: number;
  readonly sequence: number;
  readonly at: number;
  readonly from_state: LicenseState;
  readonly to_state: LicenseState;
  readonly revision: number;
  readonly cause: string;
  readonly seal: Buffer;
}

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

/** `before`: the seal of the change before, or of the license for its first change. */
export function sealHistory(
  sealer: Sealer,
  id: Uint8Array,
  row: Unsealed<HistoryRow>,
  before: Uint8Array,
): Buffer {
  const { sequence, at, from_state, to_state, revision, cause } = row;
  return sealer.seal('history', id, sequence, at, from_state, to_state, revision, cause, before);
}

export function historyRow(
  change: LicenseChange,
  sequence: number,
  sealer: Sealer,
  sealBefore: Uint8Array,
): HistoryRow {
  const { number, id, before, state, revision, at, cause } = change;
  const row = { license: number, sequence, at, from_state: before, to_state: state, revision, cause };
  return { ...row, seal: sealHistory(sealer, id, row, sealBefore) };
}
