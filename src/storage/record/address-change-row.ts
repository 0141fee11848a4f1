/** The table `address_change`: addresses that customers gave, until they are of no use any more. */
import type { AddressChange, ChangeState } from '../../domain/ports/self-service.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface AddressChangeRow {
  readonly number: number;
  readonly license: Buffer;
  readonly customer: number;
  readonly order_id: string;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly state: ChangeState;
  readonly asked_at: number;
  readonly done_at: number | null;
  readonly new_address: string | null;
  readonly old_address: string | null;
  readonly seal: Buffer;
}

export const ADDRESS_CHANGE_COLUMNS: readonly (keyof AddressChangeRow)[] = [
  'number',
  'license',
  'customer',
  'order_id',
  'marketplace',
  'mode',
  'state',
  'asked_at',
  'done_at',
  'new_address',
  'old_address',
  'seal',
];

export function sealAddressChange(sealer: Sealer, row: Unsealed<AddressChangeRow>): Buffer {
  const { number, license, customer, order_id, marketplace, mode, state, asked_at, done_at } = row;
  const about = [number, license, customer, order_id, marketplace, mode] as const;
  return sealer.seal('address_change', ...about, state, asked_at, done_at, row.new_address, row.old_address);
}

export function addressChangeOf(row: Unsealed<AddressChangeRow>): AddressChange {
  const { number, license, marketplace, mode, state } = row;
  const times = { askedAt: row.asked_at, doneAt: row.done_at };
  const addresses = { newAddress: row.new_address, oldAddress: row.old_address };
  return { number, license, marketplace, mode, order: row.order_id, state, ...times, ...addresses };
}
