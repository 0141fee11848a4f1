/** Finds, adds and corrects the people who hold licenses. Reads are paged; writes need a transaction. */

import type { Market } from '../../domain/changes.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import type { Customer, OrderName } from '../../domain/values/order.ts';
import type { CustomerRow } from '../record/customer-row.ts';
import type { LicenseRow } from '../record/license-row.ts';
import { prepareLast } from './aggregate.ts';
import { each, equal, IN_MARKET } from './conditions.ts';
import type { Customers } from './customers.ts';
import type { Connection } from './file/connection.ts';
import { type Page, pagesOf, yieldToEventLoop } from './pages.ts';

/** Customers that SQLite reads in one step. */
const RANGE = 20_000;

export type PersonRow = Omit<CustomerRow, 'seal' | 'former'>;

/** A JSON list of customers' numbers. */
interface Numbers {
  readonly numbers: string;
}

export class People {
  readonly #customers: Customers;
  readonly #ofOrder;
  readonly #licensesOfOrder;
  readonly #name;
  readonly #page;
  readonly #byAddress;
  readonly #byFormer;
  readonly #corrected;
  readonly #last;
  readonly #addresses;
  readonly #licensesOf;

  constructor(connection: Connection, customers: Customers) {
    this.#customers = customers;
    this.#ofOrder = connection
      .prepare<[Market & { readonly order: string }], number>(`
        SELECT customer FROM license
        WHERE order_id = +$order AND ${IN_MARKET} AND customer IS NOT NULL LIMIT 1`)
      .pluck();
    this.#licensesOfOrder = connection.prepare<[OrderName], Pick<LicenseRow, 'number' | 'customer'>>(
      `SELECT number, customer FROM license WHERE order_id = +$order AND ${IN_MARKET}`,
    );
    this.#name = connection.prepare<[Pick<LicenseRow, 'number' | 'customer'>]>(
      `UPDATE license SET customer = $customer WHERE ${equal('number')}`,
    );
    this.#page = connection.prepare<[Page], PersonRow>(`
      SELECT number, name, email, buyer_name, buyer_email, erased FROM customer
      WHERE number > $after ORDER BY number LIMIT $limit`);
    this.#byAddress = connection
      .prepare<[{ readonly after: number; readonly address: string }], number>(`
        SELECT number FROM customer
        WHERE number > $after AND number <= $after + ${RANGE} AND (email_norm = $address OR buyer_norm = $address)`)
      .pluck();
    this.#byFormer = connection
      .prepare<[{ readonly after: number; readonly hash: Buffer }], number>(`
        SELECT number FROM customer
        WHERE number > $after AND number <= $after + ${RANGE} AND former IS NOT NULL AND instr(former, $hash) > 0`)
      .pluck();
    this.#corrected = connection.prepare<
      [Numbers],
      { email: string | null; order_id: string | null; subscription: string | null }
    >(`
      SELECT c.email, l.order_id, l.subscription
      FROM customer c LEFT JOIN license l ON l.customer = c.number
      WHERE c.number IN (SELECT value FROM ${each('numbers')}) AND c.former IS NOT NULL`);
    this.#addresses = connection.prepare<[Numbers], Pick<PersonRow, 'email' | 'buyer_email'>>(`
      SELECT email, buyer_email FROM customer WHERE number IN (SELECT value FROM ${each('numbers')})`);
    this.#last = prepareLast(connection, 'customer');
    this.#licensesOf = connection
      .prepare<[Numbers], number>(`
        SELECT l.number FROM ${each('numbers')} n CROSS JOIN license l ON l.customer = n.value ORDER BY l.number`)
      .pluck();
  }

  /** Adds the other people of a gift to the customer of an order's licenses. Inside a transaction. */
  addOthers(order: string, { marketplace, mode }: Market, others: readonly Customer[]): void {
    const customer = this.#ofOrder.get({ order, marketplace, mode });
    if (customer === undefined) return;
    for (const other of others) this.#customers.addOther(customer, other);
  }

  /** True if a person of these licenses was erased, the holder or the other person of a gift. Inside a transaction. */
  isErased(licenses: readonly Pick<LicenseRow, 'customer'>[]): boolean {
    const numbers = new Set(licenses.map(({ customer }) => customer));
    return [...numbers].some((number) => number !== null && this.#customers.isErased(number));
  }

  /** Numbers of the customers that match. */
  async search(matches: (row: PersonRow) => boolean, most = Number.POSITIVE_INFINITY): Promise<number[]> {
    const found: number[] = [];
    for await (const rows of pagesOf((page) => this.#page.all(page))) {
      for (const row of rows) {
        if (!matches(row)) continue;
        found.push(row.number);
        if (found.length >= most) return found;
      }
    }
    return found;
  }

  /** Numbers of the customers with this address, in any spelling that normalizes to it. */
  async byAddress(email: string): Promise<number[]> {
    const address = normalizeAddress(email);
    return this.#inRanges((after) => this.#byAddress.all({ after, address }));
  }

  /** The same, with the customers who had this address before a correction. */
  async whoHad(email: string): Promise<number[]> {
    const hash = this.#customers.hashOf(email);
    const former = await this.#inRanges((after) => this.#byFormer.all({ after, hash }));
    return [...new Set([...(await this.byAddress(email)), ...former])];
  }

  async #inRanges(find: (after: number) => readonly number[]): Promise<number[]> {
    const last = this.#last();
    const found: number[] = [];
    for (let after = 0; after < last; after += RANGE) {
      found.push(...find(after));
      await yieldToEventLoop();
    }
    return found;
  }

  /**
   * Texts by which events may mention customers whose address was corrected: their current address, their orders and
   * their subscriptions. The former address is not stored.
   */
  tracesOf(customers: readonly number[]): string[] {
    const rows = this.#corrected.all({ numbers: JSON.stringify(customers) });
    const texts = rows.flatMap(({ email, order_id, subscription }) => [email, order_id, subscription]);
    return [...new Set(texts.filter((text) => text !== null))];
  }

  addressesOf(customers: readonly number[]): string[] {
    return this.#addresses
      .all({ numbers: JSON.stringify(customers) })
      .flatMap(({ email, buyer_email }) => [email, buyer_email].filter((address) => address !== null));
  }

  licensesOf(customers: readonly number[]): number[] {
    return this.#licensesOf.all({ numbers: JSON.stringify(customers) });
  }

  /** The customers of an order. */
  ofOrder({ marketplace, mode, order }: OrderName): number[] {
    const numbers = this.#licensesOfOrder
      .all({ marketplace, mode, order })
      .flatMap(({ customer }) => (customer === null ? [] : [customer]));
    return [...new Set(numbers)];
  }

  /**
   * The number of licenses whose customer was corrected or added: those of the order, and those of its subscription with
   * the same customer. Inside a transaction.
   */
  correct(name: OrderName, customer: Partial<Customer>): number {
    const { marketplace, mode, order } = name;
    const licenses = this.#licensesOfOrder.all({ marketplace, mode, order });
    const known = this.ofOrder(name).filter((number) => this.#customers.correct(number, customer));
    const unnamed = licenses.filter((license) => license.customer === null);
    const added =
      unnamed.length > 0 ? this.#customers.add({ name: customer.name, email: customer.email }) : null;
    if (added !== null) for (const { number } of unnamed) this.#name.run({ customer: added, number });
    return this.licensesOf(known).length + (added === null ? 0 : unnamed.length);
  }
}

/** True for customers whose name or address contains a text, in normalized spelling. */
export function mentionsPart(part: string): (row: PersonRow) => boolean {
  const wanted = normalizeAddress(part);
  return ({ name, email, buyer_name, buyer_email }) =>
    [name, email, buyer_name, buyer_email].some(
      (text) => text !== null && normalizeAddress(text).includes(wanted),
    );
}
