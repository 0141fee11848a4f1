/** Reads and writes changes of addresses that customers ask for. A row with a wrong seal counts as missing. */

import {
  type AddressChange,
  CHANGES_COUNTED_FOR,
  CONFIRM_WITHIN,
  UNDO_WITHIN,
} from '../../domain/ports/self-service.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import {
  ADDRESS_CHANGE_COLUMNS,
  type AddressChangeRow,
  addressChangeOf,
  sealAddressChange,
} from '../record/address-change-row.ts';
import type { Sealer, Unsealed } from '../record/sealer.ts';
import { prepareLast } from './aggregate.ts';
import { each, equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert, prepareUpsert } from './insert.ts';

type Ask = Pick<AddressChangeRow, 'license' | 'customer' | 'order_id' | 'marketplace' | 'mode'> & {
  readonly new_address: string;
};

export class AddressChanges {
  readonly #sealer: Sealer;
  readonly #insert;
  readonly #put;
  readonly #one;
  readonly #last;
  readonly #ofCustomer;
  readonly #open;
  readonly #ofCustomers;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#insert = prepareInsert<AddressChangeRow>(connection, 'address_change', ADDRESS_CHANGE_COLUMNS);
    this.#put = prepareUpsert<AddressChangeRow>(connection, 'address_change', ADDRESS_CHANGE_COLUMNS, [
      'number',
    ]);
    this.#one = connection.prepare<[{ readonly number: number }], AddressChangeRow>(
      `SELECT * FROM address_change WHERE ${equal('number')}`,
    );
    this.#last = prepareLast(connection, 'address_change');
    this.#ofCustomer = connection.prepare<[{ readonly customer: number }], AddressChangeRow>(
      `SELECT * FROM address_change WHERE ${equal('customer')} ORDER BY number DESC`,
    );
    this.#open = connection.prepare<[], AddressChangeRow>(
      'SELECT * FROM address_change WHERE new_address IS NOT NULL OR old_address IS NOT NULL',
    );
    this.#ofCustomers = connection.prepare<[{ readonly numbers: string }], AddressChangeRow>(
      `SELECT * FROM address_change WHERE customer IN (SELECT value FROM ${each('numbers')})`,
    );
  }

  get(number: number): AddressChangeRow | undefined {
    const row = this.#one.get({ number });
    return row?.seal.equals(sealAddressChange(this.#sealer, row)) ? row : undefined;
  }

  find(number: number): AddressChange | undefined {
    const row = this.get(number);
    return row && addressChangeOf(row);
  }

  pendingOf(customer: number): AddressChangeRow | undefined {
    return this.#ofCustomer.all({ customer }).find(({ state }) => state === 'pending');
  }

  /** How many were asked for within the counted time. */
  countOf(customer: number, now: number): number {
    const since = now - CHANGES_COUNTED_FOR;
    return this.#ofCustomer.all({ customer }).filter(({ asked_at }) => asked_at > since).length;
  }

  /** The number of the new row. What waited is over. */
  add(ask: Ask, now: number): number {
    this.#endPending(ask.customer);
    const number = this.#last() + 1;
    const row = {
      ...ask,
      number,
      state: 'pending',
      asked_at: now,
      done_at: null,
      old_address: null,
    } as const;
    this.#insert.run({ ...row, seal: sealAddressChange(this.#sealer, row) });
    return number;
  }

  /** Its link confirms nothing any more. */
  #endPending(customer: number): void {
    const row = this.pendingOf(customer);
    if (row !== undefined) this.replace({ ...row, state: 'over', new_address: null });
  }

  replace(row: Unsealed<AddressChangeRow>): void {
    this.#put.run({ ...row, seal: sealAddressChange(this.#sealer, row) });
  }

  /**
   * Whoever undoes a change does not trust what was asked for after it: neither is it confirmed, nor undone. 0: so with all, where
   * a person corrected the address.
   */
  endLater({ customer, number }: Pick<AddressChangeRow, 'customer' | 'number'>): void {
    for (const row of this.#ofCustomer.all({ customer })) {
      if (row.number > number && (row.state === 'pending' || row.state === 'done'))
        this.replace({ ...row, state: 'over', new_address: null, old_address: null });
    }
  }

  hasOld(now: number): boolean {
    return this.#open.all().some((row) => isOld(row, now));
  }

  forgetOld(now: number): void {
    for (const row of this.#open.all()) {
      if (!isOld(row, now)) continue;
      const state = row.state === 'pending' ? 'over' : row.state;
      this.replace({ ...row, state, old_address: null, new_address: null });
    }
  }

  /** Of erased customers, and of everybody who gave or had an address. */
  forgetOf(customers: readonly number[], address: string | undefined): void {
    const isTheirs = (text: string | null) => text !== null && normalizeAddress(text) === address;
    const rows = [
      ...this.#ofCustomers.all({ numbers: JSON.stringify(customers) }),
      ...this.#open.all().filter((row) => isTheirs(row.new_address) || isTheirs(row.old_address)),
    ];
    for (const row of rows) this.replace({ ...row, state: 'over', new_address: null, old_address: null });
  }
}

/** Its addresses are of no use any more. */
function isOld({ state, asked_at, done_at }: AddressChangeRow, now: number): boolean {
  return state === 'pending' ? asked_at + CONFIRM_WITHIN <= now : (done_at ?? 0) + UNDO_WITHIN <= now;
}
