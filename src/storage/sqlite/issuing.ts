/** Recording licenses, answers and changes: all writes to the tables of promises. To be run inside a transaction. */
import { REQUEST } from '../../domain/fulfill.ts';
import type { LicenseState, MintedLicense } from '../../domain/license.ts';
import type { Customer, OrderKey } from '../../domain/order.ts';
import type { Connection } from './open.ts';
import type { Sealer } from './seal.ts';
import type { Tallies } from './tally.ts';
import type { Withdrawals } from './withdrawals.ts';

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
  /** The rebill's own order; null for the order itself. */
  readonly request: string | null;
  /** 1 where units are asked for one by one, and this is one of them. */
  readonly alone: number;
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
  const { sequence, revision, quantity, message, at, request, alone } = row;
  return sealer.seal('fulfillment', id, sequence, revision, quantity, message, at, request, alone);
}

/** How a license comes into the ledger. */
export interface Origin {
  readonly customer: number | null;
  readonly subscription: string | null;
  /** How many licenses of the unit it follows on. */
  readonly reissue?: number;
  readonly at: number;
  readonly cause: string;
}

/** What a license becomes; a code where its revision is new. */
export interface Change {
  readonly state: LicenseState;
  readonly revision: number;
  readonly code: string | undefined;
  readonly at: number;
  readonly cause: string;
}

export interface IssuingParts {
  readonly withdrawals: Withdrawals;
  readonly tallies: Tallies;
}

export class Issuing {
  readonly #sealer: Sealer;
  readonly #withdrawals: Withdrawals;
  readonly #tallies: Tallies;
  readonly #customer;
  readonly #license;
  readonly #code;
  readonly #fulfillment;
  readonly #history;
  readonly #delivered;
  readonly #newest;
  readonly #update;

  constructor(connection: Connection, sealer: Sealer, { withdrawals, tallies }: IssuingParts) {
    this.#sealer = sealer;
    this.#withdrawals = withdrawals;
    this.#tallies = tallies;
    this.#customer = connection.prepare('INSERT INTO customer (name, email) VALUES (?, ?)');
    this.#license = connection.prepare(`
      INSERT INTO license
        (id, marketplace, mode, order_id, product, unit, reissue, state, revision, customer, subscription)
      VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?)`);
    this.#code = connection.prepare('INSERT INTO code (license, revision, text) VALUES (?, ?, ?)');
    this.#fulfillment = connection.prepare(`
      INSERT INTO fulfillment (license, sequence, revision, quantity, message, at, request, alone, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#history = connection.prepare(`
      INSERT INTO history (license, sequence, at, from_state, to_state, revision, cause, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#delivered = connection.prepare(
      'UPDATE fulfillment SET delivered_at = ? WHERE license = ? AND sequence = 1 AND delivered_at IS NULL',
    );
    this.#newest = connection.prepare<[number], Pick<HistoryRow, 'sequence' | 'to_state' | 'seal'>>(
      'SELECT sequence, to_state, seal FROM history WHERE license = +? ORDER BY sequence DESC LIMIT 1',
    );
    this.#update = connection.prepare('UPDATE license SET state = ?, revision = ? WHERE number = ?');
  }

  /** The number of a customer, or null where nothing is known of one. */
  recordCustomer({ name, email }: Customer): number | null {
    if (name === undefined && email === undefined) return null;
    return Number(this.#customer.run(name ?? null, email ?? null).lastInsertRowid);
  }

  /** A license with its first code and the beginning of its history. Its number. */
  recordLicense(key: OrderKey, minted: MintedLicense, origin: Origin): number {
    const { marketplace, mode, order, product } = key;
    const { id, unit, revision, code } = minted;
    const { customer, subscription, at, cause, reissue = 0 } = origin;
    const inserted = this.#license.run(
      id,
      marketplace,
      mode,
      order,
      product,
      unit,
      reissue,
      revision,
      customer,
      subscription,
    );
    const license = Number(inserted.lastInsertRowid);
    this.#code.run(license, revision, code);
    this.#appendHistory(id, null, {
      license,
      sequence: 0,
      at,
      from_state: null,
      to_state: 'active',
      revision,
      cause,
    });
    return license;
  }

  /**
   * What was asked and answered: `request` names a rebill, null is the order itself. `cause` is why there is the
   * license; one that its request brought about is not without an answer, all other answers are counted.
   */
  recordAnswer(id: Uint8Array, answer: Omit<FulfillmentRow, 'seal'>, cause?: string): void {
    const { license, sequence, revision, quantity, message, at, request, alone } = answer;
    const seal = sealFulfillment(this.#sealer, id, answer);
    this.#fulfillment.run(license, sequence, revision, quantity, message, at, request, alone, seal);
    if (cause !== REQUEST) this.#tallies.change('answer', undefined, seal);
  }

  recordChange(license: number, id: Uint8Array, { state, revision, code, at, cause }: Change): void {
    const before = this.#newest.get(license);
    if (before === undefined) throw new TypeError(`license ${license} has no history`);
    if (code !== undefined) this.#code.run(license, revision, code);
    this.#update.run(state, revision, license);
    this.#withdrawals.follow(license, id, before.to_state, state);
    this.#appendHistory(id, before.seal, {
      license,
      sequence: before.sequence + 1,
      at,
      from_state: before.to_state,
      to_state: state,
      revision,
      cause,
    });
  }

  noteDelivery(license: number, at: number): void {
    this.#delivered.run(at, license);
  }

  #appendHistory(id: Uint8Array, before: Uint8Array | null, row: Omit<HistoryRow, 'seal'>): void {
    const seal = sealHistory(this.#sealer, id, row, before);
    const { license, sequence, at, from_state, to_state, revision, cause } = row;
    this.#history.run(license, sequence, at, from_state, to_state, revision, cause, seal);
    if (sequence > 0) this.#tallies.change('change', undefined, seal);
  }
}
