/** Who holds licenses: names, looks up, corrects and erases customers. Reads are paged, writes come in small acts. */
import { normalizeAddress } from '../../domain/address.ts';
import type { Market } from '../../domain/changes.ts';
import type { Customer } from '../../domain/order.ts';
import type { CustomerRow } from '../record/rows.ts';
import type { Connection } from './connection.ts';
import type { Customers } from './customers.ts';
import { breathe, pagesOf } from './pages.ts';

/** Customers that SQLite looks at in one step. */
const RANGE = 20_000;

type PersonRow = Omit<CustomerRow, 'seal'>;

export class People {
  readonly #customers: Customers;
  readonly #ofOrder;
  readonly #ofAnyOrder;
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
      .prepare<[object], number>(`
        SELECT customer FROM license
        WHERE order_id = +$order AND marketplace = +$marketplace AND mode = +$mode AND customer IS NOT NULL LIMIT 1`)
      .pluck();
    this.#ofAnyOrder = connection.prepare<[string], { number: number; customer: number | null }>(
      'SELECT number, customer FROM license WHERE order_id = +?',
    );
    this.#name = connection.prepare('UPDATE license SET customer = $customer WHERE number = +$number');
    this.#page = connection.prepare<[number, number], PersonRow>(`
      SELECT number, name, email, buyer_name, buyer_email, erased FROM customer
      WHERE number > ? ORDER BY number LIMIT ?`);
    this.#byAddress = connection
      .prepare<[object], number>(`
        SELECT number FROM customer
        WHERE number > $after AND number <= $after + ${RANGE} AND (email_norm = $address OR buyer_norm = $address)`)
      .pluck();
    this.#byFormer = connection
      .prepare<[object], number>(`
        SELECT number FROM customer
        WHERE number > $after AND number <= $after + ${RANGE} AND former IS NOT NULL AND instr(former, $hash) > 0`)
      .pluck();
    this.#corrected = connection.prepare<
      [string],
      { email: string | null; order_id: string | null; subscription: string | null }
    >(`
      SELECT c.email, l.order_id, l.subscription
      FROM customer c LEFT JOIN license l ON l.customer = c.number
      WHERE c.number IN (SELECT value FROM json_each(?)) AND c.former IS NOT NULL`);
    this.#addresses = connection.prepare<[string], Pick<PersonRow, 'email' | 'buyer_email'>>(`
      SELECT email, buyer_email FROM customer WHERE number IN (SELECT value FROM json_each(?))`);
    this.#last = connection.prepare<[], number>('SELECT coalesce(max(number), 0) FROM customer').pluck();
    this.#licensesOf = connection
      .prepare<[string], number>(`
        SELECT l.number FROM json_each(+?) n CROSS JOIN license l ON l.customer = n.value ORDER BY l.number`)
      .pluck();
  }

  /** Keeps people beside the customer of an order's licenses. Inside a transaction. */
  addOthers(order: string, { marketplace, mode }: Market, others: readonly Customer[]): void {
    const customer = this.#ofOrder.get({ order, marketplace, mode });
    if (customer === undefined) return;
    for (const other of others) this.#customers.addOther(customer, other);
  }

  /** Customers by whatever is known of them. Their numbers. */
  async search(matches: (row: PersonRow) => boolean, most = Number.POSITIVE_INFINITY): Promise<number[]> {
    const found: number[] = [];
    for await (const rows of pagesOf((after, limit) => this.#page.all(after, limit))) {
      for (const row of rows) {
        if (!matches(row)) continue;
        found.push(row.number);
        if (found.length >= most) return found;
      }
    }
    return found;
  }

  /** Customers who have this address, however it is written. Their numbers. */
  async byAddress(email: string): Promise<number[]> {
    const address = normalizeAddress(email);
    return this.#inRanges((after) => this.#byAddress.all({ after, address }));
  }

  /** The same, and those who had this address before it was corrected. Their numbers. */
  async whoHad(email: string): Promise<number[]> {
    const hash = this.#customers.hashOf(email);
    const former = await this.#inRanges((after) => this.#byFormer.all({ after, hash }));
    return [...new Set([...(await this.byAddress(email)), ...former])];
  }

  async #inRanges(find: (after: number) => readonly number[]): Promise<number[]> {
    const last = this.#last.get() ?? 0;
    const found: number[] = [];
    for (let after = 0; after < last; after += RANGE) {
      found.push(...find(after));
      await breathe();
    }
    return found;
  }

  /**
   * What events may mention of those whose address was corrected, as the address of before is kept nowhere: their address
   * of now, their orders and their subscriptions.
   */
  tracesOf(customers: readonly number[]): string[] {
    const rows = this.#corrected.all(JSON.stringify(customers));
    const texts = rows.flatMap(({ email, order_id, subscription }) => [email, order_id, subscription]);
    return [...new Set(texts.filter((text) => text !== null))];
  }

  addressesOf(customers: readonly number[]): string[] {
    return this.#addresses
      .all(JSON.stringify(customers))
      .flatMap(({ email, buyer_email }) => [email, buyer_email].filter((address) => address !== null));
  }

  licensesOf(customers: readonly number[]): number[] {
    return this.#licensesOf.all(JSON.stringify(customers));
  }

  /** The customers of an order, of whatever marketplace. */
  ofOrder(order: string): number[] {
    const numbers = this.#ofAnyOrder
      .all(order)
      .flatMap(({ customer }) => (customer === null ? [] : [customer]));
    return [...new Set(numbers)];
  }

  /** How many licenses are concerned. Inside a transaction. */
  correct(order: string, customer: Partial<Customer>): number {
    const licenses = this.#ofAnyOrder.all(order);
    const known = this.ofOrder(order).filter((number) => this.#customers.correct(number, customer));
    const unnamed = licenses.filter((license) => license.customer === null);
    const { name, email } = customer;
    const added = unnamed.length > 0 ? this.#customers.add({ name, email }) : null;
    if (added !== null) for (const { number } of unnamed) this.#name.run({ customer: added, number });
    const named = licenses.filter((license) => license.customer !== null && known.includes(license.customer));
    return named.length + (added === null ? 0 : unnamed.length);
  }
}

/** True for those in whose name or address a text occurs, however it is written. */
export function mentionsPart(part: string): (row: PersonRow) => boolean {
  const wanted = normalizeAddress(part);
  return ({ name, email, buyer_name, buyer_email }) =>
    [name, email, buyer_name, buyer_email].some(
      (text) => text !== null && normalizeAddress(text).includes(wanted),
    );
}
