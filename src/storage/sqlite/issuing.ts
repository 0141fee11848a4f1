/** Recording licenses: the writes of the hot path. To be run inside a transaction. */
import type { Issue } from '../../domain/ledger.ts';
import type { MintedLicense } from '../../domain/license.ts';
import type { OrderKey } from '../../domain/order.ts';
import type { Connection } from './open.ts';
import type { Sealer } from './seal.ts';

/** What the seal of a history row covers, in the order of its columns. */
export interface HistoryRow {
  readonly license: number;
  readonly sequence: number;
  readonly at: number;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly revision: number;
  readonly cause: string;
  readonly seal: Buffer;
}

export interface FulfillmentRow {
  readonly license: number;
  readonly sequence: number;
  readonly revision: number;
  readonly quantity: number;
  readonly message: Buffer;
  readonly at: number;
  readonly seal: Buffer;
}

export function sealHistory(
  sealer: Sealer,
  id: Uint8Array,
  row: Omit<HistoryRow, 'seal'>,
  before: Uint8Array | null,
) {
  const { sequence, at, from_state, to_state, revision, cause } = row;
  return sealer.seal('history', id, sequence, at, from_state, to_state, revision, cause, before);
}

/** When it was delivered is left out: that comes later and promises nothing. */
export function sealFulfillment(sealer: Sealer, id: Uint8Array, row: Omit<FulfillmentRow, 'seal'>) {
  const { sequence, revision, quantity, message, at } = row;
  return sealer.seal('fulfillment', id, sequence, revision, quantity, message, at);
}

export class Issuing {
  readonly #sealer: Sealer;
  readonly #customer;
  readonly #license;
  readonly #code;
  readonly #fulfillment;
  readonly #history;
  readonly #delivered;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#customer = connection.prepare('INSERT INTO customer (name, email) VALUES (?, ?)');
    this.#license = connection.prepare(`
      INSERT INTO license (id, marketplace, mode, order_id, product, unit, state, revision, customer)
      VALUES (?, ?, ?, ?, ?, ?, 'active', ?, ?)`);
    this.#code = connection.prepare('INSERT INTO code (license, revision, text) VALUES (?, ?, ?)');
    this.#fulfillment = connection.prepare(`
      INSERT INTO fulfillment (license, sequence, revision, quantity, message, at, seal)
      VALUES (?, 1, ?, ?, ?, ?, ?)`);
    this.#history = connection.prepare(`
      INSERT INTO history (license, sequence, at, from_state, to_state, revision, cause, seal)
      VALUES (?, 0, ?, NULL, 'active', ?, ?, ?)`);
    this.#delivered = connection.prepare(
      'UPDATE fulfillment SET delivered_at = ? WHERE license = ? AND sequence = 1 AND delivered_at IS NULL',
    );
  }

  /** Records all of an issue. */
  record({ order, licenses, message, at, cause }: Issue): void {
    const { name, email } = order.customer;
    const customer =
      name === undefined && email === undefined
        ? null
        : this.#customer.run(name ?? null, email ?? null).lastInsertRowid;
    const digest = Buffer.from(message, 'hex');
    for (const minted of licenses) {
      const license = this.#insertLicense(order, minted, customer);
      const { id, revision } = minted;
      this.#code.run(license, revision, minted.code);
      const asked = { license, sequence: 1, revision, quantity: order.quantity, message: digest, at };
      this.#fulfillment.run(
        license,
        revision,
        order.quantity,
        digest,
        at,
        sealFulfillment(this.#sealer, id, asked),
      );
      const first = { license, sequence: 0, at, from_state: null, to_state: 'active', revision, cause };
      this.#history.run(license, at, revision, cause, sealHistory(this.#sealer, id, first, null));
    }
  }

  noteDelivery(license: number, at: number): void {
    this.#delivered.run(at, license);
  }

  #insertLicense(key: OrderKey, minted: MintedLicense, customer: number | bigint | null): number {
    const { marketplace, mode, order, product } = key;
    const { id, unit, revision } = minted;
    return Number(
      this.#license.run(id, marketplace, mode, order, product, unit, revision, customer).lastInsertRowid,
    );
  }
}
