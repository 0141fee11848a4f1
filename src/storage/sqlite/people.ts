/** Customers: the only table with personal data. To be run inside a transaction. */
import type { Customer } from '../../domain/order.ts';
import type { Market } from './facts.ts';
import type { Issuing } from './issuing.ts';
import type { Connection } from './open.ts';

export class People {
  readonly #issuing: Issuing;
  readonly #unknown;
  readonly #known;
  readonly #licensesOf;
  readonly #erase;
  readonly #set;

  constructor(connection: Connection, issuing: Issuing) {
    this.#issuing = issuing;
    this.#unknown = connection
      .prepare<[string, string, string], number>(
        'SELECT number FROM license WHERE order_id = +? AND marketplace = +? AND mode = +? AND customer IS NULL',
      )
      .pluck();
    this.#known = connection
      .prepare<[string, string, string], number>(
        'SELECT customer FROM license WHERE order_id = +? AND marketplace = +? AND mode = +? AND customer IS NOT NULL LIMIT 1',
      )
      .pluck();
    this.#licensesOf = connection
      .prepare<[string], number>(
        'SELECT count(*) FROM license WHERE customer IN (SELECT number FROM customer WHERE email = +? COLLATE NOCASE)',
      )
      .pluck();
    this.#erase = connection.prepare(
      'UPDATE customer SET name = NULL, email = NULL WHERE email = ? COLLATE NOCASE',
    );
    this.#set = connection.prepare('UPDATE license SET customer = ? WHERE number = ?');
  }

  /** Names the customer of an order's licenses where nobody is named yet. One who was erased stays so. */
  fill(order: string, { marketplace, mode }: Market, customer: Customer): void {
    const licenses = this.#unknown.all(order, marketplace, mode);
    if (licenses.length === 0) return;
    // Also the other units of one who was erased meanwhile.
    const number = this.#known.get(order, marketplace, mode) ?? this.#issuing.recordCustomer(customer);
    for (const license of licenses) this.#set.run(number, license);
  }

  /** Removes a customer's name and e-mail; the row stays, so that it is known that there was one. Licenses concerned. */
  erase(email: string): number {
    const licenses = this.#licensesOf.get(email) ?? 0;
    this.#erase.run(email);
    return licenses;
  }
}
