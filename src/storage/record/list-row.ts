/** The table `revocation_list`: each product's revocation list as it was last published. */
import type { Day } from '../../domain/values/day.ts';
import type { Sealer } from './sealer.ts';

export interface ListRow {
  readonly product: string;
  readonly seq: number;
  readonly iat: number;
  readonly nxt: number;
  readonly key_id: number;
  /** The UTC day on which the list was last found complete. */
  readonly day: Day;
  /** SHA-256 of the list's content on that day. */
  readonly digest: Buffer;
  /** 1: an entry changed since. */
  readonly changed: 0 | 1;
  readonly seal: Buffer;
}

export const LIST_COLUMNS: readonly (keyof ListRow)[] = [
  'product',
  'seq',
  'iat',
  'nxt',
  'key_id',
  'day',
  'digest',
  'changed',
  'seal',
];

/** Leaves out `changed`, which is set with each change of an entry. */
export function sealList(sealer: Sealer, row: Omit<ListRow, 'seal' | 'changed'>): Buffer {
  const { product, seq, iat, nxt, key_id, day, digest } = row;
  return sealer.seal('revocation_list', product, seq, iat, nxt, key_id, day, digest);
}
